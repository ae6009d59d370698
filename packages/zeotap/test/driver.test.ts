import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { DateTime, Effect } from "effect"
import * as Zeotap from "../src/Zeotap.ts"
import * as Fixtures from "./fixtures.ts"
import { type Answer, client, recording } from "./recordingTransport.ts"

type Driver = ReturnType<typeof Zeotap.driver>

const sync = { sync: Fixtures.syncId }
const at = `/syncs/${Fixtures.syncId}`

/** What one call of the driver gives, and what it sent. */
const ask = Effect.fnUntraced(function* <A>(answer: Answer, call: (driver: Driver) => Effect.Effect<A, RetlError>) {
  const transport = recording(answer)
  const result = yield* Effect.result(call(Zeotap.driver(yield* client(transport))))
  const root = `https://composable.zeotap.com/api/v1/workspaces/${Fixtures.workspaceId}`
  const sent = transport.requests.map(({ method, url, body }) =>
    [method, url.replace(root, ""), body].filter((part) => part !== undefined).join(" "),
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
  it.effect("triggers once, and yields the run's id", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ status: 201, body: Fixtures.pendingRun }, (driver) =>
        driver.runs.start(sync),
      )
      expect(result).toEqual(success(Fixtures.runId))
      expect(sent).toEqual([`POST ${at}/trigger`])
    }),
  )

  it.effect.each([
    [409, "", "Conflict", "refused"],
    [409, { error: "sync is already running" }, "AlreadyRunning", "refused"],
    [400, { error: "sync is paused" }, "NotTriggerable", "refused"],
    [404, "", "NotFound", "refused"],
    [429, "", "RateLimited", "refused"],
    [500, "", "Unavailable", "unknown"],
    [408, "", "Unavailable", "unknown"],
  ] as const)("T4: a %s with %j is %s, and its delivery %s", ([status, body, _tag, delivery]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ status, body }, (driver) => driver.runs.start(sync))
      expect(result).toEqual(failure({ _tag }, delivery))
      expect(sent).toHaveLength(1)
    }),
  )
})

describe("get", () => {
  it.effect("reads one run", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ body: Fixtures.completedRun }, (driver) =>
        driver.runs.get(sync, Fixtures.runId),
      )
      expect(result).toEqual(
        success(
          expect.objectContaining({ run: Fixtures.runId, status: "succeeded", rows: { succeeded: 5420, failed: 3 } }),
        ),
      )
      expect(sent).toEqual([`GET ${at}/runs/${Fixtures.runId}`])
    }),
  )

  it.effect("names the run as it was requested, whatever letters the vendor writes it in", () =>
    Effect.gen(function* () {
      const { result } = yield* ask({ body: Fixtures.completedRun }, (driver) =>
        driver.runs.get(sync, Fixtures.runId.toUpperCase()),
      )
      expect(result).toEqual(success(expect.objectContaining({ run: Fixtures.runId.toUpperCase() })))
      const other = yield* ask({ body: Fixtures.completedRun }, (driver) => driver.runs.get(sync, "run-1"))
      expect(other.result).toEqual(success(expect.objectContaining({ run: Fixtures.runId })))
    }),
  )

  it.effect("R1: a run that is not there is not found", () =>
    Effect.gen(function* () {
      const { result } = yield* ask({ status: 404, body: { error: "run not found" } }, (driver) =>
        driver.runs.get(sync, "run-1"),
      )
      expect(result).toEqual(failure({ _tag: "NotFound", what: "run" }, "refused"))
      expect(Zeotap.driver(yield* client(recording())).description.unknownRun).toBe("not-found")
    }),
  )
})

describe("list", () => {
  it.effect("asks for the first 100 runs", () =>
    Effect.gen(function* () {
      const answer = { body: [Fixtures.completedRun], headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" } }
      const { result, sent } = yield* ask(answer, (driver) => driver.runs.list(sync, {}))
      expect(result).toEqual(
        success({
          runs: [expect.objectContaining({ run: Fixtures.runId, status: "succeeded" })],
          asOf: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
        }),
      )
      expect(sent).toEqual([`GET ${at}/runs?page=1&page_size=100`])
    }),
  )

  it.effect("L3: sends the page and no filter", () =>
    Effect.gen(function* () {
      const { sent } = yield* ask({ body: [] }, (driver) =>
        driver.runs.list(sync, { cursor: `4~${Fixtures.runId}`, size: 20, statuses: ["failed"] }),
      )
      expect(sent).toEqual([`GET ${at}/runs?page=4&page_size=20`])
    }),
  )

  it.effect("L2: refuses a cursor that is no page, and sends nothing", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ body: [] }, (driver) => driver.runs.list(sync, { cursor: "../2" }))
      expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
      expect(sent).toEqual([])
    }),
  )
})

describe("what the vendor lacks", () => {
  it.effect("is left out: cancelling and scopes", () =>
    Effect.gen(function* () {
      const driver = Zeotap.driver(yield* client(recording()))
      expect(driver).not.toHaveProperty("cancellation")
      expect(driver).not.toHaveProperty("scopes")
    }),
  )
})

describe("the sync's own schedule", () => {
  const schedule = (driver: Driver) => driver.runs.ownSchedule(sync)

  it.effect.each([
    [{ body: Fixtures.sync }, "scheduled"],
    [{ body: { ...Fixtures.sync, schedule: null } }, "manual"],
    [{ body: { ...Fixtures.sync, status: "paused" } }, "unknown"],
  ] as const)("T3: of %j is %s", ([answer, expected]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask(answer, schedule)
      expect(result).toEqual(success(expected))
      expect(sent).toEqual([`GET ${at}`])
    }),
  )

  it.effect.each([
    [{ status: 401 }, "Unauthenticated"],
    [{ status: 403 }, "PermissionDenied"],
    [{ status: 503 }, "Unavailable"],
    [{ body: {} }, "UnexpectedResponse"],
  ] as const)("T3: fails with %j as %s", ([answer, _tag]) =>
    Effect.gen(function* () {
      expect((yield* ask(answer, schedule)).result).toEqual(failure({ _tag }, expect.any(String)))
    }),
  )
})

describe("check", () => {
  it.effect("reads the workspace, and says which it is", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ body: Fixtures.workspace }, (driver) => driver.check())
      expect(result).toEqual(
        success({
          identity: { id: Fixtures.workspaceId, name: "Acme" },
          shown: expect.stringContaining("this workspace"),
        }),
      )
      expect(sent).toEqual(["GET "])
    }),
  )

  it.effect("reads the sync, and says what state it is in", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* ask({ body: { ...Fixtures.sync, status: "draft" } }, (driver) =>
        driver.check(sync),
      )
      expect(result).toEqual(success({ shown: expect.stringContaining("which is a draft") }))
      expect(sent).toEqual([`GET ${at}`])
    }),
  )

  it.effect("fails for a token that is refused, a workspace of others, and a sync that is not there", () =>
    Effect.gen(function* () {
      const refused = yield* ask({ status: 401 }, (driver) => driver.check())
      expect(refused.result).toEqual(failure({ _tag: "Unauthenticated" }, "refused"))
      const foreign = yield* ask({ status: 403 }, (driver) => driver.check())
      expect(foreign.result).toEqual(failure({ _tag: "PermissionDenied" }, "refused"))
      const missing = yield* ask({ status: 404, body: { error: "sync not found" } }, (driver) => driver.check(sync))
      expect(missing.result).toEqual(failure({ _tag: "NotFound", what: "sync" }, "refused"))
    }),
  )
})
