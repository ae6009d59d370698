/**
 * The runs of a sync as a lazy stream over its pages, without repeats and without end.
 *
 * New runs that arrive while paging push older ones onto later pages, where they turn up again: the last few thousand
 * ids are remembered to leave them out. Where the list is newest first, older ids can be forgotten, and a run that
 * reappears from beyond what is remembered is noticed by its time: that is an error, not silence.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { PageQuery } from "../../driver/Driver.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import * as Reader from "../../model/Reader.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { type Run, status } from "../../model/Run.ts"
import type { ListOptions } from "../../Runs.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "./reading.ts"

/** How many ids are remembered, and with that: by how many new runs a listing may be pushed while it is read. */
export const window = 5_000

/** The same for a list whose order is not known: nothing is forgotten, and this is its end. */
export const unorderedWindow = 100_000

/** So many pages in a row without a run that was not there before, each with a next one, end a listing. */
const maxEmptyPages = 10

interface State {
  readonly cursor: string | undefined
  readonly page: number
  readonly empty: number
  /** All that the vendor offers has been read, and there may be more. */
  readonly isCutOff?: boolean
}

export const runs = (context: WorkspaceContext, asked: SyncRef, how: ListOptions = {}): Stream.Stream<Run, RetlError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const sync = yield* context.requireSync("list", asked)
      const options = yield* context.decodeInput("list", listOptions, how)
      const matches = filterOf(options)
      const repeats = repeatsOf()
      const maxPages = options.maxPages ?? 1_000
      const cursors = new Set<string>()
      const fail = (message: string) =>
        context.error("list", new UnexpectedResponse({ issues: [{ path: ["page"], message }] }), "unknown")

      return Stream.paginate<State, Run, RetlError>(
        { cursor: undefined, page: 1, empty: 0 },
        Effect.fnUntraced(function* ({ cursor, page, empty, isCutOff }) {
          if (isCutOff === true) return yield* fail("Expected all runs, found no way to those behind the last page")
          if (page > maxPages) return yield* fail(`Expected at most ${maxPages} pages (maxPages)`)
          const query = queryOf(options, cursor)
          const { runs, next, mayHaveMore } = yield* Reading.page(context, sync, query, Priority.read)
          const fresh: Array<Run> = []
          let isNew = false
          for (const run of runs) {
            const seen = repeats.check(run)
            if (seen === "overflow") {
              return yield* fail(`Expected a list that can be read without losing track of repeats: narrow it by time`)
            }
            if (seen === "repeat") continue
            isNew = true
            if (matches(run)) fresh.push(run)
          }
          if (next === undefined) {
            const last = { cursor, page, empty, isCutOff: true }
            return [fresh, mayHaveMore === true ? Option.some(last) : Option.none()]
          }
          if (cursors.has(next)) return yield* fail("Expected a new cursor, found one that was used before")
          cursors.add(next)
          const emptyNow = isNew ? 0 : empty + 1
          if (emptyNow >= maxEmptyPages)
            return yield* fail(`Expected runs, found ${maxEmptyPages} pages in a row without a new one`)
          return [fresh, Option.some({ cursor: next, page: page + 1, empty: emptyNow })]
        }),
      )
    }),
  )

const queryOf = (options: ListOptions, cursor: string | undefined): PageQuery => ({
  ...(cursor !== undefined && { cursor }),
  ...(options.pageSize !== undefined && { size: options.pageSize }),
  ...(options.statuses !== undefined && { statuses: options.statuses }),
  ...(options.startedAfter !== undefined && { startedAfter: options.startedAfter }),
  ...(options.startedBefore !== undefined && { startedBefore: options.startedBefore }),
})

const aboveZero = Reader.optional(Reader.integer(1, undefined, "a whole number above 0"))

const listOptions = Reader.struct({
  statuses: Reader.optional(Reader.array(status)),
  startedAfter: Reader.optional(Reader.dateTime),
  startedBefore: Reader.optional(Reader.dateTime),
  maxPages: aboveZero,
  pageSize: aboveZero,
})

/** The caller's filter, applied here whatever the vendor made of it. A run without a start passes no bound on it. */
const filterOf = ({ statuses, startedAfter, startedBefore }: ListOptions) => {
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

const repeatsOf = () => {
  const remembered = new Map<string, number | undefined>()
  /** The oldest start among the runs that were forgotten. */
  let forgotten = Number.POSITIVE_INFINITY
  let previous = Number.POSITIVE_INFINITY
  let isNewestFirst = true
  return {
    check: (run: Run): "fresh" | "repeat" | "overflow" => {
      const id = run.ref.run
      if (remembered.has(id)) return "repeat"
      const born = queuedOrStartedAt(run)
      const started = born && DateTime.toEpochMillis(born)
      // In a list that is newest first, what is as new as a run that was forgotten has been pushed here past it.
      if (started !== undefined && started >= forgotten) return "overflow"
      if (started === undefined || started > previous) isNewestFirst = false
      previous = started ?? previous
      remembered.set(id, started)
      if (remembered.size <= window) return "fresh"
      if (!isNewestFirst) return remembered.size <= unorderedWindow ? "fresh" : "overflow"
      const [oldest] = remembered
      if (oldest !== undefined) {
        remembered.delete(oldest[0])
        forgotten = oldest[1] ?? forgotten
      }
      return "fresh"
    },
  }
}
