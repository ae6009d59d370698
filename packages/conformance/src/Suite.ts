/**
 * The suite that every adapter passes.
 *
 * Each law in force that can be seen from outside is a test. What a workspace cannot do is read from the workspace: a
 * law that it rules out is skipped, with the reason in the report.
 */
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, it } from "vitest"
import type { Harness, VendorEmulator } from "./Harness.ts"
import * as Laws from "./Laws.ts"
import { verify } from "./Verify.ts"

/** Registers the tests of one adapter. Call it once, at the top of a test file. */
export const suite = <S extends Switches, E extends VendorEmulator>(harness: Harness<S, E>): void => {
  describe(`${harness.name} conforms`, () => {
    for (const law of Laws.of(harness.switches)) {
      it(
        `${law.ids}: ${law.title}`,
        async (context) => {
          const onVirtualTime = Effect.provide(verify(harness, law), TestClock.layer())
          const verdict = await Effect.runPromise(onVirtualTime, { signal: context.signal })
          if (verdict._tag === "Skipped") context.skip(verdict.reason)
        },
        timeout,
      )
    }
  })
}

/** Milliseconds of real time: no law needs a second of it, and a busy machine is no broken law. */
const timeout = 60_000
