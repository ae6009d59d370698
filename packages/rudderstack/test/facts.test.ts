import { expect, it } from "@effect/vitest"
import * as Facts from "@openretl/conformance/Facts"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import * as RudderStackFacts from "../src/RudderStackFacts.ts"

it("the facts are complete, have their switches in the emulator, are probed by reads, and none is live", () => {
  const problems = Facts.problems({
    vendor: "rudderstack",
    facts: RudderStackFacts.facts,
    switches: RudderStackSwitches,
    confidence: ["documented", "seen-in-official-client", "assumed"],
    probe: /^(?:GET \/v2\/|Read )/,
  })
  expect(problems).toEqual([])
})
