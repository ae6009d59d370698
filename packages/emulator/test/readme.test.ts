import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

it("the README's example is example.test.ts", () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(read("../README.md")) ?? []
  expect(example).toBe(read("./example.test.ts"))
})
