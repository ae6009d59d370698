/**
 * The files of a new adapter in a repository of its own. They are the worked example under another name, whose driver has
 * functions that are not written yet: its suite is red and says which.
 */
import { readFileSync } from "node:fs"

/** The names of a vendor. */
export interface Names {
  /** The vendor's short name, as in `acme-data`. */
  readonly vendor: string
  /** The name as types and titles have it, as in `AcmeData`. */
  readonly title: string
  /** The name as variables have it, as in `acmeData`. */
  readonly variable: string
}

/** Returns the names of a vendor, from its short name. */
export const namesOf = (vendor: string): Names => {
  const title = vendor.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return { vendor, title, variable: title.slice(0, 1).toLowerCase() + title.slice(1) }
}

const packageFile = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")

/** Returns a text of the example with the vendor's names. */
const renamed = (text: string, { vendor, title, variable }: Names): string =>
  text
    .replaceAll(/harborEmulator/g, `${variable}Emulator`)
    .replaceAll(/"\.\/harbor\.ts"/g, `"../src/${variable}.ts"`)
    .replaceAll(/`harbor(\.test|)\.ts`/g, (_, suffix: string) => `\`${variable}${suffix}.ts\``)
    .replaceAll(/api\.harbor\.example/g, `api.${vendor}.example`)
    .replaceAll(/"harbor/g, `"${vendor}`)
    .replaceAll(/Harbor/g, title)

/** The driver's functions that are left to write, with what each is to do. */
export const functions: Readonly<Record<string, string>> = {
  start: "Sends one request that starts a run, and returns the run's id.",
  get: "Reads one run.",
  list: "Reads one page of runs, newest first where the vendor offers a choice.",
  cancel: "Requests a cancel. Leave `cancellation` out where the vendor has none.",
  check: "Reads something small that shows that the token works or, with a sync, that it reaches that sync.",
}

/** Returns the adapter with functions that are not written yet. */
const unwritten = (adapter: string, { variable }: Names): string => {
  let text = adapter
  for (const [name, task] of Object.entries(functions)) {
    // A function ends where its indentation comes back.
    const pattern = new RegExp(`^( +)(${name}: \\(.*?\\)) => \\{\\n[\\s\\S]*?^\\1\\},$`, "m")
    if (!pattern.test(text)) throw new Error(`the worked example has no function ${name}`)
    text = text.replace(pattern, (_, indentation: string, head: string) =>
      [`${indentation}// ${task}`, `${indentation}${head} => unwritten("${name}"),`].join("\n"),
    )
  }
  const helper = [
    "/** Takes the place of a function that is not written yet. */",
    "const unwritten = (name: string): Effect.Effect<never> =>",
    `  Effect.die(new Error(\`\${name} of the driver is not written yet: src/${variable}.ts\`))`,
    "",
    "",
  ].join("\n")
  return text.replace("/** Makes the driver over a client.", (line) => `${helper}${line}`)
}

/** The header of an adapter that is to be written. */
const header = ({ title, variable }: Names): string => `/**
 * An adapter of ${title} that runs syncs.
 *
 * What is here is the worked example: change the ids, the schemas, the words, the classification, the description and the
 * address to ${title}'s, and write the functions of the driver. \`test/${variable}Emulator.ts\` emulates the vendor: change it by
 * the vendor's documents. \`npm test\` says what is left.
 */
`

/** What the packages depend on, by name and range. */
const versions = (): Readonly<Record<string, string>> => {
  const { version, peerDependencies } = JSON.parse(packageFile("package.json")) as {
    readonly version: string
    readonly peerDependencies: Readonly<Record<string, string>>
  }
  return { ...peerDependencies, openretl: `^${version}` }
}

/**
 * Returns the files of a new adapter, by path. With \`isWritten\`, the driver has the functions of the worked example, which
 * match the emulator as it is.
 */
export const filesOf = (names: Names, isWritten = false): Readonly<Record<string, string>> => {
  const { variable } = names
  const { openretl = "*", effect = "*", vitest = "*" } = versions()
  const adapter = renamed(packageFile("example/harbor.ts"), names).replace(/^\/\*\*[\s\S]*?\*\/\n/, () => header(names))
  return {
    "package.json": `${JSON.stringify(
      {
        name: `openretl-${names.vendor}`,
        version: "0.0.0",
        private: true,
        type: "module",
        scripts: { test: "vitest run", types: "tsc -p ." },
        peerDependencies: { "@openretl/core": openretl, effect },
        devDependencies: {
          "@openretl/conformance": openretl,
          "@openretl/core": openretl,
          "@openretl/emulator": openretl,
          effect,
          typescript: "*",
          vitest,
        },
      },
      undefined,
      2,
    )}\n`,
    "tsconfig.json": `${JSON.stringify(
      {
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: "es2024",
          lib: ["es2024", "dom", "dom.iterable"],
          module: "nodenext",
          exactOptionalPropertyTypes: true,
          allowImportingTsExtensions: true,
          skipLibCheck: true,
        },
        include: ["src", "test"],
      },
      undefined,
      2,
    )}\n`,
    [`src/${variable}.ts`]: isWritten ? adapter : unwritten(adapter, names),
    [`test/${variable}Emulator.ts`]: renamed(packageFile("example/harborEmulator.ts"), names),
    [`test/${variable}.test.ts`]: renamed(packageFile("example/harbor.test.ts"), names),
  }
}
