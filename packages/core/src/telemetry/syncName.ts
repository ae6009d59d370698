/** The name under which a caller wants to find a sync in metrics. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** The longest name that telemetry shows, in characters: a longer one is cut. */
const maxLength = 128

/** The name of the sync that the current program is about; `undefined` where the caller has not named it. */
export const SyncName: Context.Reference<string | undefined> = /* @__PURE__ */ Context.Reference<string | undefined>(
  "@openretl/core/SyncName",
  { defaultValue: () => undefined },
)

/**
 * Names the sync of a program for telemetry: its spans, and its metrics of triggers, runs, rows and freshness, have the
 * attribute `openretl.sync.name`. Each name makes series of its own, so name syncs from a list that you know, as the jobs of
 * a configuration, and never by an id of a run or a date. A name of more than 128 characters is cut, and an empty one is none.
 *
 * @example
 * ```ts
 * runs.run(sync, { whenRunning: "wait" }).pipe(Telemetry.named("crm-contacts"))
 * ```
 */
export const named =
  (name: string) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.provideService(program, SyncName, name === "" ? undefined : name.slice(0, maxLength))
