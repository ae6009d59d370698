import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { lint } from "../sources/lint.ts"
import { root } from "../workspace.ts"
import { inFolder, type Tree } from "./folder.ts"

const config = `export { default } from ${JSON.stringify(join(root, "oxlint.config.ts"))}\n`

/** `file rule` of each violation in these files, under this project's configuration. */
const violationsIn = (tree: Tree): Promise<ReadonlyArray<string>> =>
  inFolder({ "oxlint.config.ts": config, ...tree }, async (folder) =>
    (await lint(folder)).map(({ file, rule }) => `${file} ${rule}`).sort(),
  )

const clean: Tree = {
  "packages/core/src/model/Sync.ts": "export interface Sync {\n  readonly id: string\n}\n",
  "packages/core/src/http/Page.ts": `
    import type { Sync } from "../model/Sync.ts"
    export type Page = ReadonlyArray<Sync>`,
  "packages/core/src/journal/entry.ts": `
    import type { Page } from "../http/Page.ts"
    export type Entry = Page`,
  "packages/core/src/engine/poll/look.ts": `
    import type { Page } from "../../http/Page.ts"
    import type { Sync } from "../../model/Sync.ts"
    export type Look = Page | Sync`,
  "packages/core/src/move/row.ts": `
    import type { Runs } from "../Runs.ts"
    export type Row = Runs`,
  "packages/core/src/Runs.ts": `
    import * as Effect from "effect/Effect"
    import type { Look } from "./engine/poll/look.ts"
    export type Runs = Look
    export const at = (milliseconds: number) => Effect.succeed(new Date(milliseconds))`,
  "packages/core/test/runs.test.ts": `
    import { it } from "@effect/vitest"
    import { Effect } from "effect"
    it.effect("runs", () => Effect.void)`,
}

it("a clean tree passes", async () => {
  expect(await violationsIn(clean)).toEqual([])
})

describe("floors of core", async () => {
  const imports = [
    ["model", "../http/b.ts"],
    ["model", "../Runs.ts"],
    ["model/schedule", "../../journal/b.ts"],
    ["http", "../driver/b.ts"],
    ["journal", "../engine/poll/b.ts"],
    ["driver", "../move/b.ts"],
    ["engine", "../Workspace.ts"],
    ["engine/poll", "../../Workspace.ts"],
    ["engine/poll/look", "../../../move/b.ts"],
    ["engine/trigger", "@openretl/core/Workspace"],
  ] as const
  const forms = (specifier: string): Tree => ({
    "value.ts": `import { b } from "${specifier}"\nexport const a = b`,
    "type.ts": `import type { B } from "${specifier}"\nexport type A = B`,
    "export.ts": `export type { B } from "${specifier}"`,
    "all.ts": `export * from "${specifier}"`,
  })
  const trees = imports.map(([folder, specifier], index) =>
    Object.entries(forms(specifier)).map(
      ([name, text]) => [`packages/core/src/${folder}/${index}${name}`, text] as const,
    ),
  )
  const violations = await violationsIn({ ...clean, ...Object.fromEntries(trees.flat()) })

  it.each(imports.map(([folder, specifier], index) => ({ folder, specifier, index })))(
    "$folder does not import $specifier",
    ({ index }) => {
      const expected = (trees[index] ?? []).map(([path]) => `${path} no-restricted-imports`)
      expect(violations).toEqual(expect.arrayContaining(expected))
    },
  )

  it("nothing else is reported", () => {
    expect(violations).toHaveLength(trees.flat().length)
  })
})

describe("circles", async () => {
  const folders = ["core/src/model", "segment/src", "emulator/src", "conformance/src"]
  const tree = Object.fromEntries(
    folders.flatMap((folder) => [
      [`packages/${folder}/A.ts`, 'import type { B } from "./B.ts"\nexport type A = { readonly b: B }'],
      [`packages/${folder}/B.ts`, 'import type { A } from "./A.ts"\nexport type B = { readonly a: A }'],
    ]),
  )
  const violations = await violationsIn(tree)

  it.each(folders)("a circle of types in %s is reported in each of its files", (folder) => {
    for (const name of ["A", "B"]) expect(violations).toContain(`packages/${folder}/${name}.ts import/no-cycle`)
  })
})

describe("words and calls", async () => {
  const core = "packages/core/src/model"
  const library = "packages/zeotap/src"
  const testing = "packages/emulator/src"
  const tests = "packages/core/test"
  const restricted = [
    [library, 'import { Effect } from "effect"\nexport const a = Effect.void', "no-restricted-imports"],
    [library, 'import { join } from "node:path"\nexport const a = join', "import/no-nodejs-modules"],
    [library, 'export type A = import("./b.ts").B', "typescript/consistent-type-imports"],
    [core, 'export const a = () => import("./b.ts")', "syntax/no-restricted-syntax"],
    [
      core,
      'import * as Effect from "effect/Effect"\nexport const a = Effect.logInfo("a")',
      "syntax/no-restricted-syntax",
    ],
    [testing, "export const a = () => Date.now()", "no-restricted-properties"],
    [testing, "export const a = () => new Date()", "syntax/no-restricted-syntax"],
    [testing, "export const a = () => performance.now()", "no-restricted-globals"],
    [testing, "export const a = () => Math.random()", "no-restricted-properties"],
    [testing, "export const a = () => setTimeout(() => {}, 1)", "no-restricted-globals"],
    [testing, "export const a = () => globalThis.setTimeout(() => {}, 1)", "no-restricted-properties"],
    [testing, "export const a = process.env", "no-restricted-globals"],
    [testing, "export const a = () => console.log(1)", "no-console"],
    [testing, "export const a = 1 as unknown as string", "syntax/no-restricted-syntax"],
    [testing, "// @ts-expect-error wrong\nexport const a: string = 1", "typescript/ban-ts-comment"],
    [testing, "// TODO later\nexport const a = 1", "no-warning-comments"],
    [testing, "export {}\n".repeat(401), "max-lines"],
    [tests, 'import { it } from "@effect/vitest"\nit.skip("a", () => {})', "vitest/no-disabled-tests"],
    [tests, 'import { it } from "@effect/vitest"\nit.effect.skip("a", f)', "no-restricted-properties"],
    [tests, 'import { it } from "@effect/vitest"\nit.effect.only("a", f)', "no-restricted-properties"],
    [tests, 'import { it } from "@effect/vitest"\nit.todo("a")', "no-restricted-properties"],
    [tests, 'import { Zeotap } from "@openretl/zeotap"\nexport const a = Zeotap', "no-restricted-imports"],
  ] as const
  const rows = restricted.map(([folder, text, rule], index) => ({ path: `${folder}/a${index}.ts`, text, rule }))
  const violations = await violationsIn(Object.fromEntries(rows.map(({ path, text }) => [path, text])))

  it.each(rows)("$rule reports $text", ({ path, rule }) => {
    expect(violations).toContain(`${path} ${rule}`)
  })
})
