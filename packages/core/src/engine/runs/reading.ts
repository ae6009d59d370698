/** Reading one run, or a listing of them. */
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
import * as Retry from "../retry.ts"

/** How far the list is searched for one run. */
const searchedPages = 5

/** One look at a run, in one request or, where the vendor's answer does not tell "not there" from "down", a few more. */
export const lookAt = (context: WorkspaceContext, ref: RunRef, priority: Priority): Effect.Effect<Run, RetlError> =>
  context.get(ref, priority).pipe(
    Effect.catchIf(
      ({ reason, evidence }) =>
        context.description.unknownRun === "server-error" && reason._tag === "Unavailable" && evidence.status === 500,
      (down) =>
        search(context, ref, priority).pipe(
          Effect.mapError(() => down),
          Effect.flatMap((run) =>
            run === undefined
              ? Effect.fail(down.with({ reason: new NotFound({ what: "run" }), delivery: "refused" }))
              : Effect.succeed(run),
          ),
        ),
    ),
  )

const search = Effect.fnUntraced(function* (context: WorkspaceContext, ref: RunRef, priority: Priority) {
  let found: Run | undefined
  yield* visitPages(context.list, ref.sync, priority, searchedPages, ({ page }) => {
    found = page.items.find(({ ref: { run } }) => run === ref.run)
    return found === undefined
  })
  return found && withAcceptance(found, ref)
})

/** A page of runs, and what comes after it. */
export interface Turn extends Pages.Turn<Run> {
  /** The vendor's clock at this page, where its answer has one. */
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
      Effect.map(list(sync, cursor === undefined ? {} : { cursor }, priority), (page): Pages.Page<Run> => {
        asOf = page.asOf
        return {
          items: page.runs,
          ...(page.next !== undefined && { next: page.next }),
          ...(page.mayHaveMore !== undefined && { mayHaveMore: page.mayHaveMore }),
        }
      })
    return Pages.turns(read).pipe(
      Stream.take(maxPages),
      Stream.runForEachWhile((turn) => Effect.sync(() => visit(asOf === undefined ? turn : { ...turn, asOf }))),
    )
  })

/** A listed run, with what the ref that was asked for knows beyond the list. */
export const withAcceptance = (run: Run, ref: RunRef): Run =>
  ref.acceptedAt === undefined ? run : new Run({ ...run, ref })

/** Whether a run that is not visible may yet become so, since it was accepted only a moment ago. */
export const mayLag = (context: WorkspaceContext, ref: RunRef): Effect.Effect<boolean> =>
  Effect.map(
    Clock.currentTimeMillis,
    (now) =>
      ref.acceptedAt !== undefined &&
      // A time that has not come yet is no sign of youth.
      Math.abs(now - DateTime.toEpochMillis(ref.acceptedAt)) < Duration.toMillis(context.readLag),
  )

/** Reads one run, with retries, and again while reads may not show a run that was accepted a moment ago. */
export const get = (context: WorkspaceContext, ref: RunRef, priority: Priority): Effect.Effect<Run, RetlError> =>
  Retry.read(lookAt(context, ref, priority)).pipe(
    Effect.retry({
      schedule: Retry.steady,
      while: ({ reason }) => (reason._tag === "NotFound" ? mayLag(context, ref) : Effect.succeed(false)),
    }),
  )

/** Reads one page, with retries. */
export const page = (
  context: WorkspaceContext,
  sync: SyncRef,
  query: PageQuery,
  priority: Priority,
): Effect.Effect<Page, RetlError> => Retry.read(context.list(sync, query, priority))
