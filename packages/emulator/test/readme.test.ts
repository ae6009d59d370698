import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

it("the README's example is the one that runs", () => {
  const [, actual] = /```ts\n([\s\S]*?)```/.exec(read("../README.md")) ?? []
  expect(actual).toBe(read("./example.test.ts"))
})
