/**
 * Programs that tests start, as bundles in the cache: built once for the same sources, and at a place of their own, so that Node's
 * cache of compiled code has them from one test run to the next.
 */
import { createHash, randomUUID } from "node:crypto"
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { dirname, join, resolve } from "node:path"
import { type BuildOptions, build, version } from "esbuild"
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

/** A part of a package that reads a file beside itself, and that file. */
const beside: ReadonlyArray<readonly [RegExp, string]> = [
  [/@mswjs\/interceptors\/lib\/node\/source-\w+\.js$/, "llhttp/llhttp.wasm"],
]

/**
 * Returns the folder of the bundled programs: modules of JavaScript, each with the name of its source. `madeBy` is the module that
 * makes the options: functions among them are in no digest.
 */
export const bundles = async (name: string, options: BuildOptions, madeBy = ""): Promise<string> => {
  const text = JSON.stringify([version, options, madeBy === "" ? "" : readFileSync(madeBy, "utf8")])
  const list = join(folder, `${name}.json`)
  const inputs = readInputs(list)
  const known = inputs && digestOf(text, inputs)
  if (known !== undefined) {
    const place = join(folder, `${name}-${known}`)
    if (existsSync(place)) {
      utimesSync(place, new Date(), new Date())
      return place
    }
  }
  const outdir = join(folder, `${name}-${randomUUID()}`)
  mkdirSync(outdir, { recursive: true })
  writeFileSync(join(outdir, "package.json"), '{ "type": "module" }')
  const { metafile } = await build({ ...options, absWorkingDir: root, outdir, bundle: true, metafile: true })
  const built = Object.keys(metafile.inputs)
    .filter((path) => existsSync(resolve(root, path)))
    .sort()
  for (const [pattern, file] of beside) {
    const part = built.find((path) => pattern.test(path))
    if (part === undefined) continue
    mkdirSync(dirname(join(outdir, file)), { recursive: true })
    copyFileSync(resolve(root, dirname(part), file), join(outdir, file))
  }
  const place = join(folder, `${name}-${digestOf(text, built)}`)
  moveTo(outdir, place)
  writeFileSync(`${outdir}.json`, JSON.stringify(built))
  renameSync(`${outdir}.json`, list)
  removeOld(name)
  return place
}

/** Packages are CommonJS in part, and require the modules of Node. */
const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'

/** Returns the folder of programs that are bundled from the sources, with what they share in files of its own. */
export const bundledPrograms = (name: string, entryPoints: BuildOptions["entryPoints"], outbase: string) =>
  bundles(name, {
    ...{ entryPoints, outbase, splitting: true, platform: "node", format: "esm", logLevel: "error" },
    ...{ conditions: ["@openretl/source"], banner: { js: banner } },
  })
