/**
 * Prints figures about the sources of this checkout, or of another one for comparison:
 *
 *     npm run figures [-- --root ../older-checkout]
 *
 * The tools are always those of this checkout.
 */
import { readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { parseArgs } from "node:util"
import { publicNames } from "./documented/publicNames.ts"
import { retiredWords, wordsIn } from "./figures/words.ts"
import { floors } from "./sources/floors.ts"
import { lint, type Violation } from "./sources/lint.ts"
import { filesIn, publishedIn, root as thisCheckout } from "./workspace.ts"

const { values } = parseArgs({ options: { root: { type: "string", default: thisCheckout } } })

const root = resolve(values.root)

const files = (pattern: string): ReadonlyArray<string> => filesIn(root, pattern)

const read = (path: string): string => readFileSync(join(root, path), "utf8")

const sources = files("packages/*/src/**/*.ts")

/** A circle is a set of files each of which imports all others, through any number of files. */
const circlesOf = (violations: ReadonlyArray<Violation>): ReadonlyArray<ReadonlyArray<string>> => {
  let circles: ReadonlyArray<ReadonlyArray<string>> = []
  for (const { message } of violations) {
    const path = [...message.matchAll(/\((packages\/[^)]*)\)/g)].map(([, file = ""]) => file)
    const overlaps = (circle: ReadonlyArray<string>): boolean => circle.some((file) => path.includes(file))
    const merged = new Set([...circles.filter(overlaps).flat(), ...path])
    circles = [...circles.filter((circle) => !overlaps(circle)), [...merged].sort()]
  }
  return circles.toSorted((left, right) => right.length - left.length)
}

const functionLength = ({ message }: Violation): number => Number(/too many lines \((\d+)\)/.exec(message)?.[1] ?? 0)

const linesOf = (pattern: string): number =>
  files(pattern).reduce((sum, path) => sum + read(path).trimEnd().split("\n").length, 0)

const floorOf = (folder: string): string => {
  const floor = floors.findIndex((folders) => folders.includes(folder))
  return floor < 0 ? "no floor" : `floor ${floor}`
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

const print = (title: string, rows: ReadonlyArray<readonly [value: string | number, name: string]>): void => {
  console.log(title)
  for (const [value, name] of rows) console.log(`${String(value).padStart(10)}  ${name}`)
  console.log("")
}

const report = await lint(root, `--config=${join(thisCheckout, "scripts/figures/oxlint.json")}`, "packages", "scripts")
const violations = report.filter(({ file }) => !/^packages\/[^/]+\/test\//.test(file))

const imports = violations.filter(({ rule }) => rule === "import/no-cycle")
const circles = circlesOf(imports)
print("Circles of imports in packages/*/src, types included", [
  [circles.length, "circles"],
  [circles.flat().length, "files in circles"],
  [imports.length, "imports in circles"],
  ...circles.map((circle) => [circle.length, `files, among them ${circle[0]}`] as const),
])

const functions = violations
  .filter(({ rule }) => rule === "max-lines-per-function")
  .map((violation) => ({ ...violation, length: functionLength(violation) }))
  .toSorted((left, right) => right.length - left.length)
const longest = Map.groupBy(functions, ({ file }) => file)
print(
  "Longest functions in packages/*/src and scripts, the longest of each file, in lines",
  [...longest].slice(0, 10).map(([file, [first]]) => [first?.length ?? 0, `${file}:${first?.line}`]),
)

const counted = ["packages/core/src", "packages/zeotap/src", "scripts"]
print(
  "Lines of TypeScript",
  counted.map((folder) => [linesOf(`${folder}/**/*.{ts,mjs}`), folder]),
)

const core = files("packages/core/src/**/*.ts").map((path) => relative("packages/core/src", path))
const folders = Map.groupBy(core, (path) => (dirname(path) === "." ? "." : (path.split("/")[0] ?? "")))
print(
  "Files of packages/core/src by folder and floor",
  [...folders]
    .map(([folder, paths]) => [paths.length, `${folder} (${floorOf(folder)})`] as const)
    .toSorted(([, left], [, right]) => left.localeCompare(right)),
)

const documented = publishedIn(root).map((name) => {
  const names = publicNames(root, join(root, "packages", name))
  return { name, exports: names.filter(({ kind }) => kind === "export") }
})
const all = { name: "all packages", exports: documented.flatMap(({ exports }) => exports) }
print(
  "Exports with a doc comment",
  [...documented, all].map(({ name, exports }) => [
    percent(exports.filter(({ isDocumented }) => isDocumented).length, exports.length),
    `${name}, of ${exports.length}`,
  ]),
)

const words = sources.flatMap((path) => wordsIn(read(path)))
const retired = retiredWords.map((word) => [words.filter((other) => other === word).length, word] as const)
print("Retired words in packages/*/src, in names and sentences", [
  ...retired,
  [retired.reduce((sum, [count]) => sum + count, 0), "together"],
])
