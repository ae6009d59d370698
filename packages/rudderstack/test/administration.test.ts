import { describe, expect, it } from "@effect/vitest"
import { ChangeIncomplete } from "@openretl/core/Change"
import * as Schedule from "@openretl/core/Schedule"
import type { Emulator } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as RudderStack from "../src/RudderStack.ts"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { admin, setup } from "./admin.ts"
import { onTheWire, recording } from "./recordingTransport.ts"

const { change, definition } = RudderStackAdmin
const hourly = Schedule.every("1 hour")

/** With a clock that goes on meanwhile; the delay makes the test clock follow it across its fibers. */
const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.delay(effect, "1 millis"))
    yield* TestClock.adjust("10 minutes")
    return yield* Fiber.join(fiber)
  })

const statesOf = (emulator: Emulator) =>
  Effect.map(emulator.syncs, (syncs) => syncs.map(({ state, schedule }) => ({ state, schedule })))

describe("creating", () => {
  it.effect("A2: is one request, disabled and manual unless told, at every value of the switches", () =>
    Effect.gen(function* () {
      for (const [name, { values }] of Object.entries(RudderStackSwitches)) {
        if (name === "connectionsList") continue
        for (const value of values) {
          const { emulator, administration, wanted, written } = yield* setup()
          yield* emulator.setSwitch(name, value)
          const sync = yield* administration.create(definition(wanted))
          expect(sync).toMatchObject({
            state: "paused",
            schedule: Schedule.manual,
            mode: "upsert",
            connection: { source: { id: wanted.sourceId }, destination: { id: wanted.destinationId } },
            unreadMapping: ["from"],
          })
          expect(yield* statesOf(emulator)).toEqual([{ state: "paused", schedule: undefined }])
          expect(yield* written).toHaveLength(1)
        }
      }
    }),
  )

  it.effect("A2: enabled and scheduled where told, in one request too", () =>
    Effect.gen(function* () {
      const { emulator, administration, catalog, wanted, written } = yield* setup()
      const sync = yield* administration.create(definition({ ...wanted, enabled: true, schedule: hourly }))
      expect(sync).toMatchObject({ state: "enabled", schedule: hourly })
      expect(yield* catalog.get(sync.ref)).toMatchObject({ state: "enabled", schedule: hourly, native: sync.native })
      expect(yield* statesOf(emulator)).toEqual([{ state: "enabled", schedule: { type: "basic", everyMinutes: 60 } }])
      expect(yield* written).toEqual(["POST 200"])
    }),
  )

  it.effect("A1: sent once; an answer that was lost is looked up", () =>
    Effect.gen(function* () {
      for (const fault of [
        Fault.lost("create", { commits: true }),
        Fault.gatewayPage("create", { commits: true }),
        Fault.truncated("create"),
        Fault.emptyBody("create"),
      ]) {
        const { emulator, administration, wanted, written } = yield* setup({ readLag: "10 seconds" })
        yield* emulator.addFaults(fault)
        const sync = yield* timed(administration.create(definition(wanted)))
        expect((yield* emulator.syncs).map(({ ids }) => ids)).toEqual([sync.ref.ids])
        expect(yield* written).toHaveLength(1)
      }
    }),
  )

  it.effect("A1: one that was not carried out is ChangeIndeterminate, and never sent again", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted, written } = yield* setup()
      yield* emulator.addFaults(Fault.lost("create", { commits: false }))
      const failed = yield* Effect.flip(timed(administration.create(definition(wanted))))
      expect(failed).toMatchObject({ _tag: "ChangeIndeterminate", operation: "create", candidates: [] })
      expect(yield* emulator.syncs).toEqual([])
      expect(yield* written).toHaveLength(1)
    }),
  )

  it.effect(
    "A4: a pair that has a connection is refused, and that connection is left alone, whatever is answered",
    () =>
      Effect.gen(function* () {
        for (const [pairTaken, reason] of [
          ["409", "Conflict"],
          ["400", "InvalidRequest"],
          ["existing", "Conflict"],
        ] as const) {
          const { emulator, administration, wanted, written } = yield* setup({ switches: { pairTaken } })
          yield* administration.create(definition({ ...wanted, enabled: true, schedule: hourly }))
          const before = yield* statesOf(emulator)
          const failed = yield* Effect.flip(timed(administration.create(definition(wanted))))
          expect(failed).toMatchObject({ _tag: "RetlError", reason: { _tag: reason } })
          expect(yield* statesOf(emulator)).toEqual(before)
          expect(yield* written).toHaveLength(2)
        }
      }),
  )

  it.effect(
    "A4: where the list is closed, an answer with a connection that is not like ours is not taken for ours",
    () =>
      Effect.gen(function* () {
        const { emulator, administration, wanted, written } = yield* setup({ switches: { pairTaken: "existing" } })
        const taken = yield* administration.create(definition({ ...wanted, enabled: true, schedule: hourly }))
        const before = yield* statesOf(emulator)
        yield* emulator.deny(["syncs"])
        const other = yield* admin(emulator)
        for (const changed of [{ ...wanted, mappings: [{ from: "x", to: "y" }] }, wanted]) {
          const failed = yield* Effect.flip(timed(other.administration.create(definition(changed))))
          // One is not like what was asked for, the other fires though nobody asked for that.
          expect(failed).toMatchObject({ _tag: "ChangeIndeterminate", operation: "create" })
          expect(failed._tag === "ChangeIndeterminate" && failed.candidates.map(String)).toEqual([String(taken.ref)])
        }
        expect(yield* statesOf(emulator)).toEqual(before)
        expect((yield* written).filter((write) => write.startsWith("PUT"))).toEqual([])
      }),
  )

  it.effect("A3: what the answer leaves open and cannot be set is said, and can be finished or undone", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted } = yield* setup({ switches: { deletedPairRevived: "old-id" } })
      const wish = definition({ ...wanted, enabled: true, schedule: hourly })
      for (const end of ["finish", "undo"] as const) {
        const first = yield* administration.create(wish)
        yield* administration.delete(first.ref)
        const id = String(first.ref.ids["connection"])
        // Made, but the answer tells neither that it is enabled nor when it runs.
        const body = JSON.stringify({ id, sourceId: wanted.sourceId, destinationId: wanted.destinationId })
        yield* emulator.addFaults(Fault.respond("create", { status: 200, body, commits: true }))
        yield* emulator.deny(["update"])
        const failed = yield* Effect.flip(timed(administration.create(wish)))
        expect(failed).toBeInstanceOf(ChangeIncomplete)
        if (!(failed instanceof ChangeIncomplete)) return expect.unreachable()
        expect(failed).toMatchObject({
          operation: "create",
          remaining: { enabled: true, schedule: hourly },
          error: { reason: { _tag: "PermissionDenied" } },
        })
        yield* emulator.deny([])
        if (end === "finish") {
          expect(yield* administration.update(failed.sync.ref, failed.remaining)).toMatchObject({ state: "enabled" })
        }
        yield* administration.delete(failed.sync.ref)
        expect(yield* emulator.syncs).toEqual([])
      }
    }),
  )

  it.effect("S1: is refused before any request, with every problem at once", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted } = yield* setup()
      const wrong = {
        ...definition({ ...wanted, sourceId: "", schedule: Schedule.every("1 minute"), cursorColumn: "" }),
        name: "Orders",
      }
      const failed = yield* Effect.flip(administration.create(wrong))
      const paths = [["schedule", "every"], ["name"], ["part", "spec", "sourceId"], ["part", "spec", "cursorColumn"]]
      expect(failed).toMatchObject({ delivery: "not-sent", reason: { issues: paths.map((path) => ({ path })) } })
      expect(failed.message).toContain("at least 5 minutes (RudderStack's schedule settings page")
      const many = definition({ ...wanted, sourceId: "", syncBehaviour: "mirror", object: "person" })
      expect(yield* Effect.flip(administration.create(many))).toMatchObject({
        reason: { issues: ["sourceId", "syncBehaviour", "event"].map((field) => ({ path: ["part", "spec", field] })) },
      })
      const mirrored = definition({ ...wanted, syncBehaviour: "mirror", identifiers: [{ from: "a", to: "b" }] })
      expect(yield* Effect.flip(administration.create(mirrored))).toMatchObject({
        reason: {
          issues: [["identifiers", "0", "to"], ["syncBehaviour"]].map((path) => ({ path: ["part", "spec", ...path] })),
        },
      })
      expect(yield* emulator.calls).toEqual([])
    }),
  )
})

