/** Listing runs: what a stream of pages holds, how it ends, and where it never goes. */

import type { Run } from "@openretl/core/Run"
import type { ListOptions } from "@openretl/core/Runs"
import type * as Transport from "@openretl/core/Transport"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import * as Json from "../internal/json.ts"
import { isWrite } from "../internal/wire.ts"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"

/** So many ended runs, ten seconds apart; every fifth lost rows, every seventh failed. */
const history = Effect.fnUntraced(function* (testbed: Testbed, count: number) {
  for (let index = 0; index < count; index++) {
    const rows = index % 5 === 0 ? { succeeded: 7, failed: 3 } : { succeeded: 10 }
    const plan = index % 7 === 0 ? { ends: "failed" as const, duration: 0 } : { rows, duration: 0 }
    yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan })
    yield* testbed.pass("10 seconds")
  }
})

const listed = (testbed: Testbed, options?: ListOptions) =>
  testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync, options)))

const ids = (runs: ReadonlyArray<Run>) => runs.map(({ ref }) => ref.run)

/** The truth, newest first. */
const true_ = (testbed: Testbed) => Effect.map(testbed.truth, (runs) => runs.map(({ id }) => id).reverse())

/** Changes the JSON of every listing that the vendor answers. */
const forge = (testbed: Testbed, change: (json: Json.Json) => Json.Json) => {
  testbed.wire.changed = (response, request) => (isWrite(request) ? response : Json.inResponse(response, change))
}

/** Whether a value is a list of things, as runs are. */
const isRows = (value: Json.Json): value is ReadonlyArray<Json.Json> =>
  Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === "object" && row !== null)

const nextLinks = ["next", "next_page", "nextPage", "next_url", "nextCursor", "next_cursor"]

