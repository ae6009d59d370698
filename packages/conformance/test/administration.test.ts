import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import { RudderStackSwitches } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { third } from "../../../scripts/forms.ts"
import { harness } from "./mutants.ts"

const { pairTaken, deletedPairRevived, connectionsList } = RudderStackSwitches
const all = Laws.of({ pairTaken, deletedPairRevived, connectionsList })
const laws = all.filter(({ setup }) => setup.configuration !== undefined)

describe("Acme with its administration conforms", () => {
  it.each(third(laws.map((each) => ({ law: each.ids, title: each.title, each }))))(
    "$law: $title",
    { timeout: 60_000 },
    async ({ each }) => {
      const verdict = await Effect.runPromise(Effect.provide(verify(harness, each), TestClock.layer()))
      expect(verdict).toBeDefined()
    },
  )
})
