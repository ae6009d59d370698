import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import * as PolytomicFacts from "../src/PolytomicFacts.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

it("the pages name only facts that exist", () => {
  const pages = read("../README.md") + read("../../../docs/vendors/polytomic.md")
  const ids = new Set(PolytomicFacts.facts.map(({ id }) => id))
  const named = [...pages.matchAll(/`(polytomic\/[a-z-]+)`/g)].map(([, id = ""]) => id)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((id) => !ids.has(id))).toEqual([])
})
