import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { firstOfEach, form } from "../../../scripts/forms.ts"
import { harnessWith, inTwoRequests } from "./configurationHarness.ts"

const all = Laws.of().filter(({ ids }) => ids.split(", ").some((id) => /^A\d$/.test(id)))
const firsts = firstOfEach(all)

/** In the short form, the first of each law and all about the second request. */
const laws = all.filter((law) => form(firsts.includes(law) || law.title.includes("second request"), true))

describe("an adapter whose vendor needs two requests to make a sync conforms", () => {
  it.each(laws)("$ids: $title", async (law) => {
    const verdict = await Effect.runPromise(Effect.provide(verify(harnessWith(inTwoRequests), law), TestClock.layer()))
    const needsTwoRequests = law.ids === "A3" && law.title.startsWith("a create whose second request is")
    expect(verdict._tag === "Kept" || !needsTwoRequests, "a law about two requests is not skipped").toBe(true)
  })
})
