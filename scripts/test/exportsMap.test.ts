import { expect, it } from "vitest"
import { indexProblems, type Manifest, mapProblems } from "../anatomy/exportsMap.ts"

const compiled = (name: string) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` })
const target = (name: string) => ({ "@openretl/source": `./src/${name}.ts`, ...compiled(name) })

const noPeer = () => ""

const manifest: Manifest = {
  exports: {
    ".": target("index"),
    "./package.json": "./package.json",
    "./internal/*": null,
    "./Run": target("model/Run"),
    "./driver/Run": target("model/driver/Run"),
  },
  publishConfig: {
    exports: {
      ".": compiled("index"),
      "./package.json": "./package.json",
      "./internal/*": null,
      "./Run": compiled("model/Run"),
      "./driver/Run": compiled("model/driver/Run"),
    },
  },
}

const withPath = (path: string, source: Manifest["exports"][string], published: Manifest["exports"][string]) => ({
  exports: { ...manifest.exports, [path]: source },
  publishConfig: { exports: { ...manifest.publishConfig.exports, [path]: published } },
})

it("a map that agrees with its sources has no problem", () => {
  expect(mapProblems(manifest, () => true)).toEqual([])
})

it.each([
  ["another published path", withPath("./Sync", target("Sync"), compiled("Syncs")), "./Sync differs"],
  ["the source condition published", withPath("./Sync", target("Sync"), target("Sync")), "./Sync differs"],
  [
    "compiled files of another source",
    withPath("./Sync", { ...target("Sync"), ...compiled("Run") }, compiled("Run")),
    "./Sync: expected",
  ],
  ["a published path of its own", { ...manifest, exports: {} }, "./Run is in publishConfig.exports only"],
])("a map is refused for %s", (_, changed, problem) => {
  expect(mapProblems(changed, () => true)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]))
})

it("a path leads to a source", () => {
  expect(mapProblems(manifest, (path) => path !== "./src/model/Run.ts")).toEqual([
    "./Run: there is no ./src/model/Run.ts",
  ])
})

it("an index exports the listed modules, those for authors of adapters aside", () => {
  expect(indexProblems(manifest, 'export * as Run from "./model/Run.ts"\n', noPeer)).toEqual([])
})

it("an index leaves out what imports an optional peer", () => {
  const optional: Manifest = { ...manifest, peerDependenciesMeta: { undici: { optional: true } } }
  const read = () => 'import { request } from "undici"\n'
  expect(indexProblems(optional, "", read)).toEqual([])
  expect(indexProblems(optional, 'export * as Run from "./model/Run.ts"\n', read)).toEqual([
    "./src/model/Run.ts needs a peer that is optional",
  ])
  expect(indexProblems(optional, "", noPeer)).toEqual(["./src/model/Run.ts is missing"])
})

it.each([
  ["a missing module", "", "./src/model/Run.ts is missing"],
  ["a module that is not public", 'export * as Sync from "./Sync.ts"', "./src/Sync.ts is not a public path"],
  ["another name than the file's", 'export * as Runs from "./model/Run.ts"', "an index holds nothing but"],
  ["code", "export const a = 1", "an index holds nothing but"],
])("an index is refused for %s", (_, index, problem) => {
  expect(indexProblems(manifest, index, noPeer)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]))
})

it("an index of a package whose paths are a pattern exports what it likes", () => {
  const pattern = withPath("./*", target("*"), compiled("*"))
  expect(indexProblems(pattern, 'export { Sync } from "./Sync.ts"\n', noPeer)).toEqual([])
})
