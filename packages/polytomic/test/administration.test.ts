import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import * as Fault from "@openretl/emulator/Fault"
import { Effect, Stream } from "effect"
import * as PolytomicAdmin from "../src/PolytomicAdmin.ts"
import * as Fixtures from "./fixtures.ts"
import { ended, onEmulator } from "./onEmulator.ts"
import { clientOver, recording } from "./recordingTransport.ts"

describe("the catalog", () => {
  it.effect("K1: GET /api/syncs: has every sync over several pages, each read alone", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* onEmulator()
      for (let index = 0; index < 60; index++) yield* emulator.addSync({ name: `sync ${index}` })
      const result = yield* ended(Stream.runCollect(catalog.list))
      const names = result._tag === "Success" ? result.success.map(({ name }) => name) : []
      expect(new Set(names).size).toBe(61)
      const calls = yield* emulator.calls
      // Core reads a list of several pages twice, and each sync once.
      expect(calls.filter(({ operation }) => operation === "syncs")).toHaveLength(4)
      expect(calls.filter(({ operation }) => operation === "sync")).toHaveLength(61)
    }),
  )

  it.effect("K1: leaves out a sync that is deleted after its page was read", () =>
    Effect.gen(function* () {
      const { emulator, catalog, ids } = yield* onEmulator()
      yield* emulator.addSync({ name: "another" })
      const names = catalog.list.pipe(
        Stream.rechunk(1),
        Stream.tap(() => Effect.ignore(emulator.deleteSync(ids))),
        Stream.map(({ name }) => name),
        Stream.runCollect,
      )
      const result = yield* ended(names)
      expect(result).toMatchObject({ _tag: "Success" })
      expect(result._tag === "Success" && result.success).toContain("another")
    }),
  )

  it.effect("K1: fails where a 404 of a sync has no form of the vendor's, and hides none", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* onEmulator()
      yield* emulator.addFaults(Fault.respond("sync", { status: 404, body: "" }))
      const result = yield* ended(Stream.runCollect(catalog.list))
      expect(result).toMatchObject({ failure: { reason: { _tag: "NotFound" }, delivery: "unknown" } })
    }),
  )
})

describe("a sync", () => {
  it.effect("A1: POST /api/syncs/{id}/activate: is paused and resumed with one request each", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator()
      expect(yield* ended(administration.pause(ref))).toMatchObject({ success: { state: "paused" } })
      expect(yield* ended(administration.resume(ref))).toMatchObject({ success: { state: "enabled" } })
      const writes = (yield* emulator.calls).filter(({ method }) => method !== "GET")
      expect(writes.map(({ method, path }) => `${method} ${path.replace(/[\da-f-]{36}/, "s")}`)).toEqual([
        "POST /api/syncs/s/activate",
        "POST /api/syncs/s/activate",
      ])
    }),
  )

  it.effect("A1, A4: PUT /api/syncs/{id}: is scheduled, and nothing else of it changes", () =>
    Effect.gen(function* () {
      const { administration, client, sync, ref } = yield* onEmulator()
      const before = yield* client.getSync(sync)
      yield* ended(administration.setSchedule(ref, Schedule.cron("0 6 * * 1-5")))
      const after = yield* client.getSync(sync)
      expect(after.schedule).toMatchObject({ frequency: "custom", minute: "0", hour: "6", day_of_week: "1-5" })
      expect({ ...after, schedule: 0, updated_at: 0 }).toEqual({ ...before, schedule: 0, updated_at: 0 })
    }),
  )

  it.effect("A1: is renamed, paused and scheduled with one request", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator()
      const change = { name: "Renamed", enabled: false, schedule: Schedule.cron("5 * * * *") }
      const result = yield* ended(administration.update(ref, PolytomicAdmin.change(change)))
      expect(result).toMatchObject({ success: { name: "Renamed", state: "paused", schedule: { _tag: "Cron" } } })
      expect((yield* emulator.calls).filter(({ method }) => method !== "GET")).toHaveLength(1)
    }),
  )

  it.effect("A1, A4: has other fields in the vendor's words, and keeps the rest", () =>
    Effect.gen(function* () {
      const { administration, client, sync, ref } = yield* onEmulator()
      const before = yield* client.getSync(sync)
      const fields = [{ source: { field: "phone", model_id: "m" }, target: "Phone" }]
      const change = PolytomicAdmin.change({ fields, sync_all_records: true, only_enrich_updates: false })
      const result = yield* ended(administration.update(ref, change))
      expect(result).toMatchObject({ success: { mapping: [{ from: "phone", to: "Phone" }], name: before.name } })
      const { fields: _, sync_all_records, updated_at: __, ...after } = yield* client.getSync(sync)
      expect(sync_all_records).toBe(true)
      expect(before).toMatchObject(after)
    }),
  )

  it.effect.each([
    ["a field that the adapter does not read", { alerts: { email: "a@example.com" } }, "alerts"],
    ["no word on whether it is active", { active: undefined }, "active"],
    ["a masked secret", { encryption_passphrase: "********" }, "sync.encryption_passphrase"],
    [
      "a mask in a setting of its target",
      { target: { connection_id: "c", api_key: "••••1234" } },
      "sync.target.api_key",
    ],
  ] as const)("A4: is not scheduled with %s, which the vendor would clear", ([_, fields, path]) =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { ...Fixtures.sync, ...fields } } })
      const { administration, catalog } = PolytomicAdmin.driver(yield* clientOver(transport))
      const read = <A>(__: unknown, request: Effect.Effect<A, RetlError>) => request
      const current = yield* catalog.get({ read } as never, { sync: "s" })
      const error = yield* Effect.flip(administration.update(current, { schedule: Schedule.manual }))
      // No field of the change is wrong.
      expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: [] }] }, delivery: "not-sent" })
      expect(error.message).toContain(path)
      expect(transport.requests).toHaveLength(1)
    }),
  )

  it.effect("A1: a change with a field that Polytomic has not sends nothing", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator()
      const change = PolytomicAdmin.change({ name: "n", color: "red" } as PolytomicAdmin.SyncChange)
      const failed = yield* ended(administration.update(ref, change))
      expect(failed).toMatchObject({ failure: { reason: { _tag: "InvalidRequest" }, delivery: "not-sent" } })
      expect(yield* emulator.calls).toEqual([])
    }),
  )

  it.effect("A4: an answer without the sync is read again", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator()
      const body = '{"data":{}}'
      yield* emulator.addFaults(Fault.respond("update", { status: 200, body, commits: true }))
      expect(yield* ended(administration.pause(ref))).toMatchObject({ success: { state: "paused" } })
    }),
  )
})
