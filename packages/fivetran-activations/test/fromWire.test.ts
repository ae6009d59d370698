import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import * as Api from "../src/FivetranActivationsApi.ts"
import * as FromWire from "../src/internal/fromWire.ts"
import * as SyncFromWire from "../src/internal/syncFromWire.ts"
import * as Fixtures from "./fixtures.ts"

const snapshotOf = (body: object) => FromWire.snapshot(Schema.decodeUnknownSync(Api.Run)({ ...Fixtures.run, ...body }))

const at = (text: string) => DateTime.makeUnsafe(text)

describe("a run", () => {
  it("R3, R4, R5: of the vendor's sample has its times and its rows, the invalid one too", () => {
    const { native: _, ...run } = snapshotOf({})
    expect(run).toEqual({
      run: "94",
      status: "succeeded",
      vendorStatus: "completed",
      queuedAt: at("2021-10-20T02:51:07.546Z"),
      startedAt: at("2021-10-20T02:51:07.546Z"),
      finishedAt: at("2021-10-20T02:52:29.234Z"),
      rows: { succeeded: 13, failed: 1, invalid: 1, total: 14, addsUp: "yes" },
    })
  })

  it("R4, R5: that failed early has no counts but the one that is known, and its last update for an end", () => {
    const { native: _, ...run } = snapshotOf(Fixtures.failedRun)
    expect(run).toMatchObject({ status: "failed", errorCode: "JSON_ARRAY_ERROR", errorText: "no such column" })
    expect(run.rows).toEqual({ invalid: 0 })
    expect(run.finishedAt).toEqual(at("2021-10-20T02:52:29.236Z"))
  })

  it.each([
    ["queued", "queued"],
    ["preparing", "running"],
    ["working", "running"],
    ["completed", "succeeded"],
    ["failed", "failed"],
    ["skipped", "skipped"],
    ["Canceled", "cancelled"],
    ["pondering", "unknown"],
  ])("R3: that is %s is %s", (word, status) => {
    expect(snapshotOf({ status: word })).toMatchObject({ status, vendorStatus: word })
  })

  it.each([
    ["completed", {}, "cancelled"],
    ["failed", {}, "cancelled"],
    ["pondering", {}, "cancelled"],
    ["working", {}, "cancelled"],
    ["working", { completed_at: null }, "cancelling"],
    ["skipped", {}, "skipped"],
  ])("R3: that is canceled beside %s, with %j, is %s, and never a success", (word, times, status) => {
    expect(snapshotOf({ status: word, canceled: true, ...times }).status).toBe(status)
  })

  it.each([
    [{ records_invalid: 3, source_record_invalids: 1 }, 3],
    [{ records_invalid: 0, source_record_invalids: 2 }, 2],
    [{ records_invalid: 2, source_record_invalids: null }, 2],
    [{ records_invalid: null, source_record_invalids: null }, undefined],
  ])("R4: with %j has %s invalid rows", (counts, invalid) => {
    expect(snapshotOf(counts).rows.invalid).toBe(invalid)
  })

  it("R4: under way leaves out zeros and the total, and shows other counts", () => {
    const run = { status: "working", completed_at: null, records_failed: 0, source_record_invalids: 0 }
    expect(snapshotOf(run).rows).toEqual({ succeeded: 13 })
    expect(snapshotOf({ ...run, records_updated: null }).rows).toEqual({})
  })

  it("R5: that waits has no start and no end", () => {
    const { startedAt, finishedAt, queuedAt } = snapshotOf({ status: "queued", completed_at: null })
    expect([startedAt, finishedAt, queuedAt]).toEqual([undefined, undefined, at(Fixtures.run.created_at)])
  })

  it.each([
    ["Manual", undefined],
    ["API", "api"],
    ["Scheduled", "schedule"],
    ["dbt Cloud", "dependency"],
    ["Fivetran", "dependency"],
    ["Moon phase", undefined],
  ])("R5: whose reason is %s was started by %s", (ui_tag, startedBy) => {
    expect(snapshotOf({ sync_trigger_reason: { ui_tag } }).startedBy).toBe(startedBy)
  })

  it.effect.prop("H5: of any fields is a run", { run: Api.Run }, ({ run }) =>
    Effect.sync(() => {
      expect(FromWire.snapshot(run).run).toBe(run.id)
    }),
  )
})

