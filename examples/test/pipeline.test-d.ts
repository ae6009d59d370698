import type { Cancellation } from "@openretl/core/Cancellation"
import { Effect } from "effect"
import { describe, expectTypeOf, it } from "vitest"
import type { stopOrders, stopProfiles } from "../pipeline.ts"

declare const orders: ReturnType<typeof stopOrders>
declare const profiles: ReturnType<typeof stopProfiles>

describe("F1: what a vendor cannot do does not compile", () => {
  it("cancelling at RudderStack asks for nothing more", () => {
    expectTypeOf<Effect.Services<typeof orders>>().toEqualTypeOf<never>()
    Effect.runPromise(orders)
  })

  it("cancelling at Zeotap still asks for it", () => {
    expectTypeOf<Effect.Services<typeof profiles>>().toEqualTypeOf<Cancellation>()
    // @ts-expect-error Zeotap cannot cancel: Cancellation is still required
    Effect.runPromise(profiles)
  })
})
