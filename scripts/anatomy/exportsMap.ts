/** What a package's manifest says about its public paths, compared with itself, its sources and its index. */

type Target = string | null | Readonly<Record<string, string>>

export interface Manifest {
  readonly exports: Readonly<Record<string, Target>>
  readonly publishConfig: { readonly exports: Readonly<Record<string, Target>> }
  /** The peers that a user may leave out. */
  readonly peerDependenciesMeta?: Readonly<Record<string, unknown>>
}

/** The condition that leads to the sources; it is not published. */
const condition = "@openretl/source"

const sourceOf = (target: Target | undefined): string | undefined =>
  typeof target === "object" ? target?.[condition] : undefined

const compiled = (source: string, extension: string): string =>
  source.replace(/^\.\/src\//, "./dist/").replace(/\.ts$/, extension)

/** What the published map has for a path. */
const published = (target: Target): Target =>
  typeof target === "object" && target !== null
    ? Object.fromEntries(Object.entries(target).filter(([name]) => name !== condition))
    : target

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * Problems of a map: the published map differs, a path leads to no source, or a path's compiled files are not those of its
 * source. `exists` says whether a path from the package, perhaps with a `*`, leads to a file.
 */
export const mapProblems = (
  { exports, publishConfig }: Manifest,
  exists: (path: string) => boolean,
): ReadonlyArray<string> => [
  ...Object.entries(exports).flatMap(([path, target]) => {
    const source = sourceOf(target)
    const expected = source !== undefined && {
      [condition]: source,
      types: compiled(source, ".d.ts"),
      default: compiled(source, ".js"),
    }
    return [
      ...(isEqual(publishConfig.exports[path], published(target)) ? [] : [`${path} differs in publishConfig.exports`]),
      ...(expected === false || isEqual(target, expected) ? [] : [`${path}: expected ${JSON.stringify(expected)}`]),
      ...(source === undefined || exists(source) ? [] : [`${path}: there is no ${source}`]),
    ]
  }),
  ...Object.keys(publishConfig.exports)
    .filter((path) => !(path in exports))
    .map((path) => `${path} is in publishConfig.exports only`),
]

/**
 * Problems of an index: its lines are `export * as Name from "./.../Name.ts"`, or `export { Name }`. Where the manifest
 * lists every path, the index exports exactly these modules, except for two kinds that users import by path: those under
 * `driver/`, which are for authors of adapters, and those that import an optional peer. `read` returns a module's text.
 */
export const indexProblems = (
  { exports, peerDependenciesMeta = {} }: Manifest,
  index: string,
  read: (path: string) => string,
): ReadonlyArray<string> => {
  const lines = index.split("\n").filter((line) => line !== "")
  const modules = lines.map((line) => {
    const [, name, path] =
      /^export (?:\* as (?=\w+ from)|\{ (?=\w+ \} from))(\w+) (?:\} )?from "(\.\/(?:[\w-]+\/)*\w+\.ts)"$/.exec(line) ??
      []
    return path?.endsWith(`/${name}.ts`) ? path.replace("./", "./src/") : undefined
  })
  const isListed = Object.entries(exports).every(([path, target]) => target === null || !path.includes("*"))
  const listed = Object.entries(exports)
    .filter(([path]) => path !== "." && !path.startsWith("./driver/"))
    .flatMap(([, target]) => sourceOf(target) ?? [])
  const needsOptionalPeer = (path: string) => {
    const text = read(path)
    return Object.keys(peerDependenciesMeta).some((peer) => text.includes(` from "${peer}`))
  }
  return [
    ...lines
      .filter((_, line) => modules[line] === undefined)
      .map((line) => `an index holds nothing but exports of a Name from "./Name.ts": ${line}`),
    ...(isListed ? modules : [])
      .filter((path) => path !== undefined && !listed.includes(path))
      .map((path) => `${path} is not a public path in package.json`),
    ...(isListed ? listed : [])
      .filter((path) => modules.includes(path) === needsOptionalPeer(path))
      .map((path) => (modules.includes(path) ? `${path} needs a peer that is optional` : `${path} is missing`)),
  ]
}
