/** The requests of a driver that run syncs: within the rate limit, with ids decoded and answers verified. */
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Operation } from "../driver/Description.ts"
import type { Access, AnyDriver, OwnSchedule, PageQuery, StartOptions } from "../driver/Driver.ts"
import type { Undelivered } from "../model/Cancel.ts"
import type { RunRef, SyncRef } from "../model/Ref.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Run } from "../model/Run.ts"
import type { Errors } from "./errors.ts"
import type { PageSizes } from "./pageSizes.ts"
import * as RateLimit from "./rate-limit/rateLimit.ts"
import type { Refs } from "./refs.ts"
import type { Snapshots } from "./snapshots.ts"
import * as Verify from "./verify.ts"

/** One page of a listing, as runs. */
export interface Page {
  readonly runs: ReadonlyArray<Run>
  /** The cursor of the next page; absent on the last. */
  readonly next?: string
  /** Set on a last page after which there may be more that the vendor does not offer. */
  readonly mayHaveMore?: boolean
  /** How many runs the vendor says that the whole list has. */
  readonly total?: number
  /** The vendor's clock at this page; absent where its answer has none. */
  readonly asOf?: DateTime.Utc
}

/** How a run is cancelled. */
export interface Cancellation {
  /** What a cancel stops: the run, or whatever is running on its sync. */
  readonly stops: "run" | "sync"
  /** What becomes of rows that the run had read and not delivered. */
  readonly undelivered: Undelivered
  /** Requests a cancel, once. Returns `finished` where the vendor answers that the run has ended. */
  readonly request: (run: RunRef) => Effect.Effect<"requested" | "finished", RetlError>
}

/** The requests of a driver that run syncs. Each is sent once. */
export interface DriverRequests {
  /** Sends one trigger, with its grant or within the rate limit. Returns the vendor's id of its run. */
  readonly start: (sync: SyncRef, options: StartOptions, grant?: RateLimit.Grant) => Effect.Effect<string, RetlError>
  /** Reads one run, within the rate limit. */
  readonly get: (ref: RunRef, priority: RateLimit.Priority) => Effect.Effect<Run, RetlError>
  /** Reads one page of runs, within the rate limit. */
  readonly list: (sync: SyncRef, query: PageQuery, priority: RateLimit.Priority) => Effect.Effect<Page, RetlError>
  /** Reads whether the sync fires by itself, within the rate limit; `undefined` where the vendor offers no way. */
  readonly ownSchedule: (
    sync: SyncRef,
    priority: RateLimit.Priority,
  ) => Effect.Effect<OwnSchedule, RetlError> | undefined
  /** How a run is cancelled, within the rate limit; `undefined` where the vendor cannot. */
  readonly cancellation: Cancellation | undefined
  /** Verifies the token or, with a sync, that it reaches that sync; without waiting for the rate limit. */
  readonly check: (sync: SyncRef | undefined) => Effect.Effect<Access, RetlError>
}

/** What `make` needs of a workspace. */
interface Parts {
  readonly driver: AnyDriver
  readonly rateLimit: RateLimit.RateLimit
  readonly errors: Errors
  readonly refs: Refs
  readonly snapshots: Snapshots
  readonly pageSizes: PageSizes
}

export const make = ({ driver, rateLimit, errors: { error }, refs, snapshots, pageSizes }: Parts): DriverRequests => {
  const { withIds } = refs
  const { cancellation } = driver
  const { ownSchedule } = driver.runs

  /** Sends one request within the rate limit. Its errors name the portable operation, not the request of the driver. */
  const within =
    (operation: Operation, priority: RateLimit.Priority) =>
    <A>(request: Effect.Effect<A, RetlError>) =>
      Effect.mapError(rateLimit.within(operation, priority)(request), (error) => error.with({ operation }))

  return {
    start: (sync, options, grant) =>
      withIds("start", sync, (ids) => driver.runs.start(ids, options)).pipe(
        Effect.mapError((error) => error.with({ operation: "start" })),
        grant === undefined ? rateLimit.within("start", RateLimit.Priority.write) : rateLimit.spend("start", grant),
        Effect.tap((run) => Verify.runId(error, "start", run)),
      ),
    get: (ref, priority) =>
      withIds("get", ref.sync, (ids) => driver.runs.get(ids, ref.run)).pipe(
        rateLimit.within("get", priority),
        Effect.matchEffect({
          onFailure: (failure) => Effect.fail(failure.with({ operation: "get" })),
          onSuccess: (snapshot) =>
            Verify.isRun(ref.run, snapshot)
              ? snapshots.toRun("get", ref, snapshot)
              : Effect.fail(Verify.anotherRun(error, snapshot)),
        }),
      ),
    list: (sync, query, priority) =>
      pageSizes
        .within(refs.identityOf(sync), query.size, (size, maxSize) =>
          within(
            "list",
            priority,
          )(
            withIds("list", sync, (ids) =>
              driver.runs.list(ids, Verify.present<PageQuery>({ ...query, size, maxSize })),
            ),
          ),
        )
        .pipe(
          Effect.tap((page) => Verify.page(error, page)),
          Effect.flatMap(({ runs, ...page }) =>
            Effect.map(snapshots.toRuns("list", sync, runs), (runs): Page => ({ ...page, runs })),
          ),
        ),
    ownSchedule: (sync, priority) =>
      ownSchedule && rateLimit.within("schedule", priority)(withIds("schedule", sync, ownSchedule)),
    cancellation: cancellation && {
      stops: cancellation.stops,
      undelivered: cancellation.undelivered ?? "unknown",
      request: ({ sync, run }) =>
        rateLimit.within(
          "cancel",
          RateLimit.Priority.write,
        )(withIds("cancel", sync, (ids) => cancellation.cancel(ids, run))),
    },
    check: (sync) => (sync === undefined ? driver.check() : withIds("check", sync, driver.check)),
  }
}
