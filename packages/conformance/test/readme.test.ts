import { readFileSync } from "node:fs"
import { expect, it } from "vitest"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

it("the README's examples are the ones that run", () => {
  const shown = [...read("../README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)
  expect(shown).toEqual([read("./example.test.ts"), read("./acmeTarget.ts")])
})
