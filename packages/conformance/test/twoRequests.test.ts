import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { twoRequests } from "./configurationMutants.ts"

const laws = Laws.of().filter(({ ids }) => ids.split(", ").some((id) => /^A\d$/.test(id)))

describe("an adapter whose vendor needs two requests to make a sync conforms", () => {
  it.each(laws)("$ids: $title", async (law) => {
    const verdict = await Effect.runPromise(Effect.provide(verify(twoRequests, law), TestClock.layer()))
    const isOfTwo = law.ids === "A3" && law.title.startsWith("the second request of a create")
    expect(verdict._tag === "Held" || !isOfTwo, "what is about two requests is not skipped").toBe(true)
  })
})