describe("changing", () => {
  it.effect("A4: is one request each, at every value of the switches", () =>
    Effect.gen(function* () {
      for (const [name, { values }] of Object.entries(RudderStackSwitches)) {
        if (name === "connectionsList") continue
        for (const value of values) {
          const { emulator, administration, wanted, written } = yield* setup()
          yield* emulator.setSwitch(name, value)
          const { ref } = yield* administration.create(definition(wanted))
          yield* administration.update(ref, { enabled: true, schedule: hourly })
          expect(yield* statesOf(emulator)).toEqual([
            { state: "enabled", schedule: { type: "basic", everyMinutes: 60 } },
          ])
          expect(yield* administration.pause(ref)).toMatchObject({ state: "paused", schedule: hourly })
          yield* administration.delete(ref)
          expect(yield* emulator.syncs).toEqual([])
          expect(yield* written).toHaveLength(4)
        }
      }
    }),
  )

  it.effect("A4: touches what it names, and sends nothing where all is so already", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted, written } = yield* setup()
      const settings = { syncSettings: { syncLogsConfig: { enabled: true, snapshotsToRetain: 5 } } }
      const { ref } = yield* administration.create(
        definition({ ...wanted, ...settings, enabled: true, schedule: Schedule.cron("0 6 * * *") }),
      )
      yield* emulator.clearCalls
      const paused = yield* administration.pause(ref)
      expect(paused).toMatchObject({ state: "paused", schedule: Schedule.cron("0 6 * * *") })
      expect(RudderStackAdmin.nativeOf(paused)).toMatchObject({ mappings: wanted.mappings, ...settings })
      const mapped = yield* administration.update(
        ref,
        change({ mappings: [], identifiers: [{ from: "id", to: "user_id" }] }),
      )
      expect(mapped).toMatchObject({
        state: "paused",
        mapping: [{ from: "id", to: "user_id", isIdentifier: true }],
        connection: { source: { name: "Orders" } },
        primaryKey: ["id"],
      })
      expect(yield* written).toEqual(["PUT 200", "PUT 200"])
      const same = [
        administration.pause(ref),
        administration.setSchedule(ref, Schedule.cron("0 6 * * *", "UTC")),
        administration.update(ref, change({ mappings: [], constants: wanted.constants ?? [] })),
        administration.update(ref, change({ syncSettings: { syncLogsConfig: { snapshotsToRetain: 5 } } })),
      ]
      for (const one of same) yield* one
      expect(yield* written).toHaveLength(2)
    }),
  )

  it.effect("A4: a pause stops the schedule and leaves a run alone, and a resume brings the schedule back", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted } = yield* setup({ plan: { duration: "2 hours" } })
      const { ref } = yield* administration.create(definition({ ...wanted, enabled: true, schedule: hourly }))
      yield* TestClock.adjust("90 minutes")
      yield* administration.pause(ref)
      yield* TestClock.adjust("1 day")
      expect(yield* emulator.runsOf(ref.ids)).toMatchObject([{ status: "succeeded" }])
      expect(yield* administration.resume(ref)).toMatchObject({ state: "enabled", schedule: hourly })
      yield* TestClock.adjust("1 hour")
      expect(yield* emulator.runsOf(ref.ids)).toHaveLength(2)
    }),
  )

  it.effect("A1: sent once; an answer that was lost is looked up", () =>
    Effect.gen(function* () {
      for (const fault of [
        Fault.lost("update", { commits: true }),
        Fault.gatewayPage("update", { commits: true }),
        Fault.truncated("update"),
        Fault.emptyBody("update"),
      ]) {
        const { emulator, administration, wanted, written } = yield* setup()
        const { ref } = yield* administration.create(definition(wanted))
        yield* emulator.addFaults(fault)
        const wish = { ...change({ constants: [] }), schedule: hourly, enabled: true }
        expect(yield* timed(administration.update(ref, wish))).toMatchObject({ state: "enabled", schedule: hourly })
        expect((yield* written).filter((line) => line.startsWith("PUT"))).toHaveLength(1)
      }
    }),
  )

  it.effect("A1: one that was not carried out is ChangeIndeterminate, and never sent again", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted, written } = yield* setup()
      const { ref } = yield* administration.create(definition(wanted))
      yield* emulator.addFaults(Fault.lost("update", { commits: false }))
      const failed = yield* Effect.flip(timed(administration.resume(ref)))
      expect(failed).toMatchObject({ _tag: "ChangeIndeterminate", operation: "update", wanted: { enabled: true } })
      expect((yield* written).filter((line) => line.startsWith("PUT"))).toHaveLength(1)
      expect(yield* statesOf(emulator)).toMatchObject([{ state: "paused" }])
    }),
  )

  it.effect("S1: is refused before any request: what is fixed, a name, and a schedule that there is not", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted } = yield* setup()
      const { ref } = yield* administration.create(definition(wanted))
      yield* emulator.clearCalls
      // @ts-expect-error a source is fixed
      const wrong = change({ sourceId: "other", schedule: Schedule.job("dbt-cloud", { job: "1" }) })
      const failed = yield* Effect.flip(administration.update(ref, { ...wrong, name: "Orders" }))
      expect(failed).toMatchObject({
        delivery: "not-sent",
        reason: { issues: [{ path: ["schedule"] }, { path: ["name"] }, { path: ["part", "spec", "sourceId"] }] },
      })
      expect(yield* emulator.calls).toEqual([])
    }),
  )

  it.effect("A4: a pause sends any schedule of the vendor's own back as it was, whatever the bounds are here", () =>
    Effect.gen(function* () {
      for (const schedule of [
        { type: "basic", everyMinutes: 1 },
        { type: "cron", cronExpression: "  @every day,  about noon " },
        { type: "cron", cronExpression: "" },
        { type: "lunar", phase: { name: "full" }, everyMinutes: null },
      ]) {
        const connection = { id: "c", sourceId: "s", destinationId: "d", enabled: true, schedule }
        const transport = recording({ body: connection }, { status: 404 }, { body: { ...connection, enabled: false } })
        const emulator = yield* RudderStackEmulator.make()
        const { administration } = yield* admin({ ...emulator, transport: transport.service })
        const ref = yield* RudderStack.syncRef("prod", { connection: "c" })
        expect(yield* administration.pause(ref)).toMatchObject({ state: "paused" })
        const body = transport.requests.map(onTheWire).at(-1)?.body
        const { everyMinutes, ...lunar } = schedule as { everyMinutes?: unknown }
        const expected = everyMinutes === null ? lunar : schedule
        expect(JSON.parse(String(body))).toEqual({ schedule: expected, enabled: false })
      }
    }),
  )

  it.effect("A4: so it can be paused where its schedule is shorter than one that can be set", () =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* setup()
      const { connection = "" } = yield* emulator.addSync({ schedule: { every: "1 minute" } })
      const ref = yield* RudderStack.syncRef("prod", { connection })
      expect(yield* administration.pause(ref)).toMatchObject({ state: "paused", schedule: Schedule.every("1 minute") })
      const again = administration.setSchedule(ref, Schedule.every("2 minutes"))
      expect(yield* Effect.flip(again)).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
    }),
  )

  it.effect("A4: a source that cannot be read at all is not in the way of a pause", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted } = yield* setup()
      const { ref } = yield* administration.create(definition({ ...wanted, enabled: true, schedule: hourly }))
      yield* emulator.addFaults(Fault.respond("parts", { status: 503, times: 100 }))
      expect(yield* timed(administration.pause(ref))).toMatchObject({ state: "paused" })
    }),
  )

  it.effect("S1: names the schedule where the connection's own cannot be sent back", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted, written } = yield* setup()
      const { ref } = yield* administration.create(definition(wanted))
      const body = JSON.stringify({ id: ref.ids["connection"], enabled: true, schedule: { type: "basic" } })
      yield* emulator.addFaults(Fault.respond("sync", { status: 200, body }))
      expect(yield* Effect.flip(administration.pause(ref))).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["schedule"] }] },
      })
      yield* emulator.addFaults(Fault.respond("sync", { status: 200, body }))
      yield* administration.update(ref, { enabled: false, schedule: Schedule.manual })
      expect(yield* written).toEqual(["POST 200", "PUT 200"])
    }),
  )
})
