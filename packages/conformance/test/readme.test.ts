import { readFileSync } from "node:fs"
import { expect, it } from "vitest"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

it("the README's examples are files that the tests run", () => {
  const examples = [...read("../README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)
  expect(examples).toEqual(
    ["./example.test.ts", "./acmeAdministration.ts", "./acmeTarget.ts", "./journal/memory.ts"].map(read),
  )
})
