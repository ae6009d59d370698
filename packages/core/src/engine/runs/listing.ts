/**
 * The runs of a sync as a lazy stream over its pages, without repeats and without end.
 *
 * New runs that arrive while paging push older ones onto later pages, where they appear again: the last few thousand ids
 * are remembered to leave them out. Where the list is newest first, older ids can be forgotten, and a run that reappears
 * after it was forgotten is noticed by its time: that is an error, not silence.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { PageQuery } from "../../driver/Driver.ts"
import * as Pages from "../../http/Pages.ts"
import { ListOptions } from "../../model/ListOptions.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "./reading.ts"

/** How many ids are remembered, and with that: by how many new runs a listing may be pushed while it is read. */
export const window = 5_000

/** The same for a list whose order is not known: nothing is forgotten, and the listing ends there. */
export const unorderedWindow = 100_000

export const make =
  (context: WorkspaceContext) =>
  (ref: SyncRef, listOptions: ListOptions = {}): Stream.Stream<Run, RetlError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const sync = yield* context.requireSync("list", ref)
        const { maxPages, ...filter } = yield* context.decodeInput("list", ListOptions, listOptions)
        const read = (cursor: string | undefined) =>
          Effect.map(
            Reading.page(context, sync, queryOf(filter, cursor), Priority.read),
            ({ runs, ...page }): Pages.Page<Run> => ({ ...page, items: runs }),
          )
        const fail = (message: string) =>
          context.error("list", new UnexpectedResponse({ issues: [{ path: ["page"], message }] }), "unknown")
        return Pages.paginate(read, fail, maxPages === undefined ? {} : { maxPages }, () => ({
          newItems: newRuns(),
          isWanted: filterOf(filter),
          failsOnRepeatedPage: false,
          noun: "runs",
        }))
      }),
    )

type Filter = Omit<ListOptions, "maxPages">

const queryOf = ({ pageSize, ...filter }: Filter, cursor: string | undefined): PageQuery => ({
  ...filter,
  ...(cursor !== undefined && { cursor }),
  ...(pageSize !== undefined && { size: pageSize }),
})

/** The caller's filter, applied here whatever the vendor made of it. A run without a start passes no bound on it. */
const filterOf = ({ statuses, startedAfter, startedBefore }: Filter) => {
  const wanted = statuses && new Set(statuses)
  const after = startedAfter && DateTime.toEpochMillis(startedAfter)
  const before = startedBefore && DateTime.toEpochMillis(startedBefore)
  return (run: Run): boolean => {
    if (wanted !== undefined && !wanted.has(run.status)) return false
    if (after === undefined && before === undefined) return true
    if (run.startedAt === undefined) return false
    const started = DateTime.toEpochMillis(run.startedAt)
    return (after === undefined || started >= after) && (before === undefined || started <= before)
  }
}

const lostTrack = "Expected a list that can be read without losing track of repeats: narrow it by time"

const newRuns = (): Pages.Novelty<Run>["newItems"] => {
  const remembered = new Map<string, number | undefined>()
  /** The oldest start among the runs that were forgotten. */
  let forgotten = Number.POSITIVE_INFINITY
  let previous = Number.POSITIVE_INFINITY
  let isNewestFirst = true

  /** Remembers one run; `overflow` where a repeat could not be noticed any more. */
  const check = (run: Run): "new" | "repeat" | "overflow" => {
    const id = run.ref.run
    if (remembered.has(id)) return "repeat"
    const time = queuedOrStartedAt(run)
    const started = time && DateTime.toEpochMillis(time)
    // In a list that is newest first, what is as new as a run that was forgotten has been pushed here past it.
    if (started !== undefined && started >= forgotten) return "overflow"
    if (started === undefined || started > previous) isNewestFirst = false
    previous = started ?? previous
    remembered.set(id, started)
    if (remembered.size <= window) return "new"
    if (!isNewestFirst) return remembered.size <= unorderedWindow ? "new" : "overflow"
    const [oldest] = remembered
    if (oldest !== undefined) {
      remembered.delete(oldest[0])
      forgotten = oldest[1] ?? forgotten
    }
    return "new"
  }

  return (runs) => {
    const fresh: Array<Run> = []
    for (const run of runs) {
      const novelty = check(run)
      if (novelty === "overflow") return Result.fail(lostTrack)
      if (novelty === "new") fresh.push(run)
    }
    return Result.succeed(fresh)
  }
}
