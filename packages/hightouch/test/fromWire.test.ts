import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import * as Api from "../src/HightouchApi.ts"
import * as FromWire from "../src/internal/fromWire.ts"
import * as SyncFromWire from "../src/internal/syncFromWire.ts"
import * as Fixtures from "./fixtures.ts"

const snapshotOf = (body: object) => FromWire.snapshot(Schema.decodeUnknownSync(Api.Run)({ ...Fixtures.run, ...body }))

const at = (text: string) => DateTime.makeUnsafe(text)

describe("a run", () => {
  it("R3, R4, R5: of the vendor's sample has its times, its rows and no error", () => {
    const { native: _, ...run } = snapshotOf({})
    expect(run).toEqual({
      run: "42",
      status: "succeeded",
      vendorStatus: "success",
      queuedAt: at("2022-02-08T16:11:04.712Z"),
      startedAt: at("2022-02-08T16:11:04.712Z"),
      finishedAt: at("2022-02-08T16:11:11.698Z"),
      rows: { succeeded: 773, failed: 0, deleted: 0, total: 773, addsUp: "yes" },
    })
  })

  it.each([
    ["pending", "queued"],
    ["queued", "queued"],
    ["querying", "running"],
    ["processing", "running"],
    ["reporting", "running"],
    ["success", "succeeded"],
    ["warning", "partial"],
    ["failed", "failed"],
    ["cancelled", "cancelled"],
    ["aborted", "cancelled"],
    ["pondering", "unknown"],
  ])("R3: that is %s is %s", (word, status) => {
    expect(snapshotOf({ status: word })).toMatchObject({ status, vendorStatus: word })
  })

  it.each([
    ["with an end", {}, "failed"],
    ["without an end", { finishedAt: null }, "running"],
    ["whose end is left out", { finishedAt: undefined }, "running"],
    ["whose end is its creation", { finishedAt: Fixtures.run.createdAt }, "running"],
  ])("R3: that is interrupted, %s, is %s", (_, times, status) => {
    const run = snapshotOf({ status: "interrupted", ...times })
    expect(run.status).toBe(status)
    expect(run.finishedAt === undefined).toBe(status === "running")
  })

  it("R4: sums the three kinds of rows, and counts the removed ones as deleted", () => {
    const counts = (addedCount: number, changedCount: number, removedCount: number) => ({
      addedCount,
      changedCount,
      removedCount,
    })
    const run = snapshotOf({
      status: "warning",
      plannedRows: counts(100, 20, 5),
      successfulRows: counts(90, 18, 4),
      failedRows: counts(3, 2, 1),
    })
    expect(run.rows).toEqual({ succeeded: 112, failed: 6, deleted: 4, total: 125, addsUp: "yes" })
  })

  it.each([
    ["lacks a kind", { addedCount: 773, changedCount: 0 }],
    ["has a kind that is not a count", { addedCount: 773, changedCount: 0, removedCount: -1 }],
    ["is too large to be summed", { addedCount: 9007199254740991, changedCount: 1, removedCount: 0 }],
    ["is null", null],
  ])("R4: has no sum where a count %s", (_, successfulRows) => {
    expect(snapshotOf({ successfulRows }).rows).not.toHaveProperty("succeeded")
  })

  it("R4: under way leaves out zeros and the planned rows", () => {
    const none = { addedCount: 0, changedCount: 0, removedCount: 0 }
    const run = { status: "processing", finishedAt: null }
    expect(snapshotOf({ ...run, successfulRows: none }).rows).toEqual({})
    expect(snapshotOf(run).rows).toEqual({ succeeded: 773 })
  })

  it.each([
    ["null", null],
    ["the time of its creation", Fixtures.run.createdAt],
  ])("R5: that waits has no start and no end, where the vendor writes %s", (_, time) => {
    const { startedAt, finishedAt, queuedAt } = snapshotOf({ status: "queued", startedAt: time, finishedAt: time })
    expect([startedAt, finishedAt, queuedAt]).toEqual([undefined, undefined, at(Fixtures.run.createdAt)])
  })

  it("R5: shows its error once it has ended", () => {
    expect(snapshotOf({ status: "failed", error: "no such table" }).errorText).toBe("no such table")
    expect(snapshotOf({ status: "querying", error: "no such table", finishedAt: null }).errorText).toBeUndefined()
    expect(snapshotOf({ status: "failed", error: "" }).errorText).toBeUndefined()
  })

  it.effect.prop("H5: of any fields is a run", { run: Api.Run }, ({ run }) =>
    Effect.sync(() => {
      expect(FromWire.snapshot(run).run).toBe(run.id)
    }),
  )
})

describe("a sync", () => {
  const syncOf = (body: object) =>
    SyncFromWire.snapshot(Schema.decodeUnknownSync(Api.Sync)({ ...Fixtures.sync, ...body }))

  it("K2: of the vendor's sample has its parts, its state and its schedule, and no name", () => {
    const { native, vendorFields, ...sync } = syncOf({})
    expect(sync).toMatchObject({
      ids: { sync: "1" },
      connection: { source: { id: "1" }, destination: { id: "1" } },
      state: "enabled",
      vendorState: "success",
      primaryKey: ["id"],
      schedule: { _tag: "Every" },
    })
    expect(sync).not.toHaveProperty("name")
    expect(sync).not.toHaveProperty("unreadFields")
    expect(native.slug).toBe("testsync")
    expect(vendorFields?.map(({ field }) => field)).toContain("configuration.mode")
  })

  it.each([
    [{ disabled: true, status: "disabled" }, "paused"],
    [{ disabled: true, status: "success" }, "paused"],
    [{ disabled: false, status: "failed" }, "enabled"],
    [{ disabled: false, status: "archived" }, "unknown"],
    [{ disabled: null, status: "success" }, "unknown"],
  ])("K2: with %j is %s", (fields, state) => {
    expect(syncOf(fields).state).toBe(state)
  })

  it("K2: a field that the vendor adds is named as unread", () => {
    expect(syncOf({ alerts: { email: "a@example.com" } }).unreadFields).toEqual(["alerts"])
  })
})

describe("whether a sync fires by itself", () => {
  const { schedule } = Fixtures.sync
  it.each([
    [{ schedule: null, disabled: false }, "manual"],
    [{ schedule: null, disabled: true }, "manual"],
    [{ schedule, disabled: false }, "scheduled"],
    [{ schedule, disabled: true }, "unknown"],
    [{ schedule }, "unknown"],
    [{ disabled: false }, "unknown"],
  ])("T3: %j is %s", (fields, own) => {
    expect(FromWire.ownSchedule(fields)).toBe(own)
  })
})
