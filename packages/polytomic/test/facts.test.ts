import { expect, it } from "@effect/vitest"
import * as Facts from "@openretl/conformance/Facts"
import { PolytomicSwitches } from "@openretl/emulator/PolytomicSwitches"
import * as PolytomicFacts from "../src/PolytomicFacts.ts"

it("the facts are well-formed, have their switches and probes, and none is live", () => {
  const problems = Facts.problems({
    vendor: "polytomic",
    facts: PolytomicFacts.facts,
    switches: PolytomicSwitches,
    confidence: ["documented", "seen-in-official-client", "assumed"],
    probe: /^GET \/api\/(?:syncs|me)/,
  })
  expect(problems).toEqual([])
})

it("T4: the vendor keeps the keys of triggers for the documented day", () => {
  expect(PolytomicFacts.description).toMatchObject({ keyedTrigger: true, keysKeptFor: "24 hours", limits: [] })
})
