import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { DateTime, Effect } from "effect"
import * as FivetranActivations from "../src/FivetranActivations.ts"
import * as Fixtures from "./fixtures.ts"
import { type Answer, clientOver, recording } from "./recordingTransport.ts"

type Driver = ReturnType<typeof FivetranActivations.driver>

const ids = { sync: "52" }

/** Returns the result of one call of the driver, and the requests that it sent. */
const callWith = Effect.fnUntraced(function* <A>(
  answer: Answer,
  call: (driver: Driver) => Effect.Effect<A, RetlError>,
  options?: { readonly groupId?: string },
) {
  const transport = recording(answer)
  const result = yield* Effect.result(call(FivetranActivations.driver(yield* clientOver(transport), options)))
  const sent = transport.requests.map(
    ({ method, url }) => `${method} ${url.replace("https://app.getcensus.com/api/v2", "")}`,
  )
  return { result, sent }
})

const success = (value: unknown) => expect.objectContaining({ _tag: "Success", success: value })
const failure = (reason: object, delivery: string) =>
  expect.objectContaining({
    _tag: "Failure",
    failure: expect.objectContaining({ reason: expect.objectContaining(reason), delivery }),
  })

describe("start", () => {
  it.effect.each([
    ["incremental", "POST /syncs/52/trigger"],
    ["full", "POST /syncs/52/trigger?force_full_sync=true"],
  ])("T6: with the scope %s sends %s", ([scope = "", request]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: Fixtures.triggered }, (driver) =>
        driver.runs.start(ids, { scope }),
      )
      expect(result).toEqual(success("1234567890"))
      expect(sent).toEqual([request])
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
    [200, "", "UnexpectedResponse", "unknown"],
    [200, { status: "success", data: {} }, "UnexpectedResponse", "unknown"],
    [200, { status: "error", message: "no" }, "UnexpectedResponse", "unknown"],
    [400, "", "InvalidRequest", "unknown"],
    [400, { status: 400 }, "InvalidRequest", "refused"],
    [404, "", "NotFound", "unknown"],
    [404, { status: 404 }, "NotFound", "refused"],
    [429, "", "RateLimited", "refused"],
    [504, "", "Unavailable", "unknown"],
    [504, { status: 504, message: "timeout" }, "Unavailable", "unknown"],
  ] as const)("T4: a %s with %j is %s, with delivery %s", ([status, body, _tag, delivery]) =>
    Effect.gen(function* () {
      const { result } = yield* callWith({ status, body }, (driver) => driver.runs.start(ids, { scope: "full" }))
      expect(result).toEqual(failure({ _tag }, delivery))
    }),
  )
})

describe("get", () => {
  it.effect("R1: reads the run by its id alone", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: { data: Fixtures.run } }, (driver) => driver.runs.get(ids, "94"))
      expect(result).toEqual(success(expect.objectContaining({ run: "94", status: "succeeded" })))
      expect(sent).toEqual(["GET /sync_runs/94"])
    }),
  )

  it.effect("R1: a run of another sync is not found", () =>
    Effect.gen(function* () {
      const { result } = yield* callWith({ body: { data: { ...Fixtures.run, sync_id: 53 } } }, (driver) =>
        driver.runs.get(ids, "94"),
      )
      expect(result).toEqual(failure({ _tag: "NotFound", what: "run" }, "refused"))
    }),
  )
})

describe("list", () => {
  it.effect("L1: reads a page, and returns the next one, the total and the vendor's clock", () =>
    Effect.gen(function* () {
      const body = { data: [Fixtures.run, Fixtures.failedRun], pagination: Fixtures.pagination }
      const headers = { date: "Wed, 20 Oct 2021 03:00:00 GMT" }
      const { result, sent } = yield* callWith({ body, headers }, (driver) =>
        driver.runs.list(ids, { cursor: "2.50", size: 25 }),
      )
      expect(result).toMatchObject({
        success: {
          next: "4.25",
          total: 14,
          asOf: DateTime.makeUnsafe("2021-10-20T03:00:00Z"),
          runs: [{ run: "94" }, { run: "93" }],
        },
      })
      expect(sent).toEqual(["GET /syncs/52/sync_runs?page=3&per_page=25&order=desc"])
    }),
  )

  it.effect.each(["-1", "x", "0.100", "2", "1.5.1", "9".repeat(30)])("L2: sends nothing for the cursor %j", (cursor) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: { data: [] } }, (driver) => driver.runs.list(ids, { cursor }))
      expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
      expect(sent).toEqual([])
    }),
  )

  it.effect.each([
    [{ data: [Fixtures.run], pagination: { next_page: null } }, undefined],
    [{ data: [Fixtures.run], pagination: { next_page: 2 } }, "2.100"],
    [{ data: [Fixtures.run] }, "2.100"],
    [{ data: [] }, undefined],
  ] as const)("L1: the page that follows %j is %s", ([body, next]) =>
    Effect.gen(function* () {
      const { result } = yield* callWith({ body }, (driver) => driver.runs.list(ids, {}))
      expect(result._tag === "Success" && result.success.next).toBe(next)
    }),
  )
})

describe("cancel", () => {
  it.effect.each<[Answer, object]>([
    [{ body: Fixtures.cancelled }, success("requested")],
    [{ body: "" }, success("requested")],
    [{ status: 409, body: { status: 409, message: "already completed" } }, success("finished")],
    [{ status: 409, body: "<html></html>" }, failure({ _tag: "Conflict" }, "unknown")],
    [{ status: 409 }, failure({ _tag: "Conflict" }, "unknown")],
    [{ status: 404, body: { status: 404 } }, failure({ _tag: "NotFound", what: "run" }, "refused")],
  ])("T9: that is answered with %j", ([answer, expected]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith(answer, ({ cancellation }) => cancellation.cancel(ids, "94"))
      expect(result).toEqual(expected)
      expect(sent).toEqual(["POST /sync_runs/94/cancel"])
    }),
  )
})

describe("check", () => {
  it.effect("F6: without a sync reads one sync, of the group where there is one", () =>
    Effect.gen(function* () {
      const answer = { body: { data: [] } }
      expect((yield* callWith(answer, ({ check }) => check())).sent).toEqual(["GET /syncs?per_page=1"])
      const { sent } = yield* callWith(answer, ({ check }) => check(), { groupId: "wandering_aimlessly" })
      expect(sent).toEqual(["GET /syncs?per_page=1&group_id=wandering_aimlessly"])
    }),
  )

  it.effect("F6: with a sync reads it, and says that it is paused", () =>
    Effect.gen(function* () {
      const body = { data: { ...Fixtures.sync, paused: true } }
      const { result } = yield* callWith({ body }, ({ check }) => check(ids))
      expect(result).toEqual(success({ shown: expect.stringContaining("which is paused") }))
    }),
  )
})
