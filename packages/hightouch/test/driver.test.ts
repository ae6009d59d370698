import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { DateTime, Effect } from "effect"
import * as Hightouch from "../src/Hightouch.ts"
import * as Fixtures from "./fixtures.ts"
import { type Answer, clientOver, recording } from "./recordingTransport.ts"

type Driver = ReturnType<typeof Hightouch.driver>

const ids = { sync: "42" }

/** Returns the result of one call of the driver, and the requests that it sent. */
const callWith = Effect.fnUntraced(function* <A>(
  answer: Answer,
  call: (driver: Driver) => Effect.Effect<A, RetlError>,
) {
  const transport = recording(answer)
  const result = yield* Effect.result(call(Hightouch.driver(yield* clientOver(transport))))
  const sent = transport.requests.map(({ method, url, body }) =>
    [method, url.replace("https://api.hightouch.com/api/v1", ""), body].filter((part) => part !== undefined).join(" "),
  )
  return { result, sent }
})

const success = (value: unknown) => expect.objectContaining({ _tag: "Success", success: value })
const failure = (reason: object, delivery: string) =>
  expect.objectContaining({
    _tag: "Failure",
    failure: expect.objectContaining({ reason: expect.objectContaining(reason), delivery }),
  })

const listOf = (...data: ReadonlyArray<object>) => ({ body: { data, hasMore: false } })

describe("start", () => {
  it.effect.each([
    ["incremental", "{}"],
    ["full", '{"fullResync":true}'],
    ["resetCDC", '{"resetCDC":true}'],
    ["clearAndFill", '{"clearAndFill":true}'],
  ])("T6: with the scope %s sends %s", ([scope, body]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: Fixtures.triggered }, (driver) =>
        driver.runs.start(ids, { scope: scope ?? "" }),
      )
      expect(result).toEqual(success("123"))
      expect(sent).toEqual([`POST /syncs/42/trigger ${body}`])
    }),
  )

  it.effect.each([undefined, "everything", "constructor"])("T6: with the scope %s sends nothing", (scope) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: Fixtures.triggered }, (driver) =>
        driver.runs.start(ids, scope === undefined ? {} : { scope }),
      )
      expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
      expect(sent).toEqual([])
    }),
  )

  it.effect.each([
    [200, Fixtures.invalid, "InvalidRequest", "refused"],
    [200, '"Internal Server Error"', "Unavailable", "unknown"],
    [200, {}, "UnexpectedResponse", "unknown"],
    [400, "", "InvalidRequest", "unknown"],
    [400, { message: "no" }, "InvalidRequest", "refused"],
    [404, { error: "no" }, "NotFound", "refused"],
    [429, "", "RateLimited", "refused"],
    [500, '"Internal Server Error"', "Unavailable", "unknown"],
  ] as const)("T4: a %s with %j is %s, with delivery %s", ([status, body, _tag, delivery]) =>
    Effect.gen(function* () {
      const { result } = yield* callWith({ status, body }, (driver) => driver.runs.start(ids, { scope: "full" }))
      expect(result).toEqual(failure({ _tag }, delivery))
    }),
  )
})

describe("get", () => {
  it.effect("R1: reads the run in the list, by its id and not by its place", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith(listOf(Fixtures.secondRun, Fixtures.run), (driver) =>
        driver.runs.get(ids, "42"),
      )
      expect(result).toEqual(success(expect.objectContaining({ run: "42", status: "succeeded" })))
      expect(sent).toEqual(["GET /syncs/42/runs?runId=42"])
    }),
  )

  it.effect.each<[string, Answer, object, string]>([
    ["an empty list", listOf(), { _tag: "NotFound", what: "run" }, "refused"],
    ["a list of other runs", listOf(Fixtures.secondRun), { _tag: "UnexpectedResponse" }, "unknown"],
    ["a 404", { status: 404, body: { message: "Not found" } }, { _tag: "NotFound", what: "unknown" }, "refused"],
    ["a sync", { body: Fixtures.sync }, { _tag: "UnexpectedResponse" }, "unknown"],
  ])("R1: %s has no such run", ([, answer, reason, delivery]) =>
    Effect.gen(function* () {
      const { result } = yield* callWith(answer, (driver) => driver.runs.get(ids, "42"))
      expect(result).toEqual(failure(reason, delivery))
    }),
  )
})

describe("list", () => {
  it.effect("L1: reads a page, and returns where the next one begins and the vendor's clock", () =>
    Effect.gen(function* () {
      const body = { data: [Fixtures.run, Fixtures.secondRun], hasMore: true }
      const headers = { date: "Tue, 08 Feb 2022 18:00:00 GMT" }
      const { result, sent } = yield* callWith({ body, headers }, (driver) =>
        driver.runs.list(ids, { cursor: "100", size: 50 }),
      )
      expect(result).toMatchObject({
        success: {
          next: "102",
          asOf: DateTime.makeUnsafe("2022-02-08T18:00:00Z"),
          runs: [{ run: "42" }, { run: "43" }],
        },
      })
      expect(sent).toEqual(["GET /syncs/42/runs?offset=100&limit=50"])
    }),
  )

  it.effect("L3: widens a filter by time by a second on either side", () =>
    Effect.gen(function* () {
      const time = DateTime.makeUnsafe("2022-02-08T16:11:04.712Z")
      const { sent } = yield* callWith(listOf(), (driver) =>
        driver.runs.list(ids, { startedAfter: time, startedBefore: time }),
      )
      expect(decodeURIComponent(sent[0] ?? "")).toContain(
        "&after=2022-02-08T16:11:03.712Z&before=2022-02-08T16:11:05.712Z",
      )
    }),
  )

  it.effect.each(["-1", "x", "1.5", "9".repeat(30)])("L2: sends nothing for the cursor %j", (cursor) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith(listOf(), (driver) => driver.runs.list(ids, { cursor }))
      if (sent.length > 0) expect(sent[0]).toMatch(/offset=\d{1,15}&/)
      else expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
    }),
  )

  it.effect.each([
    [10, 100, "10"],
    [11, 100, undefined],
    [10, 10, undefined],
  ] as const)("L1: of %s runs of %s, with no more, the next page is %s", ([count, size, next]) =>
    Effect.gen(function* () {
      const runs = Array.from({ length: count }, (_, id) => ({ ...Fixtures.run, id }))
      const { result } = yield* callWith(listOf(...runs), (driver) => driver.runs.list(ids, { size }))
      expect(result).toMatchObject({ _tag: "Success" })
      expect(result._tag === "Success" && result.success.next).toBe(next)
    }),
  )
})

describe("check", () => {
  it.effect("F6: names the workspace of a sync as the identity", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith(listOf({ ...Fixtures.sync, workspaceId: 77 }), ({ check }) => check())
      expect(result).toEqual(success(expect.objectContaining({ identity: { id: "77" } })))
      expect(sent).toEqual(["GET /syncs?limit=1"])
    }),
  )

  it.effect("F6: has no identity in a workspace without syncs", () =>
    Effect.gen(function* () {
      const { result } = yield* callWith(listOf(), ({ check }) => check())
      expect(result).toEqual(success({ shown: expect.stringContaining("can read the syncs") }))
    }),
  )
})
