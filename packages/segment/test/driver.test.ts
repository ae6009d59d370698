import { describe, expect, it } from "@effect/vitest"
import { RunRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import { DateTime, Effect, Redacted } from "effect"
import * as Segment from "../src/Segment.ts"
import * as Fixtures from "./fixtures.ts"
import { type Answer, client, recording, token } from "./recordingTransport.ts"

type Driver = ReturnType<typeof Segment.driver>

const ids = { source: "src", model: "mod", subscription: "sub" }
const runs = "/reverse-etl-models/mod/subscriptionId/sub/syncs"

/** What one call of the driver gives, and what it sent. */
const ask = Effect.fnUntraced(function* <A>(answer: Answer, call: (driver: Driver) => Effect.Effect<A, RetlError>) {
  const transport = recording(answer)
  const result = yield* Effect.result(call(Segment.driver(yield* client(transport))))
  const sent = transport.requests.map(({ method, url, body }) =>
    [method, url.replace("https://api.segmentapis.com", ""), body].filter((part) => part !== undefined).join(" "),
  )
  return { result, sent }
})

const success = <A>(value: A) => expect.objectContaining({ _tag: "Success", success: value })
const failure = (reason: object, delivery: string, evidence: object = {}) =>
  expect.objectContaining({
    _tag: "Failure",
    failure: expect.objectContaining({
      reason: expect.objectContaining(reason),
      delivery,
      evidence: expect.objectContaining(evidence),
    }),
  })

describe("start", () => {
  const start = (driver: Driver) => driver.runs.start(ids)

  it.effect("names the three ids, and yields the run's", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ body: Fixtures.kestraStarted }, start)
      expect(result).toEqual(success("sync-123"))
      expect(sent).toEqual(['POST /reverse-etl-syncs {"sourceId":"src","modelId":"mod","subscriptionId":"sub"}'])
    }),
  )

  it.effect.each([
    [409, "AlreadyRunning", "refused"],
    [404, "NotFound", "refused"],
    [422, "InvalidRequest", "refused"],
    [429, "RateLimited", "refused"],
    [500, "Unavailable", "unknown"],
    [408, "Unavailable", "unknown"],
  ] as const)("T4: a %s is %s, and its delivery %s", ([status, _tag, delivery]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ status }, start)
      expect(result).toEqual(failure({ _tag }, delivery))
      expect(sent).toHaveLength(1)
    }),
  )
})

describe("get", () => {
  const get = (driver: Driver) => driver.runs.get(ids, "sync-123")

  it.effect("reads one run under its model", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ body: Fixtures.kestraInProgress }, get)
      expect(result).toEqual(
        success({
          run: "sync-123",
          status: "running",
          vendorStatus: "IN_PROGRESS",
          rows: {},
          native: { syncId: "sync-123", syncStatus: "IN_PROGRESS" },
        }),
      )
      expect(sent).toEqual(["GET /reverse-etl-models/mod/syncs/sync-123"])
    }),
  )

  it.effect("an answer about another run than the requested one fails with UnexpectedResponse", () =>
    Effect.gen(function* () {
      const body = { data: { reverseETLSyncStatus: Fixtures.partialSync } }
      const failure = yield* Effect.gen(function* () {
        const sync = yield* Segment.syncRef("prod", ids)
        const { get } = yield* Runs
        return yield* Effect.flip(get(new RunRef({ sync, run: "2" })))
      }).pipe(
        Effect.provide(Segment.layer({ name: "prod", region: "us", token: Redacted.make(token) })),
        Effect.provideService(Transport, recording({ body }).service),
      )
      expect(failure).toMatchObject({ operation: "get", delivery: "unknown", reason: { _tag: "UnexpectedResponse" } })
    }),
  )

  it.effect("R1: tells a run that is not there from an outage by the status", () =>
    Effect.gen(function* () {
      const body = { errors: [{ type: "not-found", message: "Sync with id 'sync-123' not found.", data: null }] }
      expect((yield* ask({ status: 404, body }, get)).result).toEqual(
        failure({ _tag: "NotFound", what: "run" }, "refused"),
      )
      expect((yield* ask({ status: 500, body }, get)).result).toEqual(failure({ _tag: "Unavailable" }, "unknown"))
      expect(Segment.driver(yield* client(recording())).description.unknownRun).toBe("not-found")
    }),
  )
})