export const lists: ReadonlyArray<Law> = [
  law("L1", "all runs, each once, over as many pages as it takes", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 45)
      const truth = yield* true_(testbed)
      for (const pageSize of [1, 7, 45, 1_000, undefined]) {
        const found = ids(yield* listed(testbed, pageSize === undefined ? {} : { pageSize }))
        expect(found).toEqual(truth)
      }
    }),
  ),

  law("L1", "a sync that never ran has no runs", {}, (testbed) =>
    Effect.gen(function* () {
      expect(yield* listed(testbed)).toEqual([])
      expect(yield* testbed.count("list")).toBe(1)
    }),
  ),

  law("L1", "pages are read as the stream is pulled", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 45)
      const first = yield* testbed.run(
        Stream.runCollect(Stream.take(testbed.runs.list(testbed.sync, { pageSize: 5 }), 3)),
      )
      expect(ids(first)).toEqual((yield* true_(testbed)).slice(0, 3))
      expect(yield* testbed.count("list")).toBe(1)
    }),
  ),

  law("L1", "new runs that arrive while paging make no repeat and lose nothing", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 45)
      const before = yield* true_(testbed)
      let seen = 0
      const pulled = testbed.runs.list(testbed.sync, { pageSize: 5 }).pipe(
        Stream.rechunk(1),
        Stream.tap(() =>
          ++seen % 5 === 0 ? testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: 0 } }) : Effect.void,
        ),
        Stream.runCollect,
      )
      const found = ids(yield* testbed.run(pulled))
      expect(new Set(found).size).toBe(found.length)
      for (const id of before) expect(found).toContain(id)
    }),
  ),

  law("L2", "a page that comes again and again ends, rightly or with an error", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 30)
      let first: Transport.Response | undefined
      testbed.wire.changed = (response) => {
        first ??= response
        return first
      }
      const ended = yield* testbed.exit(Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 5 })), "5 hours")
      expect(yield* testbed.count("list")).toBeLessThanOrEqual(1_001)
      const result = yield* Effect.result(ended)
      if (result._tag === "Failure") expect(Errors.reason(result.failure)).toBe("UnexpectedResponse")
      else expect(ids(result.success)).toEqual((yield* true_(testbed)).slice(0, result.success.length))
    }),
  ),

  law("L2", "empty pages with a next one end, rightly or with an error", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 30)
      let first: Transport.Response | undefined
      testbed.wire.changed = (response) => {
        first ??= Json.inResponse(response, (json) => Json.transform(json, (value) => (isRows(value) ? [] : value)))
        return first
      }
      const ended = yield* testbed.exit(Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 5 })), "1 hour")
      expect(yield* testbed.count("list")).toBeLessThanOrEqual(20)
      const result = yield* Effect.result(ended)
      if (result._tag === "Failure") expect(Errors.reason(result.failure)).toBe("UnexpectedResponse")
      else expect(result.success).toEqual([])
    }),
  ),

  law("L3", "filters by status hold, one status or several", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 45)
      yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { ends: "never" } })
      yield* testbed.pass("10 seconds")
      const all = yield* listed(testbed)
      const words = [
        "queued",
        "running",
        "cancelling",
        "succeeded",
        "partial",
        "failed",
        "cancelled",
        "unknown",
      ] as const
      for (const statuses of [...words.map((word) => [word] as const), ["partial", "running"] as const, [] as const]) {
        const wanted = all.filter(({ status }) => statuses.some((word) => word === status))
        expect(ids(yield* listed(testbed, { statuses })), statuses.join(" or ")).toEqual(ids(wanted))
      }
      expect(new Set(all.map(({ status }) => status))).toEqual(new Set(["running", "succeeded", "partial", "failed"]))
    }),
  ),

  law("L3", "filters by status hold where words have a meaning of one's own", {}, (testbed) =>
    Effect.gen(function* () {
      const endings = ["MARINATED", "SMOKED", undefined, "MARINATED"]
      for (const ended of endings) {
        yield* testbed.emulator.triggerAsStranger(testbed.ids, {
          plan: { duration: 0, ...(ended && { words: { ended } }) },
        })
        yield* testbed.pass("10 seconds")
      }
      const named = yield* testbed.open({ statusWords: { MARINATED: "failed", SMOKED: "succeeded" } })
      const found = (statuses: ListOptions["statuses"]) =>
        testbed.run(Stream.runCollect(named.runs.list(testbed.sync, statuses === undefined ? {} : { statuses })))
      expect((yield* found(["failed"])).map(({ vendorStatus }) => vendorStatus)).toEqual(["MARINATED", "MARINATED"])
      expect((yield* found(["succeeded"])).length).toBe(2)
    }),
  ),

  law("L3", "filters by time hold, the bounds themselves included", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 45)
      const all = yield* listed(testbed)
      const times = all.flatMap(({ startedAt }) => (startedAt === undefined ? [] : [startedAt]))
      expect(times.length).toBe(45)
      const [late = times[0], early = times[0]] = [times[10], times[30]]
      if (late === undefined || early === undefined) return
      const between = { startedAfter: early, startedBefore: late }
      expect(ids(yield* listed(testbed, between))).toEqual(ids(all.slice(10, 31)))
      expect(ids(yield* listed(testbed, { startedAfter: late }))).toEqual(ids(all.slice(0, 11)))
      expect(ids(yield* listed(testbed, { startedBefore: early }))).toEqual(ids(all.slice(30)))
      expect(ids(yield* listed(testbed, { ...between, statuses: ["partial"], pageSize: 4 }))).toEqual(
        ids(all.slice(10, 31).filter(({ status }) => status === "partial")),
      )
      const justAfter = DateTime.add(late, { milliseconds: 1 })
      expect(ids(yield* listed(testbed, { startedAfter: justAfter }))).toEqual(ids(all.slice(0, 10)))
    }),
  ),

  law("L3", "more pages than the bound end in an error, not in silence", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 30)
      const ended = yield* testbed.exit(
        Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 5, maxPages: 2 })),
      )
      const pages = yield* testbed.count("list")
      const result = yield* Effect.result(ended)
      if (result._tag === "Failure") expect([Errors.reason(result.failure), pages]).toEqual(["UnexpectedResponse", 2])
      else expect([result.success.length, pages <= 2]).toEqual([30, true])
    }),
  ),

  law("L4, H3", "a next link to somewhere else is never followed", {}, (testbed) =>
    Effect.gen(function* () {
      yield* history(testbed, 30)
      const elsewhere = "https://elsewhere.example/steal?page=2"
      forge(testbed, (json) =>
        Json.transform(json, (value, path) =>
          nextLinks.includes(path.at(-1) ?? "") && typeof value === "string" ? elsewhere : value,
        ),
      )
      yield* testbed.exit(Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 5, maxPages: 20 })), "1 hour")
      expect(testbed.wire.seen.length).toBeGreaterThan(0)
      for (const { request } of testbed.wire.seen) expect(new URL(request.url).origin).toBe(testbed.emulator.baseUrl)
      for (const { request } of testbed.wire.seen) expect(new URL(request.url).pathname).not.toContain("steal")
    }),
  ),
]
