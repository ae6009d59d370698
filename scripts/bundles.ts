/**
 * Programs that tests start, as bundles in the cache: built once for the same sources, and at a place of their own, so that Node's
 * cache of compiled code has them from one test run to the next.
 */
import { createHash, randomUUID } from "node:crypto"
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { type BuildOptions, build, type Metafile, version } from "esbuild"
import { cache, root } from "./workspace.ts"

const folder = join(cache, "bundles")

/** What decides where imports lead, besides the files that are bundled. */
const manifests = ["pnpm-lock.yaml", "packages/*/package.json", "examples/package.json", "docs/package.json"]

/** Returns the digest of the contents of these files, and of the text; `undefined` where one is gone. */
const digestOf = (text: string, paths: ReadonlyArray<string>): string | undefined => {
  const hash = createHash("sha256").update(text)
  for (const path of [...paths, ...globSync(manifests, { cwd: root }).sort()]) {
    const file = resolve(root, path)
    if (!existsSync(file)) return undefined
    hash.update(`\0${path}\0`).update(readFileSync(file))
  }
  return hash.digest("hex").slice(0, 20)
}

const readInputs = (file: string): ReadonlyArray<string> | undefined => {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch {
    return undefined
  }
}

/** Moves to a place that another process may fill at the same time, with the same content. */
const moveTo = (from: string, to: string): void => {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!existsSync(to)) throw error
    rmSync(from, { recursive: true, force: true })
  }
}

const day = 86_400_000

/** Removes the bundles of other sources that no test run has used for a day. */
const removeOld = (name: string): void => {
  for (const entry of globSync(`${name}-*`, { cwd: folder })) {
    const path = join(folder, entry)
    const { mtimeMs = Number.POSITIVE_INFINITY } = statSync(path, { throwIfNoEntry: false }) ?? {}
    if (Date.now() - mtimeMs > day) rmSync(path, { recursive: true, force: true })
  }
}

/** What is bundled, and how. */
export interface Bundling {
  readonly name: string
  readonly options: BuildOptions
  /** The module that makes the options: functions among them are in no digest. */
  readonly madeBy: string
  /** Adds files to the folder. */
  readonly finish?: (folder: string, metafile: Metafile) => void
}

/** Returns the folder of the bundled programs, each at the path of its source. */
export const bundle = async ({ name, options, madeBy, finish }: Bundling): Promise<string> => {
  const text = JSON.stringify([
    version,
    options,
    readFileSync(import.meta.filename, "utf8"),
    readFileSync(madeBy, "utf8"),
  ])
  const list = join(folder, `${name}.json`)
  const known = readInputs(list)
  const digest = known && digestOf(text, known)
  if (digest !== undefined) {
    const place = join(folder, `${name}-${digest}`)
    if (existsSync(place)) {
      utimesSync(place, new Date(), new Date())
      return place
    }
  }
  const outdir = join(folder, `${name}-${randomUUID()}`)
  mkdirSync(outdir, { recursive: true })
  writeFileSync(join(outdir, "package.json"), '{ "type": "module" }')
  const { metafile } = await build({ ...options, absWorkingDir: root, outdir, bundle: true, metafile: true })
  finish?.(outdir, metafile)
  const inputs = Object.keys(metafile.inputs).filter((path) => existsSync(resolve(root, path)))
  const place = join(folder, `${name}-${digestOf(text, inputs)}`)
  moveTo(outdir, place)
  writeFileSync(`${outdir}.json`, JSON.stringify(inputs))
  renameSync(`${outdir}.json`, list)
  removeOld(name)
  return place
}

/** The programs that several tests start, or that start themselves. */
const programs = [
  "examples/*.ts",
  "examples/servers/*.ts",
  "examples/support/step.ts",
  "docs/programs/{nightly,nightly-telemetry,fleet-layer,on-call}.ts",
  "docs/test/support/reroute.ts",
  "packages/crash/src/worker.ts",
  "packages/emulator/src/internal/command/main.ts",
  "packages/journal-sql/src/{Sqlite,Postgres}Journal.ts",
]

/** What core imports by a name that it computes: the bundled modules stand where Node finds that name. */
const addJournals = (outdir: string): void => {
  const names = ["SqliteJournal", "PostgresJournal"]
  const place = join(outdir, "node_modules/@openretl/journal-sql")
  mkdirSync(place, { recursive: true })
  const exports = Object.fromEntries(names.map((name) => [`./${name}`, `./${name}.js`]))
  writeFileSync(join(place, "package.json"), JSON.stringify({ type: "module", exports }))
  for (const name of names) {
    writeFileSync(join(place, `${name}.js`), `export * from "../../../packages/journal-sql/src/${name}.js"\n`)
  }
}

/** A program that starts another one names its source. */
const addNamesOfSources = (outdir: string, { outputs }: Metafile): void => {
  for (const { entryPoint } of Object.values(outputs)) {
    if (entryPoint !== undefined) symlinkSync(basename(entryPoint).replace(/\.ts$/, ".js"), join(outdir, entryPoint))
  }
}

/** A part of `msw` reads a file beside itself. */
const addMsw = (outdir: string, { inputs }: Metafile): void => {
  const part = Object.keys(inputs).find((path) => /@mswjs\/interceptors\/lib\/node\/source-[\w-]+\.js$/.test(path))
  if (part !== undefined) cpSync(resolve(root, dirname(part), "llhttp"), join(outdir, "llhttp"), { recursive: true })
}

/** Packages are CommonJS in part, and require the modules of Node. */
const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'

let bundled: Promise<string> | undefined

/** Returns the file of a program that is bundled from the sources: it starts in a half to a quarter of the time. */
export const bundledProgram = async (path: string): Promise<string> => {
  bundled ??= bundle({
    name: "programs",
    options: {
      ...{ entryPoints: globSync(programs, { cwd: root }).sort(), outbase: root },
      ...{ splitting: true, platform: "node", format: "esm", logLevel: "error" },
      ...{ conditions: ["@openretl/source"], banner: { js: banner } },
    },
    madeBy: import.meta.filename,
    finish: (outdir, metafile) => {
      addJournals(outdir)
      addNamesOfSources(outdir, metafile)
      addMsw(outdir, metafile)
    },
  })
  return join(await bundled, path.replace(/\.ts$/, ".js"))
}
