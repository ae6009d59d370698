import { expect, it } from "@effect/vitest"
import * as Facts from "@openretl/conformance/Facts"
import { FivetranActivationsSwitches } from "@openretl/emulator/FivetranActivationsSwitches"
import * as FivetranActivationsFacts from "../src/FivetranActivationsFacts.ts"

it("the facts are well-formed, have their switches and probes, and none is live", () => {
  const problems = Facts.problems({
    vendor: "fivetran-activations",
    facts: FivetranActivationsFacts.facts,
    switches: FivetranActivationsSwitches,
    confidence: ["documented", "seen-in-official-client", "assumed"],
    probe: /^GET \/api\/v2\/sync/,
  })
  expect(problems).toEqual([])
})

it("B1: no rate limit is documented, and none is made up", () => {
  expect(FivetranActivationsFacts.description.limits).toEqual([])
})
