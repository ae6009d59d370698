/**
 * The suite that every store of a journal passes: the laws J of SPEC.md.
 *
 * Where the store's clock is Effect's, no real time passes. Where it is a machine's, the suite waits for leases of up to two
 * seconds: the one exception to the rule that tests do not sleep.
 */
import * as Effect from "effect/Effect"
import { describe, it } from "vitest"
import type { JournalHarness } from "./JournalHarness.ts"
import type { JournalLaw } from "./JournalLaw.ts"
import { all } from "./JournalLaws.ts"
import { verify } from "./JournalVerify.ts"

/** A store that this machine cannot examine, as where a server is missing. */
export interface Missing {
  /** The name of the store, for the report. */
  readonly name: string
  /** Why, in one sentence. */
  readonly impossible: string
}

/** Which laws to run. */
export interface Options {
  /** Whether to run a law: while you write a store, those that you are at. @default all laws */
  readonly only?: (law: JournalLaw) => boolean
}

/**
 * Registers the suite's tests of one store with vitest. Call it once, at the top of a test file. Where the store is
 * missing, each test is skipped with the reason.
 */
export const suite = (harness: JournalHarness | Missing, { only = () => true }: Options = {}): void => {
  describe(`${harness.name} is a store of a journal`, { concurrent: true }, () => {
    for (const law of all.filter(only)) {
      it(
        `${law.ids}: ${law.title}`,
        async (context) => {
          if ("impossible" in harness) return context.skip(harness.impossible)
          const verdict = await Effect.runPromise(verify(harness, law), { signal: context.signal })
          if (verdict._tag === "Skipped") context.skip(verdict.reason)
        },
        timeout,
      )
    }
  })
}

/** Milliseconds of real time. Most laws take less than a second; the rest is for a busy machine. */
const timeout = 120_000
