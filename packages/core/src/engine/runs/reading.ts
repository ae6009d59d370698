/**
 * Reading runs.
 *
 * Order of things: one run is read by `readOnce`, which searches the list where the vendor's answer does not
 * distinguish a missing run from an outage; `get` repeats it as the retry table allows, and while reads may lag. One
 * page of runs is read by `page`, several by `visitPages`. Listings (`listing.ts`), cancels (`cancel.ts`), waits and
 * triggers build on these.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { PageQuery } from "../../driver/Driver.ts"
import * as Pages from "../../http/Pages.ts"
import { NotFound } from "../../model/Reason.ts"
import type { RunRef, SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Page } from "../driverRequests.ts"
import type { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Verify from "../verify.ts"

/** The most pages in which one run is searched. */
const maxSearchedPages = 5

/**
 * Reads one run, in one request. Where the vendor answers a missing run with a server error, it searches the list after
 * such an error, and fails with `NotFound` where the list has no such run.
 */
export const readOnce = (context: WorkspaceContext, ref: RunRef, priority: Priority): Effect.Effect<Run, RetlError> => {
  const read = context.get(ref, priority)
  if (context.description.unknownRun !== "server-error") return read
  return Effect.catchIf(
    read,
    ({ reason, evidence }) => reason._tag === "Unavailable" && evidence.status === 500,
    (outage) =>
      search(context, ref, priority, outage).pipe(
        Effect.mapError(() => outage),
        Effect.flatMap((run) =>
          run === undefined
            ? Effect.fail(outage.with({ reason: new NotFound({ what: "run" }), delivery: "refused" }))
            : Effect.succeed(run),
        ),
      ),
  )
}

/**
 * Searches the list for a run; `undefined` where its first pages have no such run. Fails with the outage where the list is
 * cut off: it may hide the run.
 */
const search = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  ref: RunRef,
  priority: Priority,
  outage: RetlError,
): Effect.fn.Return<Run | undefined, RetlError> {
  let listed: Run | undefined
  let isCutOff = false
  yield* visitPages(context.list, ref.sync, priority, maxSearchedPages, ({ page, ending }) => {
    listed = page.items.find(({ ref: { run } }) => run === ref.run)
    isCutOff = ending === "cut-off"
    return listed === undefined
  })
  if (listed === undefined && isCutOff) return yield* outage
  return listed && withAcceptance(listed, ref)
})

/** A page of runs, and what follows it. */
export interface Turn extends Pages.Turn<Run> {
  /** The vendor's clock at this page; absent where its answer has none. */
  readonly asOf?: DateTime.Utc
}

/** Reads at most `maxPages` pages of a sync's runs, until `visit` returns false or the list ends. */
export const visitPages = (
  list: WorkspaceContext["list"],
  sync: SyncRef,
  priority: Priority,
  maxPages: number,
  visit: (turn: Turn) => boolean,
): Effect.Effect<void, RetlError> =>
  Effect.suspend(() => {
    let asOf: DateTime.Utc | undefined
    const read = (cursor: string | undefined) =>
      Effect.map(list(sync, cursor === undefined ? {} : { cursor }, priority), ({ runs: items, next, ...page }) => {
        asOf = page.asOf
        return Verify.present<Pages.Page<Run>>({ items, next, mayHaveMore: page.mayHaveMore, total: page.total })
      })
    return Pages.turns(read).pipe(
      Stream.take(maxPages),
      Stream.runForEachWhile((turn) => Effect.sync(() => visit(asOf === undefined ? turn : { ...turn, asOf }))),
    )
  })

/** Returns a listed run with the caller's ref, which has the time of acceptance. */
export const withAcceptance = (run: Run, ref: RunRef): Run =>
  ref.acceptedAt === undefined ? run : new Run({ ...run, ref })

/** Returns whether reads may not show a run yet, since the vendor accepted it only a moment ago. */
export const mayLag = (context: WorkspaceContext, ref: RunRef): Effect.Effect<boolean> =>
  Effect.map(
    Clock.currentTimeMillis,
    (now) =>
      ref.acceptedAt !== undefined &&
      // A timestamp in the future does not make the run recent.
      Math.abs(now - DateTime.toEpochMillis(ref.acceptedAt)) < Duration.toMillis(context.readLag),
  )

/** Reads one run, with retries, and again while reads may not show it yet. */
export const get = (context: WorkspaceContext, ref: RunRef, priority: Priority): Effect.Effect<Run, RetlError> =>
  again(context, readOnce(context, ref, priority), (read) =>
    Effect.retry(RetryLoop.read(read), {
      schedule: RetryLoop.steady,
      while: ({ reason }) => (reason._tag === "NotFound" ? mayLag(context, ref) : Effect.succeed(false)),
    }),
  )

/**
 * Reads, and where that fails does what `retried` makes of the read, from that failure on, until the workspace closes. A
 * request ends with its workspace by itself; only the pauses between requests need it. Most reads have none.
 */
const again = <A>(
  { rateLimit }: WorkspaceContext,
  read: Effect.Effect<A, RetlError>,
  retried: (read: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>,
): Effect.Effect<A, RetlError> =>
  Effect.catch(read, (failure) => {
    let next: Effect.Effect<A, RetlError> = Effect.fail(failure)
    const resumed = Effect.suspend(() => {
      const current = next
      next = read
      return current
    })
    return rateLimit.whileOpen(retried(resumed))
  })

/** Reads one page, with retries. */
export const page = (
  context: WorkspaceContext,
  sync: SyncRef,
  query: PageQuery,
  priority: Priority,
): Effect.Effect<Page, RetlError> => again(context, context.list(sync, query, priority), RetryLoop.read)
