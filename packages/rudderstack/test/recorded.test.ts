/**
 * The answers in the tests of RudderStack's own clients mean here what their authors say they mean. The bodies are typed
 * anew, as small as the claim allows; each case names the file and the commit.
 */
import { describe, expect, it } from "@effect/vitest"
import { RunRef } from "@openretl/core/Ref"
import * as Schedule from "@openretl/core/Schedule"
import { Effect, Stream } from "effect"
import * as RudderStack from "../src/RudderStack.ts"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { open, whileTimePasses } from "./admin.ts"
import { type Answer, client, recording, token } from "./recordingTransport.ts"

/** Opens a workspace that gets these answers, one after the other. */
const answered = Effect.fnUntraced(function* (...answers: ReadonlyArray<Answer>) {
  const transport = recording(...answers)
  const workspace = yield* open({ token, transport: transport.service })
  const sync = yield* RudderStack.syncRef("prod", { connection: "conn-1" })
  return { ...workspace, transport, sync }
})

const many = (answer: Answer) => Array.from({ length: 9 }, () => answer)

const noSource: Answer = { status: 404, body: { error: "not found" } }

describe("rudder-iac, api/client/retl/syncs_test.go at c0bdd0f (2026-09)", () => {
  const startedAt = "2026-09-20T10:00:00Z"

  it.effect.each([
    ["running", 0, "running"],
    ["succeeded", 0, "succeeded"],
    ["succeeded", 3, "partial"],
    ["failed", 0, "failed"],
    ["failed", 7, "failed"],
    ["paused", 0, "unknown"],
  ] as const)(
    "R3, R4: a run that is %s with %i failed rows is %s: only a clean one was delivered",
    ([status, failed, is]) =>
      Effect.gen(function* () {
        const metrics = {
          total: 10,
          succeeded: { total: 10 - failed },
          failed: { total: failed },
          changed: { total: 10 },
        }
        const { runs, sync } = yield* answered({ body: { id: "r", status, startedAt, finishedAt: startedAt, metrics } })
        const ref = new RunRef({ sync, run: "r" })
        const run = yield* runs.get(ref)
        expect(run).toMatchObject({ status: is, vendorStatus: status })
        expect(sync.ids).toEqual({ connection: "conn-1" })
      }),
  )

  it.effect.each([
    ["a run that has ended", "succeeded", "2026-09-20T10:01:30Z", true],
    ["a running one, whose end means nothing", "running", "0001-01-01T00:00:00Z", false],
    ["an end before the start, which is not believed", "succeeded", "2026-09-20T09:00:00Z", false],
  ] as const)("R5: the end of %s", ([, status, finishedAt, isBelieved]) =>
    Effect.gen(function* () {
      const { runs, sync } = yield* answered({ body: { id: "r", status, startedAt, finishedAt } })
      const run = yield* runs.get(new RunRef({ sync, run: "r" }))
      expect(run.finishedAt !== undefined).toBe(isBelieved)
    }),
  )
})

describe("rudder-airflow-provider, test_rudderstack_hook.py at 7ed7e21 (2025-12); dagster-rudderstack, test_resources.py at 9188ff0 (2025-05)", () => {
  const id = "test_retl_sync_id"

  it.effect.each([
    ["succeeded", { id, status: "succeeded" }, { status: "succeeded" }],
    [
      "failed, with the reason",
      { status: "failed", error: "Test error" },
      { status: "failed", errorText: "Test error" },
    ],
  ] as const)("a run is waited for until it has %s, whether or not answers have its id", ([, last, run]) =>
    Effect.gen(function* () {
      const { runs, sync } = yield* answered({ body: { status: "running" } }, ...many({ body: last }))
      const ref = new RunRef({ sync, run: id })
      expect(yield* whileTimePasses(runs.wait(ref))).toMatchObject({ run: { ...run, ref: { run: id } } })
    }),
  )

  it.effect("the answer to a start names the run", () =>
    Effect.gen(function* () {
      const api = yield* client(recording({ body: { syncId: id } }))
      expect(yield* api.startSync("test_retl_conn_id", { syncType: "full" })).toEqual({ syncId: id })
    }),
  )
})

