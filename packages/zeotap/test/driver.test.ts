import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { DateTime, Effect } from "effect"
import * as Zeotap from "../src/Zeotap.ts"
import * as Fixtures from "./fixtures.ts"
import { type Answer, clientOver, recording } from "./recordingTransport.ts"

type Driver = ReturnType<typeof Zeotap.driver>

const sync = { sync: Fixtures.syncId }
const at = `/syncs/${Fixtures.syncId}`

/** Returns the result of one call of the driver, and the requests that it sent. */
const callWith = Effect.fnUntraced(function* <A>(
  answer: Answer,
  call: (driver: Driver) => Effect.Effect<A, RetlError>,
) {
  const transport = recording(answer)
  const result = yield* Effect.result(call(Zeotap.driver(yield* clientOver(transport))))
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
  it.effect("triggers once, and returns the run's id", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ status: 201, body: Fixtures.pendingRun }, (driver) =>
        driver.runs.start(sync),
      )
      expect(result).toEqual(success(Fixtures.runId))
      expect(sent).toEqual([`POST ${at}/trigger {}`])
    }),
  )

  it.effect.each([
    [409, "", "Conflict", "unknown"],
    [409, { error: "no" }, "Conflict", "refused"],
    [409, { error: "sync is already running" }, "AlreadyRunning", "refused"],
    [400, { error: "sync is paused" }, "NotTriggerable", "refused"],
    [404, "", "NotFound", "unknown"],
    [404, { error: "no" }, "NotFound", "refused"],
    [429, "", "RateLimited", "refused"],
    [500, "", "Unavailable", "unknown"],
    [408, "", "Unavailable", "unknown"],
  ] as const)("T4: a %s with %j is %s, with delivery %s", ([status, body, _tag, delivery]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ status, body }, (driver) => driver.runs.start(sync))
      expect(result).toEqual(failure({ _tag }, delivery))
      expect(sent).toHaveLength(1)
    }),
  )
})

describe("get", () => {
  it.effect("reads one run", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: Fixtures.completedRun }, (driver) =>
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

  it.effect("R1: returns the requested id where the vendor writes it in letters of another case", () =>
    Effect.gen(function* () {
      const { result } = yield* callWith({ body: Fixtures.completedRun }, (driver) =>
        driver.runs.get(sync, Fixtures.runId.toUpperCase()),
      )
      expect(result).toEqual(success(expect.objectContaining({ run: Fixtures.runId.toUpperCase() })))
      const other = yield* callWith({ body: Fixtures.completedRun }, (driver) => driver.runs.get(sync, "run-1"))
      expect(other.result).toEqual(success(expect.objectContaining({ run: Fixtures.runId })))
    }),
  )

  it.effect("R1: a run that does not exist is not found", () =>
    Effect.gen(function* () {
      const { result } = yield* callWith({ status: 404, body: { error: "run not found" } }, (driver) =>
        driver.runs.get(sync, "run-1"),
      )
      expect(result).toEqual(failure({ _tag: "NotFound", what: "run" }, "refused"))
      expect(Zeotap.driver(yield* clientOver(recording())).description.unknownRun).toBe("not-found")
    }),
  )
})

describe("list", () => {
  it.effect("requests the first 100 runs", () =>
    Effect.gen(function* () {
      const answer = { body: [Fixtures.completedRun], headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" } }
      const { result, sent } = yield* callWith(answer, (driver) => driver.runs.list(sync, {}))
      expect(result).toEqual(
        success({
          runs: [expect.objectContaining({ run: Fixtures.runId, status: "succeeded" })],
          asOf: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
        }),
      )
      expect(sent).toEqual([`GET ${at}/runs?page=1&page_size=100`])
    }),
  )

  it.effect("L3: sends the page, and no filter", () =>
    Effect.gen(function* () {
      const { sent } = yield* callWith({ body: [] }, (driver) =>
        driver.runs.list(sync, { cursor: `4.20.60~${Fixtures.runId}`, size: 20, statuses: ["failed"] }),
      )
      expect(sent).toEqual([`GET ${at}/runs?page=4&page_size=20`])
    }),
  )

  it.effect("L2: refuses a cursor that names no page, and sends nothing", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: [] }, (driver) => driver.runs.list(sync, { cursor: "../2" }))
      expect(result).toEqual(failure({ _tag: "InvalidRequest" }, "not-sent"))
      expect(sent).toEqual([])
    }),
  )
})

describe("what the vendor lacks", () => {
  it.effect("is left out: cancellation and scopes", () =>
    Effect.gen(function* () {
      const driver = Zeotap.driver(yield* clientOver(recording()))
      expect(driver).not.toHaveProperty("cancellation")
      expect(driver).not.toHaveProperty("scopes")
    }),
  )
})

describe("the schedule of a sync", () => {
  const schedule = (driver: Driver) => driver.runs.ownSchedule(sync)

  it.effect.each([
    [{ body: Fixtures.sync }, "scheduled"],
    [{ body: { ...Fixtures.sync, schedule: null } }, "manual"],
    [{ body: { ...Fixtures.sync, status: "paused" } }, "unknown"],
  ] as const)("T3: in %j is %s", ([answer, expected]) =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith(answer, schedule)
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
      expect((yield* callWith(answer, schedule)).result).toEqual(failure({ _tag }, expect.any(String)))
    }),
  )
})

describe("check", () => {
  it.effect("reads the workspace, and names it", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: Fixtures.workspace }, (driver) => driver.check())
      expect(result).toEqual(
        success({
          identity: { id: Fixtures.workspaceId, name: "Acme" },
          shown: expect.stringContaining("this workspace"),
        }),
      )
      expect(sent).toEqual(["GET "])
    }),
  )

  it.effect("reads the sync, and says its state", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* callWith({ body: { ...Fixtures.sync, status: "draft" } }, (driver) =>
        driver.check(sync),
      )
      expect(result).toEqual(success({ shown: expect.stringContaining("which is a draft") }))
      expect(sent).toEqual([`GET ${at}`])
    }),
  )

  it.effect("fails for a refused token, a foreign workspace, and a sync that does not exist", () =>
    Effect.gen(function* () {
      const refused = yield* callWith({ status: 401 }, (driver) => driver.check())
      expect(refused.result).toEqual(failure({ _tag: "Unauthenticated" }, "refused"))
      const foreign = yield* callWith({ status: 403, body: { error: "no" } }, (driver) => driver.check())
      expect(foreign.result).toEqual(failure({ _tag: "PermissionDenied" }, "refused"))
      const missing = yield* callWith({ status: 404, body: { error: "sync not found" } }, (driver) =>
        driver.check(sync),
      )
      expect(missing.result).toEqual(failure({ _tag: "NotFound", what: "sync" }, "refused"))
    }),
  )
})
