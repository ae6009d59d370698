import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { DateTime, Effect } from "effect"
import * as Polytomic from "../src/Polytomic.ts"
import * as Fixtures from "./fixtures.ts"
import { type Answer, clientOver, recording } from "./recordingTransport.ts"

type Driver = ReturnType<typeof Polytomic.driver>

const ids = { sync: "s" }
const key = "0123456789abcdef-1767605412000"

/** Returns the result of one call of the driver, and the requests that it sent. */
const callWith = Effect.fnUntraced(function* <A>(
  answer: Answer,
  call: (driver: Driver) => Effect.Effect<A, RetlError>,
) {
  const transport = recording(answer)
  const result = yield* Effect.result(call(Polytomic.driver(yield* clientOver(transport))))
  const sent = transport.requests.map(({ method, url, body, headers }) =>
    [method, url.replace("https://app.polytomic.com/api", ""), body, headers["idempotency-key"]]
      .filter((part) => part !== undefined)
      .join(" "),
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
    ["incremental", "{}"],
    ["full", '{"resync":true}'],
  ] as const)("T6: with the scope %s sends %s and the key", ([scope, body]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: Fixtures.started }, (driver) =>
        driver.runs.start(ids, { scope, key }),
      )
      expect(result).toEqual(success(Fixtures.started.data.id))
      expect(sent).toEqual([`POST /syncs/s/executions ${body} ${key}`])
    }),
  )

  it.effect.each([undefined, "test", "constructor"])("T6, T7: with the scope %s sends nothing", (scope) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: Fixtures.started }, (driver) =>
        driver.runs.start(ids, scope === undefined ? {} : { scope }),
      )
      expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
      expect(sent).toEqual([])
    }),
  )

  const unclear = Fixtures.refusal(409, "Conflict", "conflict")
  const busy = Fixtures.refusal(409, "The sync is already running")
  const inUse = Fixtures.refusal(409, "A request with this key is in progress")

  it.effect.each([
    [409, unclear, false, "AlreadyRunning", "refused"],
    [409, unclear, true, "Conflict", "unknown"],
    [409, busy, false, "AlreadyRunning", "refused"],
    [409, busy, true, "AlreadyRunning", "refused"],
    [409, inUse, false, "Conflict", "unknown"],
    [409, inUse, true, "Conflict", "unknown"],
    [409, "<html></html>", true, "Conflict", "unknown"],
    [409, "", false, "Conflict", "unknown"],
    [400, Fixtures.refusal(400, "sync is not active"), true, "NotTriggerable", "refused"],
    [404, Fixtures.refusal(404, "sync not found"), true, "NotFound", "refused"],
    [429, "", true, "RateLimited", "refused"],
    [500, Fixtures.refusal(500, "oops"), true, "Unavailable", "unknown"],
    [200, {}, false, "UnexpectedResponse", "unknown"],
    [200, { data: {} }, true, "UnexpectedResponse", "unknown"],
  ] as const)(
    "T1, T4: a %s with %j (repeated: %s) is %s, with delivery %s",
    ([status, body, isRepeated, _tag, delivery]) =>
      Effect.gen(function* () {
        const { result } = yield* callWith({ status, body }, (driver) =>
          driver.runs.start(ids, { scope: "full", key, ...(isRepeated && { isRepeated }) }),
        )
        expect(result).toEqual(failure({ _tag }, delivery))
      }),
  )
})

describe("get and list", () => {
  it.effect("R1: reads one run", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: { data: Fixtures.execution } }, (driver) =>
        driver.runs.get(ids, "e"),
      )
      expect(result).toEqual(success(expect.objectContaining({ run: Fixtures.execution.id })))
      expect(sent).toEqual(["GET /syncs/s/executions/e"])
    }),
  )

  it.effect("L1: reads a page, and returns the token of the next one and the vendor's clock", () =>
    Effect.gen(function* () {
      const headers = { date: "Mon, 05 Jan 2026 09:30:00 GMT" }
      const { result, sent } = yield* callWith({ body: Fixtures.executions, headers }, (driver) =>
        driver.runs.list(ids, { cursor: "t/1", size: 5 }),
      )
      expect(result).toMatchObject({
        success: {
          next: Fixtures.executions.pagination.next_page_token,
          asOf: DateTime.makeUnsafe("2026-01-05T09:30:00Z"),
          runs: [{ run: Fixtures.execution.id }],
        },
      })
      expect(sent).toEqual(["GET /syncs/s/executions?page_token=t%2F1"])
    }),
  )
})

describe("cancel", () => {
  const cancel = (answer: Answer) => callWith(answer, (driver) => driver.cancellation.cancel(ids, "e"))

  it.effect("C1: names the run", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* cancel({ body: { data: { message: "cancellation requested" } } })
      expect(result).toEqual(success("requested"))
      expect(sent).toEqual(["POST /syncs/s/executions/e/cancel {}"])
    }),
  )

  it.effect.each([
    [400, "execution is not running"],
    [409, "execution already completed"],
  ] as const)("C3: of a run that is over is finished, where the vendor says so with %s", ([status, message]) =>
    Effect.gen(function* () {
      const { result } = yield* cancel({ status, body: Fixtures.refusal(status, message) })
      expect(result).toEqual(success("finished"))
    }),
  )

  it.effect.each([
    [404, Fixtures.refusal(404, "execution not found"), { _tag: "NotFound", what: "run" }, "refused"],
    [409, "", { _tag: "Conflict" }, "unknown"],
    [200, "", { _tag: "UnexpectedResponse" }, "unknown"],
  ] as const)("C1: a %s with %j is %j", ([status, body, reason, delivery]) =>
    Effect.gen(function* () {
      expect((yield* cancel({ status, body })).result).toEqual(failure(reason, delivery))
    }),
  )
})

describe("check", () => {
  it.effect("F6: names the organization of the key as the identity", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: Fixtures.identity }, ({ check }) => check())
      const identity = { id: Fixtures.identity.data.organization_id, name: "My Organization" }
      expect(result).toEqual(success(expect.objectContaining({ identity })))
      expect(sent).toEqual(["GET /me"])
    }),
  )

  it.effect("F6: of a sync reads that sync", () =>
    Effect.gen(function* () {
      const body = { data: { ...Fixtures.sync, active: false } }
      const { result } = yield* callWith({ body }, ({ check }) => check(ids))
      expect(result).toEqual(success({ shown: expect.stringContaining("which is not active") }))
    }),
  )
})
