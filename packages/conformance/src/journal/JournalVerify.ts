/** Checks one law against one store. */
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import type { JournalHarness } from "./JournalHarness.ts"
import { type JournalLaw, Skipped } from "./JournalLaw.ts"

/** What came of checking a law: it held, or it does not apply to this store. */
export type Verdict = { readonly _tag: "Held" } | { readonly _tag: "Skipped"; readonly reason: string }

/**
 * Checks a law in a new place. Returns a verdict where the law holds or does not apply; a failure or a defect means that
 * the store breaks the law.
 */
export const verify = (harness: JournalHarness, law: JournalLaw): Effect.Effect<Verdict, unknown> => {
  const checked = Effect.gen(function* () {
    const place = yield* harness.place
    const pass = harness.time === "virtual" ? TestClock.adjust : Effect.sleep
    yield* law.check({ open: place.open, place, time: harness.time, pass })
    return { _tag: "Held" } as const
  }).pipe(
    Effect.catchIf(isSkipped, ({ reason }) => Effect.succeed({ _tag: "Skipped", reason } as const)),
    Effect.scoped,
  )
  return harness.time === "virtual" ? Effect.provide(checked, TestClock.layer()) : checked
}

const isSkipped = (error: unknown): error is Skipped => error instanceof Skipped
