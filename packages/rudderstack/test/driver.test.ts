import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { DateTime, Effect } from "effect"
import * as RudderStack from "../src/RudderStack.ts"
import * as Fixtures from "./fixtures.ts"
import { type Answer, client, recording } from "./recordingTransport.ts"

type Driver = ReturnType<typeof RudderStack.driver>

const sync = { connection: "conn-1" }
const at = "/v2/retl-connections/conn-1"

/** Returns the result of one call of the driver, and the requests that it sent. */
const run = Effect.fnUntraced(function* <A>(
  answer: Answer,
  call: (driver: Driver) => Effect.Effect<A, RetlError>,
  options: Pick<RudderStack.Options, "statusWords"> = {},
) {
  const transport = recording(answer)
  const result = yield* Effect.result(call(RudderStack.driver(yield* client(transport), options)))
  const sent = transport.requests.map(({ method, url, body }) =>
    [method, url.replace("https://api.rudderstack.com", ""), body].filter((part) => part !== undefined).join(" "),
  )
  return { result, sent }
})

const success = <A>(value: A) => expect.objectContaining({ _tag: "Success", success: value })
const failure = (reason: object, delivery: string) =>
  expect.objectContaining({
    _tag: "Failure",
    failure: expect.objectContaining({ reason: expect.objectContaining(reason), delivery }),
  })

describe("start", () => {
  it.effect.each(["incremental", "full"] as const)("T6: sends %s, and returns the id of the run", (scope) =>
    Effect.gen(function* () {
      const { result, sent } = yield* run({ body: Fixtures.started }, (driver) => driver.runs.start(sync, { scope }))
      expect(result).toEqual(success("<sync_id>"))
      expect(sent).toEqual([`POST ${at}/start {"syncType":"${scope}"}`])
    }),
  )

  it.effect.each([{}, { scope: "everything" }])("T6: fails with the options %j, and sends nothing", (options) =>
    Effect.gen(function* () {
      const { result, sent } = yield* run({ body: Fixtures.started }, (driver) => driver.runs.start(sync, options))
      expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
      expect(sent).toEqual([])
    }),
  )

  it.effect.each([
    [409, "AlreadyRunning", "refused"],
    [404, "NotFound", "refused"],
    [429, "RateLimited", "refused"],
    [500, "Unavailable", "unknown"],
    [408, "Unavailable", "unknown"],
  ] as const)("T4: a %s is %s, and its delivery %s", ([status, _tag, delivery]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* run({ status }, (driver) => driver.runs.start(sync, { scope: "full" }))
      expect(result).toEqual(failure({ _tag }, delivery))
      expect(sent).toHaveLength(1)
    }),
  )
})

describe("get", () => {
  const get = (driver: Driver) => driver.runs.get(sync, "run-1")

  it.effect("reads one run", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* run({ body: Fixtures.dagsterFailed }, get)
      expect(result).toEqual(
        success({
          run: "run-1",
          status: "failed",
          vendorStatus: "failed",
          rows: {},
          errorText: "Test error",
          native: { id: "run-1", status: "failed", error: "Test error" },
        }),
      )
      expect(sent).toEqual([`GET ${at}/syncs/run-1`])
    }),
  )

  it.effect("R1: recognizes a malformed id by the text of the error, and leaves every other 500 to core", () =>
    Effect.gen(function* () {
      const malformed = yield* run({ status: 500, body: { error: "invalid run id" } }, get)
      expect(malformed.result).toEqual(failure({ _tag: "NotFound", what: "run" }, "unknown"))
      const unknown = yield* run({ status: 500, body: { error: "Internal Server Error" } }, get)
      expect(unknown.result).toEqual(failure({ _tag: "Unavailable" }, "unknown"))
      expect(RudderStack.driver(yield* client(recording())).description.unknownRun).toBe("server-error")
    }),
  )
})

describe("list", () => {
  it.effect("reads the first 100 runs, and returns the number of the next page", () =>
    Effect.gen(function* () {
      const answer = { body: Fixtures.syncsPage, headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" } }
      const { result, sent } = yield* run(answer, (driver) => driver.runs.list(sync, {}))
      expect(result).toEqual(
        success(
          expect.objectContaining({
            runs: [expect.objectContaining({ run: "<sync_id>", status: "running" })],
            next: "2.100.1~<sync_id>",
            total: 200,
            asOf: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
          }),
        ),
      )
      expect(sent).toEqual([`GET ${at}/syncs?per_page=100&page=1`])
    }),
  )

  it.effect("L3: sends filters, but no status where statusWords gives words other meanings", () =>
    Effect.gen(function* () {
      const list = (driver: Driver) =>
        driver.runs.list(sync, {
          cursor: "4.20.60",
          size: 20,
          statuses: ["partial"],
          startedAfter: DateTime.makeUnsafe("2026-09-20T10:00:00Z"),
        })
      const after = "&started_after=2026-09-20T09%3A59%3A59Z"
      const plain = yield* run({ body: { syncs: [] } }, list)
      expect(plain.sent).toEqual([`GET ${at}/syncs?status=succeeded${after}&per_page=20&page=4`])
      const withStatusWords = yield* run({ body: { syncs: [] } }, list, { statusWords: { drained: "partial" } })
      expect(withStatusWords.sent).toEqual([`GET ${at}/syncs?${after.slice(1)}&per_page=20&page=4`])
    }),
  )

  it.effect("L2: fails for a cursor that is not a page, and sends nothing", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* run({ body: { syncs: [] } }, (driver) =>
        driver.runs.list(sync, { cursor: "../2" }),
      )
      expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
      expect(sent).toEqual([])
    }),
  )
})

