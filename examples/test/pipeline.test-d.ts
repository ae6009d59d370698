import type { Cancellation } from "@openretl/core/Cancellation"
import { Effect } from "effect"
import { describe, expectTypeOf, it } from "vitest"
import type { cancelOrders, cancelProfiles } from "../pipeline.ts"

declare const orders: ReturnType<typeof cancelOrders>
declare const profiles: ReturnType<typeof cancelProfiles>

describe("F1: what a vendor cannot do does not compile", () => {
  it("a cancel at RudderStack requires nothing more", () => {
    expectTypeOf<Effect.Services<typeof orders>>().toEqualTypeOf<never>()
    Effect.runPromise(orders)
  })

  it("a cancel at Zeotap requires a service that Zeotap lacks", () => {
    expectTypeOf<Effect.Services<typeof profiles>>().toEqualTypeOf<Cancellation>()
    // @ts-expect-error Zeotap cannot cancel, so Cancellation is still required
    Effect.runPromise(profiles)
  })
})
