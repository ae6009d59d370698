/** What the support table tries, and how. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { run } from "../command.ts"
import { nodes, type Project, typeScripts } from "./project.ts"

export interface Result {
  readonly what: string
  /** What it was tried with, as in `Node 24.21.0`. */
  readonly where: string
  readonly outcome: "works" | "fails" | "not tried"
  /** Why it fails or was not tried, in one line. */
  readonly note?: string
}

/** Where a served emulator answers, as the programs read it from `SUPPORT`. */
export interface Target {
  readonly url: string
  readonly token: string
  readonly connection: string
}

const expected = "complete, 100 rows"

const firstProblem = (output: string): string =>
  output
    .split("\n")
    .map((line) => line.trim())
    .find((line) => /error|cannot|not |unexpected/i.test(line))
    ?.slice(0, 160) ?? "it printed something else"

export const checksIn = ({ folder, write }: Project, target: Target) => {
  const require = createRequire(join(folder, "package.json"))
  const versionOf = (name: string): string => {
    const path = join(folder, "node_modules", name, "package.json")
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).version : "none"
  }

  /** Runs a program that prints what became of a run. */
  const prints = async (
    what: string,
    where: string,
    command: ReadonlyArray<string>,
    more: object = {},
    text = expected,
  ): Promise<Result> => {
    const env = { SUPPORT: JSON.stringify({ ...target, ...more }), NO_COLOR: "1", NODE_NO_WARNINGS: "1" }
    const { code, stdout, output } = await run(command, { cwd: folder, env, limit: 120 })
    const isRight = code === 0 && stdout.includes(text)
    return isRight ? { what, where, outcome: "works" } : { what, where, outcome: "fails", note: firstProblem(output) }
  }

  const missing = (what: string, where: string): Result => ({
    what,
    where,
    outcome: "not tried",
    note: `npm has no program for ${process.platform} ${process.arch}`,
  })

  const bin = (name: string) => join(folder, "node_modules", ".bin", name)

  /** The program of a runtime that npm brings: the first of these files of `node_modules`. */
  const programOf = (...paths: ReadonlyArray<string>): string | undefined =>
    paths.map((path) => join(folder, "node_modules", path)).find((path) => existsSync(path))

  const onNode = async (name: string): Promise<ReadonlyArray<Result>> => {
    const program = programOf(`${name}/bin/node`, `${name}/bin/node.exe`)
    const where = `Node ${versionOf(name)}`
    if (program === undefined) return [missing("ES modules, `require`, journal in SQLite", where)]
    return [
      await prints("ES modules", where, [program, "esm.mjs"]),
      await prints("`require`", where, [program, "require.cjs"]),
      await prints("journal in SQLite", where, [program, "esm.mjs"], { journal: `${name}.db` }),
      await prints(
        "command line",
        where,
        [program, "node_modules/@openretl/cli/dist/bin/openretl.js", "--version"],
        {},
        ".",
      ),
    ]
  }

  const { platform, arch } = process

  const onBun = async (): Promise<ReadonlyArray<Result>> => {
    const program = programOf(`@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}/bin/bun`, "bun/bin/bun.exe")
    const where = `Bun ${versionOf("bun")}`
    if (program === undefined) return [missing("ES modules, journal in SQLite", where)]
    return [
      await prints("ES modules", where, [program, "esm.mjs"]),
      await prints("`require`", where, [program, "require.cjs"]),
      await prints("journal in SQLite", where, [program, "esm.mjs"], { journal: "bun.db" }),
    ]
  }

  const onDeno = async (): Promise<ReadonlyArray<Result>> => {
    const program = programOf(`@deno/${platform}-${arch}-glibc/deno`, `@deno/${platform}-${arch}/deno`)
    const where = `Deno ${versionOf("deno")}`
    if (program === undefined) return [missing("ES modules, journal in SQLite", where)]
    const small = [program, "run", "--quiet", "--allow-env", "--allow-net=127.0.0.1", "--allow-sys=hostname"]
    const withFiles = [
      program,
      "run",
      "--quiet",
      "--allow-env",
      "--allow-net=127.0.0.1",
      "--allow-read",
      "--allow-write",
      "--allow-sys",
    ]
    return [
      await prints("ES modules, with `--allow-env --allow-net --allow-sys=hostname`", where, [...small, "esm.mjs"]),
      await prints(
        "journal in SQLite, with `--allow-read --allow-write --allow-sys` too",
        where,
        [...withFiles, "esm.mjs"],
        { journal: "deno.db" },
      ),
    ]
  }

  const bundle = (entry: string, outfile: string, ...options: ReadonlyArray<string>) =>
    run([bin("esbuild"), entry, "--bundle", "--format=esm", `--outfile=${outfile}`, "--log-level=error", ...options], {
      cwd: folder,
    })

  const onWorkerd = async (): Promise<Result> => {
    const where = `workerd ${versionOf("workerd")}`
    if (versionOf("miniflare") === "none") return missing("a bundle for workers", where)
    const built = await bundle("worker.mjs", "worker.bundle.mjs", "--platform=neutral", "--conditions=worker,browser")
    if (built.code !== 0)
      return { what: "a bundle for workers", where, outcome: "fails", note: firstProblem(built.output) }
    return prints("a bundle for workers, without Node's modules", where, ["node", "inWorkerd.mjs"])
  }

  /** A bundle for browsers is built and searched: no browser is started. */
  const forBrowsers = async (): Promise<Result> => {
    const what = "a bundle for browsers, without Node's modules"
    const where = `esbuild ${versionOf("esbuild")}`
    const { code, output } = await bundle("deliver.mjs", "browser.mjs", "--platform=browser", "--minify")
    if (code !== 0) return { what, where, outcome: "fails", note: firstProblem(output) }
    const text = readFileSync(join(folder, "browser.mjs"), "utf8")
    const imports = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, name = ""]) => name)
    return imports.some((name) => name.startsWith("node:"))
      ? { what, where, outcome: "fails", note: `the bundle imports ${imports.join(", ")}` }
      : { what, where, outcome: "works" }
  }

  const tests = async (): Promise<ReadonlyArray<Result>> => {
    write("vitest.config.mjs", 'export default { test: { globals: true, include: ["*.test.mjs"] } }\n')
    write("jest.esm.json", '{ "testMatch": ["**/*.test.mjs"], "testEnvironment": "node" }')
    write("jest.cjs.json", '{ "testMatch": ["**/*.test.cjs"], "testEnvironment": "node" }')
    const what = "a unit test with `FakeRuns`"
    const passes = async (what: string, where: string, command: ReadonlyArray<string>, env = {}): Promise<Result> => {
      const { code, output } = await run(command, { cwd: folder, env: { NO_COLOR: "1", ...env }, limit: 120 })
      return code === 0
        ? { what, where, outcome: "works" }
        : { what, where, outcome: "fails", note: firstProblem(output) }
    }
    const jest = `Jest ${versionOf("jest")}`
    const vitest = await passes(what, `vitest ${versionOf("vitest")}`, [bin("vitest"), "run"])
    if (versionOf("jest") === "none") return [vitest, missing(what, jest)]
    return [
      vitest,
      await passes(`${what}, ES modules (\`--experimental-vm-modules\`)`, jest, [
        "node",
        "--experimental-vm-modules",
        bin("jest"),
        "-c",
        "jest.esm.json",
      ]),
      {
        ...(await passes(`${what}, CommonJS`, jest, ["node", bin("jest"), "-c", "jest.cjs.json"])),
        note: "Jest loads no ES module from CommonJS, and these packages are ES modules",
      },
    ]
  }

  /** Imports every public module of every package, and with them all declarations of Effect that they need. */
  const typesProgram = (): string => {
    const modules = globSync("node_modules/@openretl/*/package.json", { cwd: folder }).flatMap((path) => {
      const { name, exports } = JSON.parse(readFileSync(join(folder, path), "utf8"))
      return Object.entries(exports).flatMap(([key, value]) =>
        typeof value !== "object" || value === null || key.includes("*") ? [] : [`${name}${key.slice(1)}`],
      )
    })
    const lines = modules.sort().map((name, index) => `export * as module${index} from "${name}"`)
    return `${lines.join("\n")}\n`
  }

  const compilerOptions = {
    nodenext: { module: "nodenext" },
    node20: { module: "node20" },
    bundler: { module: "esnext", moduleResolution: "bundler" },
  } as const

  const types = async (name: keyof typeof typeScripts): Promise<ReadonlyArray<Result>> => {
    write("types.ts", typesProgram())
    const tsc = require.resolve(`${name}/package.json`).replace("package.json", "bin/tsc")
    const results: Array<Result> = []
    for (const [resolution, options] of Object.entries(compilerOptions)) {
      const config = `tsconfig.${name}.${resolution}.json`
      const strict = {
        strict: true,
        noEmit: true,
        target: "es2022",
        lib: ["es2024", "dom"],
        types: ["node"],
        skipLibCheck: false,
      }
      write(config, JSON.stringify({ compilerOptions: { ...strict, ...options }, files: ["types.ts"] }))
      const where = `TypeScript ${versionOf(name)}`
      const what = `\`${resolution}\`, \`skipLibCheck: false\``
      if (resolution === "node20" && name === "typescript-5.8") {
        results.push({ what, where, outcome: "not tried", note: "TypeScript has it from 5.9 on" })
        continue
      }
      const { code, output } = await run(["node", tsc, "-p", config], { cwd: folder, limit: 300 })
      results.push(
        code === 0 ? { what, where, outcome: "works" } : { what, where, outcome: "fails", note: firstProblem(output) },
      )
    }
    return results
  }

  return {
    ...Object.fromEntries(Object.keys(nodes).map((name) => [name, () => onNode(name)])),
    ...Object.fromEntries(
      Object.keys(typeScripts).map((name) => [name, () => types(name as keyof typeof typeScripts)]),
    ),
    browser: async () => [await forBrowsers()],
    bun: onBun,
    deno: onDeno,
    workerd: async () => [await onWorkerd()],
    tests,
  } as Readonly<Record<string, () => Promise<ReadonlyArray<Result>>>>
}