describe("cancel", () => {
  const cancel = (driver: Driver) => driver.cancellation.cancel(sync)

  it.effect("C2: requests once that the connection stops", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* run({ status: 204 }, cancel)
      expect(result).toEqual(success("requested"))
      expect(sent).toEqual([`POST ${at}/stop {}`])
      expect(RudderStack.driver(yield* client(recording())).cancellation.stops).toBe("sync")
    }),
  )

  it.effect.each([
    [409, { error: "no sync is running for this connection" }],
    [409, ""],
    [404, { error: "no sync is running for this connection" }],
  ] as const)("C3: returns finished after a %s with %j", ([status, body]) =>
    Effect.gen(function* () {
      expect((yield* run({ status, body }, cancel)).result).toEqual(success("finished"))
    }),
  )

  it.effect("C3: fails after a gateway's 409, which proves nothing about the run", () =>
    Effect.gen(function* () {
      const { result } = yield* run({ status: 409, body: "<html></html>" }, cancel)
      expect(result).toEqual(failure({ _tag: "Conflict" }, "unknown"))
    }),
  )

  it.effect("fails for an unknown connection", () =>
    Effect.gen(function* () {
      const { result } = yield* run({ status: 404, body: { error: "connection not found" } }, cancel)
      expect(result).toEqual(failure({ _tag: "NotFound", what: "sync" }, "refused"))
    }),
  )
})

describe("ownSchedule", () => {
  const schedule = (driver: Driver) => driver.runs.ownSchedule(sync)

  it.effect.each([
    [{ body: Fixtures.manualConnection }, "manual"],
    [{ body: Fixtures.connectionsPage.data[0] }, "scheduled"],
    [{ status: 403, body: { error: "Feature is not enabled for your account" } }, "unknown"],
    [{ status: 404 }, "unknown"],
  ] as const)("T3: after %j is %s", ([answer, expected]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* run(answer, schedule)
      expect(result).toEqual(success(expected))
      expect(sent).toEqual([`GET ${at}`])
    }),
  )

  it.effect.each([
    [{ status: 401 }, "Unauthenticated"],
    [{ status: 503 }, "Unavailable"],
    [{ status: 429 }, "RateLimited"],
    [{ body: {} }, "UnexpectedResponse"],
  ] as const)("T3: fails after %j with %s", ([answer, _tag]) =>
    Effect.gen(function* () {
      expect((yield* run(answer, schedule)).result).toEqual(failure({ _tag }, expect.any(String)))
    }),
  )
})

describe("check", () => {
  it.effect("reads one connection", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* run({ body: Fixtures.connectionsPage }, (driver) => driver.check())
      expect(result).toEqual(success({ shown: "The token can read the connections of its workspace." }))
      expect(sent).toEqual(["GET /v2/retl-connections?page=1&pageSize=1"])
    }),
  )

  it.effect.each([403, 404])("after a %s says that only a sync can be checked", (status) =>
    Effect.gen(function* () {
      const { result } = yield* run({ status }, (driver) => driver.check())
      expect(result).toEqual(success({ shown: expect.stringContaining("check a sync") }))
    }),
  )

  it.effect("reads one run of the sync", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* run({ body: { syncs: [] } }, (driver) => driver.check(sync))
      expect(result).toEqual(success({ shown: expect.stringContaining("the runs of this connection") }))
      expect(sent).toEqual([`GET ${at}/syncs?per_page=1&page=1`])
    }),
  )

  it.effect("fails for a token that is refused, and for a sync that does not exist", () =>
    Effect.gen(function* () {
      const refused = yield* run({ status: 401 }, (driver) => driver.check())
      expect(refused.result).toEqual(failure({ _tag: "Unauthenticated" }, "refused"))
      const missing = yield* run({ status: 404 }, (driver) => driver.check(sync))
      expect(missing.result).toEqual(failure({ _tag: "NotFound", what: "sync" }, "refused"))
    }),
  )
})
