/** Listing runs: what a stream of pages holds, how it ends, and where its requests go. */

import type { Run, Status } from "@openretl/core/Run"
import type { ListOptions } from "@openretl/core/Runs"
import type * as Transport from "@openretl/core/Transport"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Answers from "../../testbed/answers.ts"
import * as Errors from "../../testbed/errors.ts"
import * as Json from "../../testbed/json.ts"
import { isWrite } from "../../testbed/wire.ts"
import { inVendorsOrder, problemOf } from "./listed.ts"

/** Adds `count` ended runs, ten seconds apart. Every fifth run lost rows, every seventh failed. */
const addRuns = Effect.fnUntraced(function* (testbed: Testbed, count: number) {
  for (let index = 0; index < count; index++) {
    const rows = index % 5 === 0 ? { succeeded: 7, failed: 3 } : { succeeded: 10 }
    const plan = index % 7 === 0 ? { ends: "failed" as const, duration: 0 } : { rows, duration: 0 }
    yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan })
    yield* testbed.advance("10 seconds")
  }
})

const listRuns = (testbed: Testbed, options?: ListOptions) =>
  testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync, options)))

const idsOf = (runs: ReadonlyArray<Run>) => runs.map(({ ref }) => ref.run)

/** The ids of the actual runs, in the order in which the vendor's answers list them. */
const actualIds = (testbed: Testbed) =>
  Effect.map(testbed.actualRuns, (runs) =>
    inVendorsOrder(
      testbed,
      runs.map(({ id }) => id),
    ),
  )

/** Expects a list to have exactly these runs. */
const expectList = (listed: ReadonlyArray<string>, expected: ReadonlyArray<string>) => {
  const problem = problemOf(listed, expected)
  if (problem !== undefined) expect.fail(problem)
}

/** Whether a value is a list of objects, as a page of runs is. */
const isRows = (value: Json.Json): value is ReadonlyArray<Json.Json> =>
  Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === "object" && row !== null)

const nextLinks = ["next", "next_page", "nextPage", "next_url", "nextCursor", "next_cursor"]

const statuses: ReadonlyArray<Status> = [
  "queued",
  "running",
  "cancelling",
  "succeeded",
  "partial",
  "failed",
  "cancelled",
  "unknown",
]

