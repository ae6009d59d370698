/**
 * The suite that every adapter passes.
 *
 * Each law in force whose effect can be seen from outside is a test. A law that the workspace's capabilities rule out
 * is skipped, with the reason in the report.
 */
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, it } from "vitest"
import type { Harness, VendorEmulator } from "./Harness.ts"
import type { Law } from "./Law.ts"
import * as Laws from "./Laws.ts"
import { verify } from "./Verify.ts"

/** Which laws to run. */
export interface Options {
  /** Whether to run a law: while you write an adapter, those that you are at. @default all laws */
  readonly only?: (law: Law) => boolean
}

/** Registers the suite's tests of one adapter with vitest. Call it once, at the top of a test file. */
export const suite = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  { only = () => true }: Options = {},
): void => {
  describe(`${harness.name} conforms`, () => {
    for (const law of Laws.of(harness.switches).filter(only)) {
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

/** Milliseconds of real time. A law takes less than a second; the rest is for a busy machine. */
const timeout = 60_000
