/** One law about stores, as a case that can be checked against any store. */
import type { Service } from "@openretl/core/Journal"
import type { JournalError } from "@openretl/core/JournalError"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import type { Place } from "./JournalHarness.ts"

/** What a law works with. */
export interface JournalTestbed {
  /** Opens a client of the store. The first one creates the store. */
  readonly open: Effect.Effect<Service, JournalError, EffectScope.Scope>
  readonly place: Place
  /** `virtual` where the store's clock is Effect's. */
  readonly time: "virtual" | "real"
  /** Lets time pass on the store's clock. */
  readonly pass: (duration: Duration.Input) => Effect.Effect<void>
}

/** One case of the suite: it proves one or more laws of SPEC.md. */
export interface JournalLaw {
  /** The ids of the laws that it proves, as in `J1, J3`. */
  readonly ids: string
  /** What holds, as one claim. */
  readonly title: string
  /** Succeeds where the law holds. Fails with `Skipped` where it does not apply; any other end breaks the law. */
  readonly check: (testbed: JournalTestbed) => Effect.Effect<void, unknown, EffectScope.Scope>
}

/** How a law ends that does not apply to a store, for `reason`. */
export class Skipped extends Data.TaggedError("Skipped")<{ readonly reason: string }> {}

/** Creates a law. `npm run spec` reads the ids from the calls of this function. */
export const law = (ids: string, title: string, check: JournalLaw["check"]): JournalLaw => ({ ids, title, check })
