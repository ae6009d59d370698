import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import * as Fault from "@openretl/emulator/Fault"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import { daily, setup } from "./configured.ts"
import { ended } from "./onEmulator.ts"

/** Every value of every switch, including the defaults. */
const settings = Object.entries(ZeotapSwitches).flatMap(([name, { values }]) =>
  values.map((value): [string, string] => [name, value]),
)

describe("A2: a create", () => {
  it.effect.each(settings)("is disabled and manual by default, with %s %s", ([name, value]) =>
    Effect.gen(function* () {
      const { emulator, creation, define, latest } = yield* setup({ switches: { [name]: value } })
      const created = yield* ended(creation.create(define()))
      expect(created).toMatchObject({
        _tag: "Success",
        success: { name: "Orders", schedule: Schedule.manual, mapping: [{ from: "email", to: "Email" }] },
      })
      const sync = yield* latest
      expect(sync).toMatchObject({ name: "Orders", state: expect.stringMatching(/^(?:draft|paused)$/) })
      expect(sync?.schedule).toBeUndefined()
      expect(yield* emulator.overLimit).toBe(0)
    }),
  )

  it.effect.each(settings)("never fires while it is disabled, with any schedule, with %s %s", ([name, value]) =>
    Effect.gen(function* () {
      const { emulator, creation, define, latest } = yield* setup({ switches: { [name]: value } })
      const every = Schedule.cron("* * * * *")
      const created = yield* ended(creation.create(define({ schedule: every })))
      expect(created).toMatchObject({ _tag: "Success", success: { schedule: every } })
      const sync = yield* latest
      expect(sync).toMatchObject({ schedule: "* * * * *", state: expect.stringMatching(/^(?:draft|paused)$/) })
      yield* TestClock.adjust("1 hour")
      expect(sync && (yield* emulator.runsOf(sync.ids))).toEqual([])
    }),
  )

  it.effect.each(settings)("is enabled where the definition says so, with %s %s", ([name, value]) =>
    Effect.gen(function* () {
      const { creation, define, latest } = yield* setup({ switches: { [name]: value } })
      const created = yield* ended(creation.create(define({ enabled: true, schedule: daily })))
      expect(created).toMatchObject({ _tag: "Success", success: { state: "enabled", schedule: daily } })
      expect(yield* latest).toMatchObject({ state: "enabled", schedule: "0 6 * * *" })
    }),
  )

  it.effect("that the vendor makes active has no schedule when the second request fails", () =>
    Effect.gen(function* () {
      const { emulator, creation, define, latest } = yield* setup({ switches: { createdStatus: "active" } })
      yield* emulator.addFaults(Fault.respond("update", { status: 400, commits: false }))
      expect(yield* ended(creation.create(define({ schedule: daily })))).toMatchObject({
        failure: { _tag: "ChangeIncomplete", remaining: { enabled: false, schedule: daily } },
      })
      expect(yield* latest).not.toHaveProperty("schedule")
    }),
  )

  it.effect.each([
    [{}, {}, 1],
    [{ enabled: true, schedule: daily }, { createdStatus: "active" }, 1],
    [{ schedule: daily }, {}, 2],
    [{}, { createdStatus: "active" }, 2],
    [{ enabled: true, schedule: daily }, { createAnswer: "id-only" }, 2],
    [{}, { createAnswer: "empty" }, 1],
  ] as const)("with %j, at a vendor with %j, sends %s requests", ([fields, switches, count]) =>
    Effect.gen(function* () {
      const { creation, define, written } = yield* setup({ switches })
      yield* ended(creation.create(define(fields)))
      expect(yield* written).toHaveLength(count)
    }),
  )

  it.effect("sends every field, in wire terms", () =>
    Effect.gen(function* () {
      const { creation, define, written, model, destination } = yield* setup()
      const fields = {
        description: "Today's",
        config: { batch: 100 },
        mode: "mirror",
        mapping: [{ from: "revenue", to: "Revenue", cast: "number" }],
        primaryKey: "order_id",
      } as const
      const whole = ZeotapAdmin.definition({ name: "Orders", model, destination, ...fields })
      expect(yield* ended(creation.create({ ...define(), ...whole }))).toMatchObject({
        success: { mode: "mirror", primaryKey: ["order_id"], mapping: fields.mapping },
      })
      const [[method, status, body] = []] = yield* written
      expect([method, status]).toEqual(["POST", 201])
      expect(JSON.parse(String(body))).toEqual({
        name: "Orders",
        model_id: model,
        destination_id: destination,
        description: "Today's",
        config: { batch: 100 },
        sync_mode: "mirror",
        field_mapping: [{ source_column: "revenue", destination_field: "Revenue", type_cast: "number" }],
        primary_key: "order_id",
      })
    }),
  )

  it.effect.each([
    ["400", "InvalidRequest"],
    ["409", "Conflict"],
  ] as const)("with a name that is taken is refused where the vendor answers %s", ([duplicateName, _tag]) =>
    Effect.gen(function* () {
      const { emulator, creation, define } = yield* setup({ switches: { duplicateName } })
      expect(yield* ended(creation.create(define({ name: "Nightly" })))).toMatchObject({
        _tag: "Failure",
        failure: { operation: "createSync", delivery: "refused", reason: { _tag } },
      })
      expect(yield* emulator.syncs).toHaveLength(2)
    }),
  )

  it.effect("succeeds where the list of syncs may be cut off, as long as its answer shows the sync", () =>
    Effect.gen(function* () {
      const { emulator, creation, define } = yield* setup({ switches: { runsLength: "20" } })
      for (let count = 0; count < 20; count++) yield* emulator.addSync()
      expect(yield* ended(creation.create(define()))).toMatchObject({ success: { name: "Orders" } })
      yield* emulator.setSwitches({ createAnswer: "empty" })
      expect(yield* ended(creation.create(define({ name: "More" })))).toMatchObject({
        failure: { _tag: "ChangeIndeterminate", operation: "create", candidates: [] },
      })
    }),
  )
})

describe("B1: many changes", () => {
  it.effect("in a row stay within the rate limits", () =>
    Effect.gen(function* () {
      const { emulator, creation, define } = yield* setup({ switches: { createdStatus: "active" } })
      for (let count = 0; count < 12; count++) {
        expect(yield* ended(creation.create(define({ name: `Sync ${count}`, schedule: daily })))).toMatchObject({
          _tag: "Success",
        })
      }
      expect(yield* emulator.overLimit).toBe(0)
      expect((yield* emulator.syncs).every(({ name, state }) => !name.startsWith("Sync ") || state === "paused")).toBe(
        true,
      )
    }),
  )
})