describe("rudder-iac, api/client/retl/connections_test.go at dfdfe26 (2026-08)", () => {
  const connection = {
    id: "conn-1",
    sourceId: "retl-src-123",
    destinationId: "dest-456",
    enabled: true,
    schedule: { type: "manual" },
    syncBehaviour: "upsert",
    identifiers: [{ from: "email", to: "user_id" }],
  }

  it.effect.each([
    ["off and manual", { enabled: false }, { state: "paused", schedule: Schedule.manual, mode: "upsert" }],
    [
      "cron",
      { schedule: { type: "cron", cronExpression: "*/15 * * * *" } },
      { state: "enabled", schedule: Schedule.cron("*/15 * * * *") },
    ],
    [
      "an interval in minutes",
      { schedule: { type: "basic", everyMinutes: 120 }, mappings: [{ from: "name", to: "first_name" }] },
      {
        schedule: Schedule.every("2 hours"),
        mapping: [
          { from: "email", to: "user_id", isIdentifier: true },
          { from: "name", to: "first_name" },
        ],
      },
    ],
    ["no identifiers after an update", { identifiers: [] }, { mapping: [] }],
  ] as const)("K2: a connection with %s", ([, fields, sync]) =>
    Effect.gen(function* () {
      const { catalog, sync: ref } = yield* answered({ body: { ...connection, ...fields } }, noSource)
      expect(yield* catalog.get(ref)).toMatchObject(sync)
    }),
  )

  it.effect("page 2 of a filtered list has a connection and the id that a tool gave it, and another page follows", () =>
    Effect.gen(function* () {
      const paging = { total: 42, next: "/v2/retl-connections?page=3&pageSize=50" }
      const api = yield* client(recording({ body: { data: [{ ...connection, externalId: "ext-1" }], paging } }))
      const page = yield* api.listConnections({ page: 2, pageSize: 50, hasExternalId: true })
      expect(page.data?.map(({ id, externalId }) => [id, externalId])).toEqual([["conn-1", "ext-1"]])
      expect(page.paging).toEqual(paging)
    }),
  )

  it.effect.each([
    [400, '{"error":"Bad Request"}', "InvalidRequest"],
    [500, '{"error":"Internal Server Error"}', "Unavailable"],
    [200, "{malformed", "UnexpectedResponse"],
  ] as const)("H5: the answer %i %s is an error: %s", ([status, body, reason]) =>
    Effect.gen(function* () {
      const api = yield* client(recording({ status, body }))
      expect((yield* Effect.flip(api.getConnection("conn-1"))).reason._tag).toBe(reason)
    }),
  )
})

describe("rudder-iac, retl/connection at 0f0e7ca: handler_remote_test.go (2026-09)", () => {
  const row = (id: string, sourceId = "src-1") => ({ id, sourceId, destinationId: "dst-1", enabled: true })
  const next = "/apigateway/v1/retl-connections?page=2"

  it.effect("K1: an empty page with a next one is not the end of the list", () =>
    Effect.gen(function* () {
      const pages: ReadonlyArray<Answer> = [
        { body: { data: [row("conn-1")], paging: { total: 2, next } } },
        { body: { data: [], paging: { total: 2, next } } },
        { body: { data: [row("conn-2")], paging: { total: 2 } } },
      ]
      const [first = noSource, ...others] = pages
      // The pages come twice: a list of several is read until two readings agree.
      const { catalog } = yield* answered(first, noSource, ...others, ...pages)
      const syncs = yield* Stream.runCollect(catalog.list)
      expect(syncs.map(({ ref }) => ref.ids["connection"])).toEqual(["conn-1", "conn-2"])
    }),
  )

  it.effect("K1: a list that promises more than it shows is never taken for whole", () =>
    Effect.gen(function* () {
      const answer: Answer = { body: { data: [row("conn-1")], paging: { total: 250 } } }
      const { catalog } = yield* answered(answer, noSource, ...many(answer))
      expect(yield* Effect.flip(Stream.runCollect(catalog.list))).toMatchObject({
        reason: { _tag: "UnexpectedResponse" },
      })
    }),
  )
})

describe("rudder-iac, retl/connection/convert_test.go at 473b8f7 (2026-09)", () => {
  it.effect.each<[string, object]>([
    ["of events", { event: { type: "track", name: "signup" } }],
    ["of an object", { object: "Contact" }],
    ["of a destination with settings of its own", { destinationConfig: { listId: "42" } }],
  ])("K2: the fields %s are kept as they come", ([, fields]) =>
    Effect.gen(function* () {
      const body = { id: "conn-1", enabled: true, identifiers: [{ from: "id", to: "user_id" }], ...fields }
      const { catalog, sync } = yield* answered({ body })
      expect(RudderStackAdmin.nativeOf(yield* catalog.get(sync))).toEqual(body)
    }),
  )
})

describe("terraform-provider-rudderstack, connection_customerio_audience_test.go at 3b37744 (2026-06)", () => {
  it.effect("A4: the identifiers of an audience go to its fields, and can be changed", () =>
    Effect.gen(function* () {
      const audience = {
        id: "conn-1",
        sourceId: "retl-src-1",
        destinationId: "dest-cio",
        enabled: true,
        schedule: { type: "manual" },
        syncBehaviour: "mirror",
        identifiers: [{ from: "email", to: "email" }],
        destinationConfig: { audienceId: 42 },
      }
      const identifiers = [{ from: "user_id", to: "external_id" }]
      const updatedBody = { ...audience, identifiers }
      // The update reads twice before its request.
      const { administration, sync } = yield* answered({ body: audience }, { body: audience }, { body: updatedBody })
      const updated = yield* administration.update(sync, RudderStackAdmin.change({ identifiers }))
      expect(updated).toMatchObject({ mode: "mirror", mapping: [{ to: "external_id", isIdentifier: true }] })
      expect(RudderStackAdmin.nativeOf(updated)?.destinationConfig).toEqual({ audienceId: 42 })
    }),
  )
})