export const listLaws: ReadonlyArray<Law> = [
  law("L1", "a list has every run once, over pages of any size", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 45)
      for (const pageSize of [1, 7, 45, 1_000, undefined]) {
        const runs = yield* listRuns(testbed, pageSize === undefined ? {} : { pageSize })
        expectList(idsOf(runs), yield* actualIds(testbed))
      }
    }),
  ),

  law(
    "L1",
    "a list of more runs than a page has shows each once, or ends with an error where the vendor shows no more",
    {},
    (testbed) =>
      Effect.gen(function* () {
        for (let index = 0; index < 247; index++) {
          yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: 0 } })
          if (index % 50 === 0) yield* testbed.advance("1 minute")
        }
        yield* testbed.advance("10 minutes")
        const listed: Array<string> = []
        const list = Stream.runForEach(testbed.runs.list(testbed.sync), ({ ref }) =>
          Effect.sync(() => listed.push(ref.run)),
        )
        const [result, answers] = yield* Answers.during(testbed, testbed.result(list, "1 hour"))
        const shown = (yield* actualIds(testbed)).filter((id) => answers.haveText(id))
        expectList(listed, shown)
        if (result._tag === "Failure") {
          expect(Errors.reasonTag(result.failure)).toBe("UnexpectedResponse")
          expect(answers.haveNumber(247), "a list whose length the vendor tells is read to its end").toBe(false)
        }
        expect(result._tag === "Success", "a list ends without an error where it is whole").toBe(shown.length === 247)
      }),
  ),

  law("L1", "the list of a sync that never ran is empty", {}, (testbed) =>
    Effect.gen(function* () {
      expect(yield* listRuns(testbed)).toEqual([])
      expect(yield* testbed.requestCount("list")).toBe(1)
    }),
  ),

  law("L1", "pages are read as the stream is pulled", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 45)
      const firstRuns = yield* testbed.run(
        Stream.runCollect(Stream.take(testbed.runs.list(testbed.sync, { pageSize: 5 }), 3)),
      )
      expectList(idsOf(firstRuns), (yield* actualIds(testbed)).slice(0, 3))
      expect(yield* testbed.requestCount("list"), "requests for three runs of the first page").toBe(1)
    }),
  ),

  law("L1", "a list repeats no run and loses no run when new runs arrive between pages", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 45)
      const idsBefore = yield* actualIds(testbed)
      let pulled = 0
      const runs = testbed.runs.list(testbed.sync, { pageSize: 5 }).pipe(
        Stream.rechunk(1),
        Stream.tap(() =>
          ++pulled % 5 === 0 ? testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: 0 } }) : Effect.void,
        ),
        Stream.runCollect,
      )
      const ids = idsOf(yield* testbed.run(runs))
      expect(new Set(ids).size).toBe(ids.length)
      for (const id of idsBefore) expect(ids).toContain(id)
    }),
  ),

  ...[1, 4, 12].map((vanishing) =>
    law("L1", `${vanishing} runs that vanish while the list is read hide no other`, {}, (testbed) =>
      Effect.gen(function* () {
        yield* addRuns(testbed, 45)
        const before = yield* actualIds(testbed)
        const vanished = new Set<string>()
        const runs = testbed.runs.list(testbed.sync, { pageSize: 5 }).pipe(
          Stream.rechunk(1),
          Stream.tap(({ ref }) => {
            if (vanished.size >= vanishing) return Effect.void
            vanished.add(ref.run)
            return testbed.emulator.unlistRun(ref.run)
          }),
          Stream.runCollect,
        )
        const result = yield* testbed.result(runs, "1 hour")
        if (result._tag === "Failure") return expect(Errors.reasonTag(result.failure)).toBe("UnexpectedResponse")
        expect(new Set(idsOf(result.success)).size).toBe(result.success.length)
        expect(idsOf(result.success)).toEqual(expect.arrayContaining(before.filter((id) => !vanished.has(id))))
      }),
    ),
  ),

  law(
    "L1",
    "a list whose entries are cut from an answer ends with an error, unless all runs are there",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* addRuns(testbed, 45)
        testbed.wire.rewrite = (response) =>
          Json.mapResponse(response, (json) =>
            Json.transform(json, (value) => (isRows(value) ? value.slice(0, 20) : value)),
          )
        const result = yield* testbed.result(Stream.runCollect(testbed.runs.list(testbed.sync)), "1 hour")
        if (result._tag === "Failure") return expect(Errors.reasonTag(result.failure)).toBe("UnexpectedResponse")
        expect(result.success.length).toBe(45)
      }),
  ),

  law("L1", "a page that is too large is read as smaller ones, and never again", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 45)
      let tooLarge = 0
      const maxBytes = 5_000
      testbed.wire.rewrite = (response) => {
        if (response.body.byteLength > maxBytes) tooLarge++
        return response
      }
      const workspace = yield* testbed.open({ maxBytes })
      for (const attempts of [5, 0]) {
        tooLarge = 0
        const result = yield* testbed.result(Stream.runCollect(workspace.runs.list(testbed.sync)), "1 hour")
        if (result._tag === "Failure") {
          expect(Errors.reasonTag(result.failure)).toBe("TooLarge")
          return yield* testbed.skip("the vendor heeds no size of pages")
        }
        expectList(idsOf(result.success), yield* actualIds(testbed))
        expect(tooLarge).toBeLessThanOrEqual(attempts)
      }
    }),
  ),

  law("L2", "a list whose page repeats ends correctly or with an error", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 30)
      let firstResponse: Transport.Response | undefined
      testbed.wire.rewrite = (response) => {
        firstResponse ??= response
        return firstResponse
      }
      const runs = Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 5 }))
      const result = yield* testbed.result(runs, "5 hours")
      expect(yield* testbed.requestCount("list")).toBeLessThanOrEqual(1_001)
      if (result._tag === "Failure") expect(Errors.reasonTag(result.failure)).toBe("UnexpectedResponse")
      else expectList(idsOf(result.success), (yield* actualIds(testbed)).slice(0, result.success.length))
    }),
  ),

  law("L2", "a list of empty pages with a next page ends correctly or with an error", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 30)
      let emptyResponse: Transport.Response | undefined
      testbed.wire.rewrite = (response) => {
        emptyResponse ??= Json.mapResponse(response, (json) =>
          Json.transform(json, (value) => (isRows(value) ? [] : value)),
        )
        return emptyResponse
      }
      const runs = Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 5 }))
      const result = yield* testbed.result(runs, "1 hour")
      expect(yield* testbed.requestCount("list")).toBeLessThanOrEqual(20)
      if (result._tag === "Failure") expect(Errors.reasonTag(result.failure)).toBe("UnexpectedResponse")
      else expect(result.success).toEqual([])
    }),
  ),

  law("L3", "a filter by one or several statuses returns exactly the wanted runs", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 45)
      yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { ends: "never" } })
      yield* testbed.advance("10 seconds")
      const runs = yield* listRuns(testbed)
      const filters: ReadonlyArray<ReadonlyArray<Status>> = [
        ...statuses.map((status) => [status]),
        ["partial", "running"],
        [],
      ]
      for (const filter of filters) {
        const matching = runs.filter(({ status }) => filter.includes(status))
        expect(idsOf(yield* listRuns(testbed, { statuses: filter })), filter.join(" or ")).toEqual(idsOf(matching))
      }
      expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(["running", "succeeded", "partial", "failed"]))
    }),
  ),

  law("L3", "a filter by status includes words whose meaning the configuration defines", {}, (testbed) =>
    Effect.gen(function* () {
      for (const word of ["MARINATED", "SMOKED", undefined, "MARINATED"]) {
        const plan = { duration: 0, ...(word && { words: { ended: word } }) }
        yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan })
        yield* testbed.advance("10 seconds")
      }
      const workspace = yield* testbed.open({ statusWords: { MARINATED: "failed", SMOKED: "succeeded" } })
      const listOf = (status: Status) =>
        testbed.run(Stream.runCollect(workspace.runs.list(testbed.sync, { statuses: [status] })))
      expect((yield* listOf("failed")).map(({ vendorStatus }) => vendorStatus)).toEqual(["MARINATED", "MARINATED"])
      expect((yield* listOf("succeeded")).length).toBe(2)
    }),
  ),

  law("L3", "a filter by time returns exactly the wanted runs, and includes its bounds", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 45)
      const runs = yield* listRuns(testbed)
      const times = runs.flatMap(({ startedAt }) => (startedAt === undefined ? [] : [startedAt]))
      expect(times.length, "runs with the time of their start").toBe(45)
      const [early, late] = times.sort(DateTime.Order).filter((_, index) => index === 14 || index === 34)
      if (late === undefined || early === undefined) return
      const startedIn = ({ startedAfter, startedBefore }: Pick<ListOptions, "startedAfter" | "startedBefore">) =>
        runs.filter(
          ({ startedAt }) =>
            startedAt !== undefined &&
            (startedAfter === undefined || DateTime.isGreaterThanOrEqualTo(startedAt, startedAfter)) &&
            (startedBefore === undefined || DateTime.isLessThanOrEqualTo(startedAt, startedBefore)),
        )
      const between = { startedAfter: early, startedBefore: late }
      expect(startedIn(between).length).toBe(21)
      const justAfter = { startedAfter: DateTime.add(late, { milliseconds: 1 }) }
      for (const filter of [between, { startedAfter: late }, { startedBefore: early }, justAfter]) {
        expectList(idsOf(yield* listRuns(testbed, filter)), idsOf(startedIn(filter)))
      }
      expectList(
        idsOf(yield* listRuns(testbed, { ...between, statuses: ["partial"], pageSize: 4 })),
        idsOf(startedIn(between).filter(({ status }) => status === "partial")),
      )
    }),
  ),

  law("L3", "a list with more pages than the bound ends with an error", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 30)
      const result = yield* testbed.result(
        Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 5, maxPages: 2 })),
      )
      const pages = yield* testbed.requestCount("list")
      if (result._tag === "Failure") {
        expect([Errors.reasonTag(result.failure), pages]).toEqual(["UnexpectedResponse", 2])
      } else expect([result.success.length, pages <= 2]).toEqual([30, true])
    }),
  ),

  law("L4, H3", "a next link to another origin is never followed", {}, (testbed) =>
    Effect.gen(function* () {
      yield* addRuns(testbed, 30)
      const elsewhere = "https://elsewhere.example/steal?page=2"
      testbed.wire.rewrite = (response, request) =>
        isWrite(request)
          ? response
          : Json.mapResponse(response, (json) =>
              Json.transform(json, (value, path) =>
                nextLinks.includes(path.at(-1) ?? "") && typeof value === "string" ? elsewhere : value,
              ),
            )
      yield* testbed.exit(Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 5, maxPages: 20 })), "1 hour")
      expect(testbed.wire.sent.length).toBeGreaterThan(0)
      for (const { request } of testbed.wire.sent) {
        const { origin, pathname } = new URL(request.url)
        expect(origin).toBe(testbed.emulator.baseUrl)
        expect(pathname).not.toContain("steal")
      }
    }),
  ),
]
