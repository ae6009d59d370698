import * as Facts from "@openretl/conformance/Facts"
import { expect, it } from "vitest"

const fact = {
  id: "acme/list-order",
  claim: "Lists begin with the newest run.",
  confidence: "documented",
  source: "docs, Runs page (read 2026-11)",
  consequence: "The first page holds the last run.",
} as const

const other = { fact: "acme/other", values: ["a", "b"], default: "a", note: "Not documented." }

const registry: Facts.Registry = {
  vendor: "acme",
  facts: [fact],
  switches: {},
  confidence: ["documented", "assumed"],
  probe: /^GET \//,
}

it("a good registry has no problems", () => {
  const withSwitch = { ...fact, id: "acme/other", hasSwitch: true, probe: "GET /runs, twice" }
  expect(Facts.problems({ ...registry, facts: [fact, withSwitch], switches: { other } })).toEqual([])
})

it.each<readonly [string, Partial<Facts.Registry>]>([
  ['acme/List order: the id is not "acme/" with a name in kebab case', { facts: [{ ...fact, id: "acme/List order" }] }],
  ['list-order: the id is not "acme/" with a name in kebab case', { facts: [{ ...fact, id: "list-order" }] }],
  ["acme/list-order: the id is used twice", { facts: [fact, fact] }],
  ["acme/list-order: the source says nothing", { facts: [{ ...fact, source: "docs" }] }],
  ["acme/list-order: no fact can have confidence live", { facts: [{ ...fact, confidence: "live" }] }],
  ["acme/list-order: the probe does not begin as a read", { facts: [{ ...fact, probe: "POST /runs" }] }],
  ["acme/list-order: the emulator has no switch for it", { facts: [{ ...fact, hasSwitch: true }] }],
  ["acme/other: the emulator's switch is for no fact", { switches: { other } }],
])("a registry has the problem: %s", (problem, change) => {
  expect(Facts.problems({ ...registry, ...change })).toEqual([problem])
})

it("all problems of a registry are reported at once", () => {
  const facts = [{ ...fact, claim: "", probe: "" }]
  expect(Facts.problems({ ...registry, facts, switches: { other } })).toHaveLength(3)
})
