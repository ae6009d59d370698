/**
 * The runs of a sync, as a lazy stream over the pages of its list, each run once.
 *
 * New runs that arrive while the list is read push older runs onto later pages, where they appear again. The listing
 * remembers the ids of the last few thousand runs to leave those out. Where the list is newest first, it forgets older
 * ids, and recognizes a forgotten run that appears again by its time: then the listing fails.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
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
import * as Lengths from "../poll/lengths.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "./reading.ts"

/** The number of remembered ids, which is also the number of new runs that may arrive while a list is read. */
export const window = 5_000

/** The number of remembered ids for a list that is not newest first: it forgets none, and a longer listing fails. */
export const unorderedWindow = 100_000

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
        return Pages.paginate(read, fail, maxPages === undefined ? {} : { maxPages }, () => ({
          newItems: newRuns(),
          isWanted: filterOf(filter),
          failsOnRepeatedPage: false,
          noun: "runs",
        }))
      }),
    ).pipe(Stream.mapError(aboutRef(ref)))

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

/** The problem of a listing that can no longer recognize repeated runs. */
const lostTrack = "Expected a list whose repeated runs core can recognize: narrow it by time"

/** Returns the function that leaves out runs of earlier pages. */
const newRuns = (): Pages.Novelty<Run>["newItems"] => {
  const remembered = new Map<string, number | undefined>()
  /** The time of the oldest forgotten run. */
  let oldestForgotten = Number.POSITIVE_INFINITY
  let previous = Number.POSITIVE_INFINITY
  let isNewestFirst = true

  /** Remembers a run. Returns `overflow` where the listing cannot recognize repeats any more. */
  const check = (run: Run): "new" | "repeat" | "overflow" => {
    const id = run.ref.run
    if (remembered.has(id)) return "repeat"
    const time = queuedOrStartedAt(run)
    const millis = time && DateTime.toEpochMillis(time)
    // In a list that is newest first, a run as new as a forgotten one has appeared before, or was pushed past it.
    if (millis !== undefined && millis >= oldestForgotten) return "overflow"
    if (millis === undefined || millis > previous) isNewestFirst = false
    previous = millis ?? previous
    remembered.set(id, millis)
    if (remembered.size <= window) return "new"
    if (!isNewestFirst) return remembered.size <= unorderedWindow ? "new" : "overflow"
    const [oldest] = remembered
    if (oldest !== undefined) {
      remembered.delete(oldest[0])
      oldestForgotten = oldest[1] ?? oldestForgotten
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