describe("list", () => {
  it.effect("asks for the first 100 runs, and leads on to the next with the vendor's cursor", () =>
    Effect.gen(function* () {
      const answer = {
        body: { data: { syncStatuses: [Fixtures.partialSync], pagination: Fixtures.firstPage } },
        headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" },
      }
      const { result, sent } = yield* ask(answer, (driver) => driver.runs.list(ids, {}))
      expect(result).toEqual(
        success({
          runs: [expect.objectContaining({ run: "1", status: "partial" })],
          next: "MQ==",
          asOf: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
        }),
      )
      expect(sent).toEqual([`GET ${runs}?count=100`])
    }),
  )

  it.effect("L3: goes on from a cursor, asks for the most, and leaves filters to core", () =>
    Effect.gen(function* () {
      const { sent } = yield* ask({ body: { data: { syncStatuses: [] } } }, (driver) =>
        driver.runs.list(ids, { cursor: "MQ==", size: 20, statuses: ["failed"] }),
      )
      expect(sent).toEqual([`GET ${runs}?count=100&cursor=MQ%3D%3D`])
    }),
  )

  it.effect("L2: refuses a cursor that cannot be sent, and sends nothing", () =>
    Effect.gen(function* () {
      for (const cursor of ["", "\ud800", "x".repeat(5_000)]) {
        const { result, sent } = yield* ask({ body: { data: { syncStatuses: [] } } }, (driver) =>
          driver.runs.list(ids, { cursor }),
        )
        expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
        expect(sent).toEqual([])
      }
    }),
  )
})

describe("cancel", () => {
  const cancel = (driver: Driver) => driver.cancellation.cancel(ids, "1")

  it.effect("C1: asks once for the run to be stopped, for another reason than those listed", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ body: { data: Fixtures.cancelling } }, cancel)
      expect(result).toEqual(success("requested"))
      expect(sent).toEqual(['POST /reverse-etl-models/mod/syncs/1/cancel {"reasonForCanceling":4}'])
      expect(Segment.driver(yield* client(recording())).cancellation.stops).toBe("run")
    }),
  )

  it.effect.each([Fixtures.alreadyFinished, Fixtures.alreadyCanceled])("C3: reads %j as finished", (data) =>
    Effect.gen(function* () {
      expect((yield* ask({ body: { data } }, cancel)).result).toEqual(success("finished"))
      const body = { errors: [{ type: data.errorCode, message: data.errorMessage }] }
      expect((yield* ask({ status: 409, body }, cancel)).result).toEqual(success("finished"))
    }),
  )

  it.effect("fails for an error in a success that nobody knows", () =>
    Effect.gen(function* () {
      const data = { modelId: "mod", syncId: "1", errorCode: "SyncLocked", errorMessage: "not now" }
      expect((yield* ask({ body: { data } }, cancel)).result).toEqual(
        failure({ _tag: "Conflict" }, "refused", { status: 200, code: "SyncLocked", text: "not now" }),
      )
    }),
  )

  it.effect.each([
    [409, { errors: [{ type: "conflict", message: "no" }] }, "Conflict"],
    [404, Fixtures.oldNotFound, "NotFound"],
    [401, "", "Unauthenticated"],
  ] as const)("fails for a %s with %j as %s", ([status, body, _tag]) =>
    Effect.gen(function* () {
      expect((yield* ask({ status, body }, cancel)).result).toEqual(failure({ _tag }, "refused"))
    }),
  )
})

describe("the sync's own schedule", () => {
  it.effect("T3: cannot be asked for from a sync's ids", () =>
    Effect.gen(function* () {
      expect(Segment.driver(yield* client(recording())).runs).not.toHaveProperty("ownSchedule")
    }),
  )
})

describe("check", () => {
  it.effect("shows whose the token is", () =>
    Effect.gen(function* () {
      const workspace = { id: "9aQ1Lj62S4bomZKLF4DPqW", name: "Acme", slug: "acme" }
      const { result, sent } = yield* ask({ body: { data: { workspace } } }, (driver) => driver.check())
      expect(result).toEqual(
        success({ identity: { id: workspace.id, name: "Acme" }, shown: expect.stringContaining("workspace") }),
      )
      expect(sent).toEqual(["GET /"])
      const nameless = yield* ask({ body: { data: { workspace: { id: "w", name: "" } } } }, (driver) => driver.check())
      expect(nameless.result).toEqual(success(expect.objectContaining({ identity: { id: "w" } })))
    }),
  )

  it.effect("reads one run of the sync", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ body: { data: { syncStatuses: [] } } }, (driver) => driver.check(ids))
      expect(result).toEqual(success({ shown: expect.stringContaining("the runs of this mapping") }))
      expect(sent).toEqual([`GET ${runs}?count=1`])
    }),
  )

  it.effect("fails for a token that is refused, and for a sync that is not there", () =>
    Effect.gen(function* () {
      const refused = yield* ask({ status: 401 }, (driver) => driver.check())
      expect(refused.result).toEqual(failure({ _tag: "Unauthenticated" }, "refused"))
      const missing = yield* ask({ status: 404, body: Fixtures.notFound }, (driver) => driver.check(ids))
      expect(missing.result).toEqual(failure({ _tag: "NotFound", what: "sync" }, "refused"))
    }),
  )
})