const decodeSync = (body: object) => Schema.decodeUnknownSync(Api.Sync)({ ...Fixtures.sync, ...body })

describe("a sync", () => {
  const syncOf = (body: object) => SyncFromWire.snapshot(decodeSync(body))

  it("K2: has its name, its ends, its mapping by position, its mode and its schedule", () => {
    const { native: _, vendorFields, ...sync } = syncOf({})
    expect(sync).toEqual({
      ids: { sync: "52" },
      name: "Customers",
      connection: { source: { id: "828" }, destination: { id: "15" } },
      state: "enabled",
      vendorState: "ready",
      mode: "upsert",
      vendorMode: "upsert",
      mapping: [
        { from: "email", to: "Email", isIdentifier: true },
        { from: "name", to: "Name" },
      ],
      schedule: expect.objectContaining({ _tag: "Cron", expression: "30 6 * * *" }),
    })
    expect(vendorFields?.map(({ field }) => field)).toContain("destination_attributes.object")
  })

  it.each([
    [{ paused: true }, "paused"],
    [{ status: "Ready" }, "enabled"],
    [{ status: "failing" }, "enabled"],
    [{ status: "archived" }, "unknown"],
    [{ status: null }, "unknown"],
    [{ paused: null }, "unknown"],
  ])("K2: with %j is %s", (fields, state) => {
    expect(syncOf(fields).state).toBe(state)
  })

  it("K2: a mapping that not one column fills is named, and shown as it is", () => {
    const entry = { from: { type: "liquid_template", data: "{{ a }}" }, to: "Greeting", position: 2 }
    const lookup = { from: { type: "column", data: "owner" }, to: "Owner", lookup_object: "User", position: 3 }
    const sync = syncOf({ mappings: [...Fixtures.sync.mappings, entry, lookup] })
    expect(sync.unreadMapping).toEqual(["Greeting", "Owner"])
    expect(sync.vendorFields?.map(({ field }) => field)).toContain("mapping.Greeting")
  })

  it("K2: an activation stands for the destination, and a field that the vendor adds is named as unread", () => {
    const destination_attributes = { activation_id: "glimmering_donkey", object: "Contact" }
    const sync = syncOf({ destination_attributes, audit: { level: 3 } })
    expect(sync.connection.destination).toEqual({ id: "glimmering_donkey" })
    expect(sync.unreadFields).toEqual(["audit"])
  })
})

describe("whether a sync fires by itself", () => {
  const never = { schedule: { frequency: "never" } }
  it.each([
    [{ mode: { type: "triggered", triggers: never } }, "manual"],
    [{}, "scheduled"],
    [{ paused: true }, "unknown"],
    [{ mode: { type: "live" } }, "scheduled"],
    [{ mode: { type: "triggered", triggers: { ...never, dbt_cloud: { project_id: "1", job_id: "2" } } } }, "scheduled"],
    [{ mode: { type: "triggered", triggers: { ...never, sync_sequence: { sync_id: 7 } } } }, "scheduled"],
    [{ mode: { type: "triggered", triggers: { ...never, moon: { phase: "full" } } } }, "scheduled"],
    [{ mode: { type: "triggered", triggers: { schedule: { every: 5 } } } }, "scheduled"],
    [{ mode: { type: "triggered" } }, "unknown"],
    [{ mode: { type: "streaming", triggers: never } }, "unknown"],
    [{ mode: null, schedule_frequency: "never" }, "manual"],
    [{ mode: null, schedule_frequency: null }, "unknown"],
  ])("T3: %j is %s", (fields, own) => {
    expect(FromWire.ownSchedule(decodeSync(fields))).toBe(own)
  })
})
