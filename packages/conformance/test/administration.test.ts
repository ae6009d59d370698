import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import { RudderStackSwitches } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { firstOfEach } from "../../../scripts/forms.ts"
import { harness } from "./mutants.ts"

const { pairTaken, deletedPairRevived, connectionsList } = RudderStackSwitches
const all = Laws.of({ pairTaken, deletedPairRevived, connectionsList })
const laws = all.filter(({ setup }) => setup.configuration !== undefined)

describe("Acme with its administration conforms", () => {
  it.each(firstOfEach(laws))("$ids: $title", { timeout: 60_000 }, async (law) => {
    const verdict = await Effect.runPromise(Effect.provide(verify(harness, law), TestClock.layer()))
    expect(verdict).toBeDefined()
  })
})
