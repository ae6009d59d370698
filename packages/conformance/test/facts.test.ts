import * as Facts from "@openretl/conformance/Facts"
import { expect, it } from "vitest"

const fact = {
  id: "acme/list-order",
  claim: "Lists begin with the newest run.",
  confidence: "documented",
  source: "docs, Runs page (read 2026-11)",
  consequence: "The first page tells the last run.",
} as const

const other = { fact: "acme/other", values: ["a", "b"], default: "a", note: "Not known." }

const registry: Facts.Registry = {
  vendor: "acme",
  facts: [fact],
  switches: {},
  confidence: ["documented", "assumed"],
  probe: /^GET \//,
}

it("a registry in order has no problems", () => {
  const withSwitch = { ...fact, id: "acme/other", hasSwitch: true, probe: "GET /runs, twice" }
  expect(Facts.problems({ ...registry, facts: [fact, withSwitch], switches: { other } })).toEqual([])
})

it.each<readonly [Partial<Facts.Registry>, string]>([
  [{ facts: [{ ...fact, id: "acme/List order" }] }, "acme/List order: the id is not acme/ and a name in kebab case"],
  [{ facts: [{ ...fact, id: "list-order" }] }, "list-order: the id is not acme/ and a name in kebab case"],
  [{ facts: [fact, fact] }, "acme/list-order: is there twice"],
  [{ facts: [{ ...fact, source: "docs" }] }, "acme/list-order: says nothing in source"],
  [{ facts: [{ ...fact, confidence: "live" }] }, "acme/list-order: cannot be known to be live"],
  [{ facts: [{ ...fact, probe: "POST /runs" }] }, "acme/list-order: the probe does not begin as a read"],
  [{ facts: [{ ...fact, hasSwitch: true }] }, "acme/list-order: the emulator has no switch for it"],
  [{ switches: { other } }, "acme/other: the emulator's switch is for no fact"],
])("%j has one", (change, problem) => {
  expect(Facts.problems({ ...registry, ...change })).toEqual([problem])
})

it("all problems are told at once", () => {
  expect(Facts.problems({ ...registry, facts: [{ ...fact, claim: "", probe: "" }], switches: { other } })).toHaveLength(
    3,
  )
})
