/** Where things are: the packages of this workspace and what each of them is. */
import { globSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { adapterFolders } from "./adapters.ts"

export const root = resolve(import.meta.dirname, "..")

/** Packages that run in users' programs, on any platform. */
export const libraries = ["core", ...adapterFolders]

/** Packages that run in users' programs, on Node: stores of a journal, a transport, and the command line. */
export const forNode = ["journal-sql", "undici", "cli"]

/** Packages that run in users' tests. */
export const testing = ["conformance", "emulator"]

/** The published packages. Folders of `packages/` with `"private": true` are not among them. */
export const packages = [...libraries, ...forNode, ...testing]

/** What the checks keep between runs; never in git. */
export const cache = join(root, "node_modules", ".cache", "openretl")

/** Where `pack.ts` puts the tarballs. */
export const packed = join(cache, "packed")

/** The path of a package's tarball. */
export const tarballOf = (name: string): string => {
  const file = readdirSync(packed).find((file) => file.startsWith(`openretl-${name}-`))
  if (file === undefined) throw new Error(`${packed} has no tarball of ${name}: run scripts/pack.ts first`)
  return join(packed, file)
}

export const read = (path: string): string => readFileSync(resolve(root, path), "utf8")

/** The version of a dependency in the catalog of this workspace. */
export const catalogVersion = (name: string): string => {
  const [, versions = ""] = read("pnpm-workspace.yaml").split("\ncatalog:\n")
  const [, version] = new RegExp(`^  "?${name}"?: (\\S+)$`, "m").exec(versions) ?? []
  if (version === undefined) throw new Error(`pnpm-workspace.yaml: the catalog has no ${name}`)
  return version
}

/** Files below a folder that match, as paths from the folder with forward slashes, sorted. */
export const filesIn = (folder: string, ...patterns: ReadonlyArray<string>): ReadonlyArray<string> =>
  globSync([...patterns], { cwd: folder, exclude: (name) => /(^|[\\/])(node_modules|dist)$/.test(name) })
    .map((path) => path.replaceAll("\\", "/"))
    .sort()

/** Files of this workspace that match, as paths from the root. */
export const files = (...patterns: ReadonlyArray<string>): ReadonlyArray<string> => filesIn(root, ...patterns)

/** Folders of `packages/` that are published from a checkout. */
export const publishedIn = (checkout: string): ReadonlyArray<string> =>
  filesIn(checkout, "packages/*/package.json")
    .filter((path) => JSON.parse(readFileSync(join(checkout, path), "utf8")).private !== true)
    .map((path) => path.split("/")[1] ?? "")

/** Files that the last build of a package wrote, as paths from the root. */
export const builtFiles = (name: string): ReadonlyArray<string> =>
  globSync(`packages/${name}/dist/**/*.{js,d.ts,map}`, { cwd: root }).map((path) => path.replaceAll("\\", "/"))
