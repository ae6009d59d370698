/**
 * The runs of a sync, as a lazy stream over the pages of its list, each run once.
 *
 * New runs that arrive while the list is read push older runs onto later pages, where they appear again; runs that vanish
 * move later ones onto pages that were read. The listing remembers the ids of all runs that it has read (`Pages`).
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import type { PageQuery } from "../../driver/Driver.ts"
import * as Pages from "../../http/Pages.ts"
import { ListOptions } from "../../model/ListOptions.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"
import { aboutRef } from "../errors.ts"
import { observedStream } from "../observing.ts"
import * as Lengths from "../poll/lengths.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "./reading.ts"

/** Returns the function that lists the runs of a sync. */
export const make =
  (context: WorkspaceContext) =>
  (ref: SyncRef, listOptions: ListOptions = {}): Stream.Stream<Run, RetlError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const sync = yield* context.requireSync("list", ref)
        const { maxPages, ...filter } = yield* context.decodeInput("list", ListOptions, listOptions)
        const isUnfiltered = Struct.keys(Struct.omit(filter, ["pageSize"])).length === 0
        const read = (cursor: string | undefined) =>
          Effect.map(
            Reading.page(context, sync, queryOf(filter, cursor), Priority.read),
            ({ runs, ...page }): Pages.Page<Run> => {
              if (cursor === undefined && isUnfiltered) Lengths.note(context, sync, runs)
              return { ...page, items: runs }
            },
          )
        const fail = (message: string) =>
          context.error("list", new UnexpectedResponse({ issues: [{ path: ["page"], message }] }), "unknown")
        return Pages.paginate(read, fail, maxPages === undefined ? {} : { maxPages }, {
          idOf: ({ ref }) => ref.run,
          isWanted: filterOf(filter),
          failsOnRepeatedPage: false,
          noun: "runs",
          // A run may leave a filtered list, and enter it anywhere.
          ...(isUnfiltered && { timeOf }),
        })
      }),
    ).pipe(Stream.mapError(aboutRef(ref)), observedStream(context, "Runs.list", "list", ref))

const timeOf = (run: Run): number | undefined => {
  const time = queuedOrStartedAt(run)
  return time && DateTime.toEpochMillis(time)
}

type Filter = Omit<ListOptions, "maxPages">

const queryOf = ({ pageSize, ...filter }: Filter, cursor: string | undefined): PageQuery => ({
  ...filter,
  ...(cursor !== undefined && { cursor }),
  ...(pageSize !== undefined && { size: pageSize }),
})

/**
 * Returns the caller's filter, which core applies to every answer, also where the vendor filters. A bound on the start
 * excludes runs that have not started. A run that has, and whose start cannot be read, is never dropped in silence.
 */
const filterOf = ({ statuses, startedAfter, startedBefore }: Filter) => {
  const wanted = statuses && new Set(statuses)
  const after = startedAfter && DateTime.toEpochMillis(startedAfter)
  const before = startedBefore && DateTime.toEpochMillis(startedBefore)
  return (run: Run): boolean => {
    if (wanted !== undefined && !wanted.has(run.status)) return false
    if (after === undefined && before === undefined) return true
    if (run.startedAt === undefined) return run.status !== "queued"
    const started = DateTime.toEpochMillis(run.startedAt)
    return (after === undefined || started >= after) && (before === undefined || started <= before)
  }
}
