/** Expects that no request went over a rate limit of the vendor. */
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { VendorEmulator } from "../Harness.ts"

/** Dies where requests went over a rate limit, and says what to look at. */
export const expectWithinLimits = ({ emulator }: { readonly emulator: VendorEmulator }): Effect.Effect<void> =>
  Effect.map(emulator.overLimit, (over) => {
    if (over > 0) {
      expect.fail(
        `B1: ${over} requests went over a rate limit: \`limits\` of the description allow more than the vendor, or the adapter sends more than one request per call`,
      )
    }
  })
