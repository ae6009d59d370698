import { expect, it } from "vitest"
import { publicNames } from "../documented/publicNames.ts"
import { inFolder, type Tree } from "./folder.ts"

const manifest = JSON.stringify({
  exports: {
    ".": { "@openretl/source": "./src/index.ts" },
    "./package.json": "./package.json",
    "./internal/*": null,
    "./*": { "@openretl/source": "./src/*.ts" },
  },
})

/** Names in these files of a package, as `name` or, without a doc comment, `name!`. */
const namesIn = (files: Tree): Promise<ReadonlyArray<string>> =>
  inFolder({ "package.json": manifest, "src/index.ts": "export {}", ...files }, (folder) =>
    publicNames(folder, folder)
      .map(({ name, isDocumented }) => (isDocumented ? name : `${name}!`))
      .sort(),
  )

it("each kind of export needs a comment", async () => {
  const code = (comment: string) =>
    `${comment}
     export interface I {}
     ${comment}
     export type T = string
     ${comment}
     export class C {}
     ${comment}
     export const c = 1
     ${comment}
     export function f() {}`
  expect(await namesIn({ "src/A.ts": code("") })).toEqual(["C!", "I!", "T!", "c!", "f!"])
  expect(await namesIn({ "src/A.ts": code("// not a doc comment") })).toEqual(["C!", "I!", "T!", "c!", "f!"])
  expect(await namesIn({ "src/A.ts": code("/** What it is. */") })).toEqual(["C", "I", "T", "c", "f"])
})

it("a type and a value of one name need one comment", async () => {
  expect(await namesIn({ "src/A.ts": "/** What it is. */\nexport type A = string\nexport const A = 1" })).toEqual(["A"])
})

it("a re-export needs no comment, what it leads to does", async () => {
  const files = {
    "src/index.ts": 'export * as A from "./A.ts"\nexport { b as c } from "./internal/b.ts"',
    "src/A.ts": '/** What it is. */\nexport const a = 1\nexport * from "./internal/d.ts"',
    "src/internal/b.ts": "export const b = 1\nexport const hidden = 1",
    "src/internal/d.ts": "export const d = 1",
  }
  expect(await namesIn(files)).toEqual(["a", "b!", "d!"])
})

it("a name of another package needs no comment here", async () => {
  expect(await namesIn({ "src/A.ts": 'export { Sync } from "@openretl/core/Sync"' })).toEqual([])
})

it("functions and optional fields need a comment, other members do not", async () => {
  const code = `
    /** What it is. */
    export interface I { readonly plain: string; readonly optional?: string; readonly send: () => void; method(): void }
    /** What it is. */
    export type T = { readonly kind: "a"; readonly more?: string } | { readonly kind: "b" }
    /** What it is. */
    export class C { private hidden() {} override same() {} own() {} get plain() { return 1 } }`
  expect(await namesIn({ "src/A.ts": code })).toEqual([
    "C",
    "C.own!",
    "I",
    "I.method!",
    "I.optional!",
    "I.send!",
    "T",
    "T.more!",
  ])
})
