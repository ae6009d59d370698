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

/** Returns the result of one call of the driver, and what it sent. */
const call = Effect.fnUntraced(function* <A>(answer: Answer, use: (driver: Driver) => Effect.Effect<A, RetlError>) {
  const transport = recording(answer)
  const result = yield* Effect.result(use(Segment.driver(yield* client(transport))))
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

  it.effect("start sends the three ids, and returns the run's id", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* call({ body: Fixtures.kestraStarted }, start)
      expect(result).toEqual(success("sync-123"))
      expect(sent).toEqual(['POST /reverse-etl-syncs {"sourceId":"src","modelId":"mod","subscriptionId":"sub"}'])
    }),
  )

  it.effect.each([
    [409, "AlreadyRunning", "refused", "unknown"],
    [404, "NotFound", "refused", "unknown"],
    [422, "InvalidRequest", "refused", "unknown"],
    [429, "RateLimited", "refused", "refused"],
    [500, "Unavailable", "unknown", "unknown"],
    [408, "Unavailable", "unknown", "unknown"],
  ] as const)(
    "T4: start fails for a %s with %s, and the delivery is %s, or without a body %s",
    ([status, _tag, delivery, otherwise]) =>
      Effect.gen(function* () {
        const { result, sent } = yield* call({ status, body: { errors: [{ type: "x" }] } }, start)
        expect(result).toMatchObject(failure({ _tag }, delivery))
        expect((yield* call({ status }, start)).result).toMatchObject(failure({ _tag }, otherwise))
        expect(sent).toHaveLength(1)
      }),
  )
})

describe("get", () => {
  const get = (driver: Driver) => driver.runs.get(ids, "sync-123")

  it.effect("get reads a run under its model", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* call({ body: Fixtures.kestraInProgress }, get)
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

  it.effect("get fails with UnexpectedResponse for an answer about another run", () =>
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

  it.effect("R1: the status decides between a missing run and an outage", () =>
    Effect.gen(function* () {
      const body = { errors: [{ type: "not-found", message: "Sync with id 'sync-123' not found.", data: null }] }
      expect((yield* call({ status: 404, body }, get)).result).toEqual(
        failure({ _tag: "NotFound", what: "run" }, "refused"),
      )
      expect((yield* call({ status: 500, body }, get)).result).toEqual(failure({ _tag: "Unavailable" }, "unknown"))
      expect(Segment.driver(yield* client(recording())).description.unknownRun).toBe("not-found")
    }),
  )
})

describe("list", () => {
  it.effect("list reads 100 runs, and returns the vendor's cursor", () =>
    Effect.gen(function* () {
      const answer = {
        body: { data: { syncStatuses: [Fixtures.partialSync], pagination: Fixtures.firstPage } },
        headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" },
      }
      const { result, sent } = yield* call(answer, (driver) => driver.runs.list(ids, {}))
      expect(result).toEqual(
        success({
          runs: [expect.objectContaining({ run: "1", status: "partial" })],
          next: "MQ==",
          total: 2,
          asOf: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
        }),
      )
      expect(sent).toEqual([`GET ${runs}?count=100`])
    }),
  )

  it.effect("L3: list sends the cursor and the largest count, and leaves filters to core", () =>
    Effect.gen(function* () {
      const { sent } = yield* call({ body: { data: { syncStatuses: [] } } }, (driver) =>
        driver.runs.list(ids, { cursor: "MQ==", size: 20, statuses: ["failed"] }),
      )
      expect(sent).toEqual([`GET ${runs}?count=100&cursor=MQ%3D%3D`])
    }),
  )

  it.effect.each([
    ["empty", ""],
    ["not well-formed", "\ud800"],
    ["too long", "x".repeat(5_000)],
  ] as const)("L2: list refuses a cursor that is %s, and sends nothing", ([, cursor]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* call({ body: { data: { syncStatuses: [] } } }, (driver) =>
        driver.runs.list(ids, { cursor }),
      )
      expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
      expect(sent).toEqual([])
    }),
  )
})

describe("cancel", () => {
  const cancel = (driver: Driver) => driver.cancellation.cancel(ids, "1")

  it.effect("C1: cancel requests once that the run be stopped, with reason 4", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* call({ body: { data: Fixtures.cancelling } }, cancel)
      expect(result).toEqual(success("requested"))
      expect(sent).toEqual(['POST /reverse-etl-models/mod/syncs/1/cancel {"reasonForCanceling":4}'])
      expect(Segment.driver(yield* client(recording())).cancellation.stops).toBe("run")
    }),
  )

  it.effect.each([Fixtures.alreadyFinished, Fixtures.alreadyCanceled])("C3: cancel returns finished for %j", (data) =>
    Effect.gen(function* () {
      expect((yield* call({ body: { data } }, cancel)).result).toEqual(success("finished"))
      const body = { errors: [{ type: data.errorCode, message: data.errorMessage }] }
      expect((yield* call({ status: 409, body }, cancel)).result).toEqual(success("finished"))
    }),
  )

  it.effect.each(["sync", "SyncFinished", "SyncFinishedCannotCancel", "Sync"])(
    "C3, H5: cancel returns finished although the token is the word %s",
    (word) =>
      Effect.gen(function* () {
        const { errorCode: type, errorMessage: message } = Fixtures.alreadyFinished
        const answers = [
          { body: { data: Fixtures.alreadyFinished } },
          { status: 409, body: { errors: [{ type, message }] } },
        ]
        for (const answer of answers) {
          const driver = Segment.driver(yield* client(recording(answer), { token: Redacted.make(word) }))
          expect(yield* cancel(driver)).toBe("finished")
        }
      }),
  )

  it.effect("cancel fails with Conflict for an unknown error in a success", () =>
    Effect.gen(function* () {
      const data = { modelId: "mod", syncId: "1", errorCode: "SyncLocked", errorMessage: "not now" }
      expect((yield* call({ body: { data } }, cancel)).result).toEqual(
        failure({ _tag: "Conflict" }, "refused", { status: 200, code: "SyncLocked", text: "not now" }),
      )
    }),
  )

  it.effect.each([
    [409, { errors: [{ type: "conflict", message: "no" }] }, "Conflict"],
    [404, Fixtures.oldNotFound, "NotFound"],
    [401, "", "Unauthenticated"],
  ] as const)("cancel fails for a %s with the body %j with %s", ([status, body, _tag]) =>
    Effect.gen(function* () {
      expect((yield* call({ status, body }, cancel)).result).toEqual(failure({ _tag }, "refused"))
    }),
  )
})

