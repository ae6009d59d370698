/** Reading one run, or a listing of them. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { PageQuery } from "../../driver/Driver.ts"
import { NotFound } from "../../model/Reason.ts"
import type { RunRef, SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { Run } from "../../model/Run.ts"
import type { Page, WorkspaceContext } from "../context.ts"
import type { Priority } from "../rate-limit/rateLimit.ts"
import * as Retry from "../retry.ts"

/** How far the list is searched for one run. */
const searchedPages = 5

/** One look at a run, in one request or, where the vendor's answer does not tell "not there" from "down", a few more. */
export const lookAt = (context: WorkspaceContext, ref: RunRef, priority: Priority): Effect.Effect<Run, RetlError> =>
  context.get(ref, priority).pipe(
    Effect.catchIf(
      ({ reason, evidence }) =>
        context.driver.description.unknownRun === "server-error" &&
        reason._tag === "Unavailable" &&
        evidence.status === 500,
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
  let cursor: string | undefined
  for (let page = 0; page < searchedPages; page++) {
    const query: PageQuery = cursor === undefined ? {} : { cursor }
    const { runs, next } = yield* context.list(ref.sync, query, priority)
    const found = runs.find((run) => run.ref.run === ref.run)
    if (found !== undefined) return withAcceptance(found, ref)
    if (next === undefined || next === cursor) return undefined
    cursor = next
  }
  return undefined
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

/** Reads one run, patiently: through passing trouble, and through the lag of a run that was only just accepted. */
export const get = (context: WorkspaceContext, ref: RunRef, priority: Priority): Effect.Effect<Run, RetlError> =>
  Effect.gen(function* () {
    while (true) {
      const seen = yield* Effect.result(Retry.read(lookAt(context, ref, priority)))
      if (seen._tag === "Success") return seen.success
      const isLag = seen.failure.reason._tag === "NotFound" && (yield* mayLag(context, ref))
      if (!isLag) return yield* seen.failure
      yield* Effect.sleep("2 seconds")
    }
  })

/** One page, patiently. */
export const page = (
  context: WorkspaceContext,
  sync: SyncRef,
  query: PageQuery,
  priority: Priority,
): Effect.Effect<Page, RetlError> => Retry.read(context.list(sync, query, priority))