describe("ownSchedule", () => {
  it.effect("T3: the driver cannot read whether a mapping fires by itself", () =>
    Effect.gen(function* () {
      expect(Segment.driver(yield* client(recording())).runs).not.toHaveProperty("ownSchedule")
    }),
  )
})

describe("check", () => {
  it.effect("check without a sync shows the workspace of the token", () =>
    Effect.gen(function* () {
      const workspace = { id: "9aQ1Lj62S4bomZKLF4DPqW", name: "Acme", slug: "acme" }
      const { result, sent } = yield* call({ body: { data: { workspace } } }, (driver) => driver.check())
      expect(result).toEqual(
        success({ identity: { id: workspace.id, name: "Acme" }, shown: expect.stringContaining("workspace") }),
      )
      expect(sent).toEqual(["GET /"])
      const nameless = yield* call({ body: { data: { workspace: { id: "w", name: "" } } } }, (driver) => driver.check())
      expect(nameless.result).toEqual(success(expect.objectContaining({ identity: { id: "w" } })))
    }),
  )

  it.effect("check of a sync reads one of its runs", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* call({ body: { data: { syncStatuses: [] } } }, (driver) => driver.check(ids))
      expect(result).toEqual(success({ shown: expect.stringContaining("the runs of this mapping") }))
      expect(sent).toEqual([`GET ${runs}?count=1`])
    }),
  )

  it.effect("check fails for a refused token, and for a missing sync", () =>
    Effect.gen(function* () {
      const refused = yield* call({ status: 401 }, (driver) => driver.check())
      expect(refused.result).toEqual(failure({ _tag: "Unauthenticated" }, "refused"))
      const missing = yield* call({ status: 404, body: Fixtures.notFound }, (driver) => driver.check(ids))
      expect(missing.result).toEqual(failure({ _tag: "NotFound", what: "sync" }, "refused"))
    }),
  )
})
