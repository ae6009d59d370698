import { describe, expect, it } from "@effect/vitest"
import { ChangeIncomplete } from "@openretl/core/Change"
import * as Schedule from "@openretl/core/Schedule"
import * as Fault from "@openretl/emulator/Fault"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as RudderStack from "../src/RudderStack.ts"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { open, setup, switchValues, whileTimePasses } from "./admin.ts"

const { change, definition } = RudderStackAdmin
const hourly = Schedule.every("1 hour")

describe("a create", () => {
  it.effect.each(switchValues)("A2: is one request, disabled and manual by default, with %s %s", ([name, value]) =>
    Effect.gen(function* () {
      const { emulator, create, newSync, writes, states } = yield* setup()
      yield* emulator.setSwitch(name, value)
      const sync = yield* create(definition(newSync))
      expect(sync).toMatchObject({
        state: "paused",
        schedule: Schedule.manual,
        mode: "upsert",
        connection: { source: { id: newSync.sourceId }, destination: { id: newSync.destinationId } },
        unreadMapping: ["from"],
      })
      expect(yield* states).toEqual([{ state: "paused", schedule: undefined }])
      expect(yield* writes).toHaveLength(1)
    }),
  )

  it.effect("A2: is one request too where the connection is enabled and scheduled", () =>
    Effect.gen(function* () {
      const { create, catalog, newSync, writes, states } = yield* setup()
      const sync = yield* create(definition({ ...newSync, enabled: true, schedule: hourly }))
      expect(sync).toMatchObject({ state: "enabled", schedule: hourly })
      expect(yield* catalog.get(sync.ref)).toMatchObject({ state: "enabled", schedule: hourly, native: sync.native })
      expect(yield* states).toEqual([{ state: "enabled", schedule: { type: "basic", everyMinutes: 60 } }])
      expect(yield* writes).toEqual(["POST 200"])
    }),
  )

  it.effect.each([
    ["lost", Fault.lost("create", { commits: true })],
    ["the page of a gateway", Fault.gatewayPage("create", { commits: true })],
    ["cut off", Fault.truncated("create")],
    ["empty", Fault.emptyBody("create")],
  ] as const)("A1: is sent once, and core looks it up where its answer is %s", ([, fault]) =>
    Effect.gen(function* () {
      const { emulator, create, newSync, writes } = yield* setup({ readLag: "10 seconds" })
      yield* emulator.addFaults(fault)
      const sync = yield* whileTimePasses(create(definition(newSync), { exclusive: true }))
      expect((yield* emulator.syncs).map(({ ids }) => ids)).toEqual([sync.ref.ids])
      expect(yield* writes).toHaveLength(1)
    }),
  )

  it.effect("A1: that was not carried out fails with ChangeIndeterminate, and is never sent again", () =>
    Effect.gen(function* () {
      const { emulator, create, newSync, writes } = yield* setup()
      yield* emulator.addFaults(Fault.lost("create", { commits: false }))
      const failure = yield* Effect.flip(whileTimePasses(create(definition(newSync))))
      expect(failure).toMatchObject({ _tag: "ChangeIndeterminate", operation: "create", candidates: [] })
      expect(yield* emulator.syncs).toEqual([])
      expect(yield* writes).toHaveLength(1)
    }),
  )

  it.effect.each([
    ["409", "Conflict"],
    ["400", "InvalidRequest"],
    ["existing", "Conflict"],
  ] as const)(
    "A4: for a pair that has a connection fails, with pairTaken %s, and leaves that connection alone",
    ([pairTaken, reason]) =>
      Effect.gen(function* () {
        const { create, newSync, writes, states } = yield* setup({ switches: { pairTaken } })
        yield* create(definition({ ...newSync, enabled: true, schedule: hourly }))
        const before = yield* states
        const failure = yield* Effect.flip(whileTimePasses(create(definition(newSync))))
        expect(failure).toMatchObject({ _tag: "RetlError", reason: { _tag: reason } })
        expect(yield* states).toEqual(before)
        expect(yield* writes).toHaveLength(2)
      }),
  )

  it.effect.each<[string, Partial<RudderStackAdmin.NewSync>]>([
    ["has other mappings", { mappings: [{ from: "x", to: "y" }] }],
    ["fires by itself", {}],
  ])("A4: where the list is closed, does not adopt an answered connection that %s", ([, changes]) =>
    Effect.gen(function* () {
      const { emulator, create, newSync, writes, states } = yield* setup({ switches: { pairTaken: "existing" } })
      const existing = yield* create(definition({ ...newSync, enabled: true, schedule: hourly }))
      const before = yield* states
      yield* emulator.deny(["syncs"])
      // Then nothing remembers the first create any more.
      yield* TestClock.adjust("1 hour")
      const other = yield* open(emulator)
      const failure = yield* Effect.flip(whileTimePasses(other.create(definition({ ...newSync, ...changes }))))
      expect(failure).toMatchObject({ _tag: "ChangeIndeterminate", operation: "create" })
      expect(failure._tag === "ChangeIndeterminate" && failure.candidates.map(String)).toEqual([String(existing.ref)])
      expect(yield* states).toEqual(before)
      expect((yield* writes).filter((write) => write.startsWith("PUT"))).toEqual([])
    }),
  )

  it.effect.each(["finish", "undo"] as const)(
    "A3: says what the answer leaves open and cannot be set, and callers can %s it",
    (ending) =>
      Effect.gen(function* () {
        const { emulator, administration, create, deleteSync, newSync } = yield* setup({
          switches: { deletedPairRevived: "old-id" },
        })
        const enabledSync = definition({ ...newSync, enabled: true, schedule: hourly })
        const first = yield* create(enabledSync)
        yield* deleteSync(first.ref)
        // The vendor creates the connection, but the answer shows neither its switch nor its schedule.
        const id = String(first.ref.ids["connection"])
        const body = JSON.stringify({ id, sourceId: newSync.sourceId, destinationId: newSync.destinationId })
        yield* emulator.addFaults(Fault.respond("create", { status: 200, body, commits: true }))
        yield* emulator.deny(["update"])
        const failure = yield* Effect.flip(whileTimePasses(create(enabledSync)))
        expect(failure).toBeInstanceOf(ChangeIncomplete)
        if (!(failure instanceof ChangeIncomplete)) return expect.unreachable()
        expect(failure).toMatchObject({
          operation: "create",
          remaining: { enabled: true, schedule: hourly },
          error: { reason: { _tag: "PermissionDenied" } },
        })
        yield* emulator.deny([])
        if (ending === "finish") {
          expect(yield* administration.update(failure.sync.ref, failure.remaining)).toMatchObject({ state: "enabled" })
        }
        yield* deleteSync(failure.sync.ref)
        expect(yield* emulator.syncs).toEqual([])
      }),
  )

  it.effect.each(["* * * * *", "0,56 0,23 * * *"])(
    "S1: of the schedule %s fails before any request, with the floor",
    (cron) =>
      Effect.gen(function* () {
        const { emulator, create, newSync } = yield* setup()
        const failure = yield* Effect.flip(create(definition({ ...newSync, schedule: Schedule.cron(cron) })))
        expect(failure).toMatchObject({
          delivery: "not-sent",
          reason: { issues: [{ path: ["schedule", "expression"] }] },
        })
        expect(failure.message).toContain(
          "at least 5 minutes apart (RudderStack's schedule settings page and own client)",
        )
        expect(yield* emulator.calls).toEqual([])
      }),
  )

  it.effect("S1: that is wrong fails before any request, with every problem at once", () =>
    Effect.gen(function* () {
      const { emulator, create, newSync } = yield* setup()
      const wrong = {
        ...definition({ ...newSync, sourceId: "", schedule: Schedule.every("1 minute"), cursorColumn: "" }),
        name: "Orders",
      }
      const failure = yield* Effect.flip(create(wrong))
      const paths = [["schedule", "every"], ["name"], ["part", "spec", "sourceId"], ["part", "spec", "cursorColumn"]]
      expect(failure).toMatchObject({ delivery: "not-sent", reason: { issues: paths.map((path) => ({ path })) } })
      expect(failure.message).toContain("at least 5 minutes (RudderStack's schedule settings page")
      expect(failure.message).toContain("Expected no name: RudderStack's syncs have none")
      expect(yield* emulator.calls).toEqual([])
    }),
  )

  it.effect.each<[string, Partial<RudderStackAdmin.NewSync>, ReadonlyArray<ReadonlyArray<string>>]>([
    [
      "a field, and of rules that its other fields break",
      { sourceId: "", syncBehaviour: "mirror", object: "person" },
      [["sourceId"], ["syncBehaviour"], ["event"]],
    ],
    [
      "two rules",
      { syncBehaviour: "mirror", identifiers: [{ from: "a", to: "b" }] },
      [["identifiers", "0", "to"], ["syncBehaviour"]],
    ],
  ])("S1: reports at once the problems of %s", ([, changes, paths]) =>
    Effect.gen(function* () {
      const { emulator, create, newSync } = yield* setup()
      expect(yield* Effect.flip(create(definition({ ...newSync, ...changes })))).toMatchObject({
        delivery: "not-sent",
        reason: { issues: paths.map((path) => ({ path: ["part", "spec", ...path] })) },
      })
      expect(yield* emulator.calls).toEqual([])
    }),
  )
})

describe("a change", () => {
  it.effect.each(switchValues)("A4: is one request, with %s %s", ([name, value]) =>
    Effect.gen(function* () {
      const { emulator, administration, create, deleteSync, newSync, writes, states } = yield* setup()
      yield* emulator.setSwitch(name, value)
      const { ref } = yield* create(definition(newSync))
      yield* administration.update(ref, { enabled: true, schedule: hourly })
      expect(yield* states).toEqual([{ state: "enabled", schedule: { type: "basic", everyMinutes: 60 } }])
      expect(yield* administration.pause(ref)).toMatchObject({ state: "paused", schedule: hourly })
      yield* deleteSync(ref)
      expect(yield* emulator.syncs).toEqual([])
      expect(yield* writes).toHaveLength(4)
    }),
  )

  it.effect("A4: touches the fields that it names, and sends none that has the value already", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync, writes } = yield* setup()
      const settings = { syncSettings: { syncLogsConfig: { enabled: true, snapshotsToRetain: 5 } } }
      const { ref } = yield* create(
        definition({ ...newSync, ...settings, enabled: true, schedule: Schedule.cron("0 6 * * *") }),
      )
      yield* emulator.clearCalls
      const paused = yield* administration.pause(ref)
      expect(paused).toMatchObject({ state: "paused", schedule: Schedule.cron("0 6 * * *") })
      expect(RudderStackAdmin.nativeOf(paused)).toMatchObject({ mappings: newSync.mappings, ...settings })
      const remapped = yield* administration.update(
        ref,
        change({ mappings: [{ from: "x", to: "y" }], identifiers: [{ from: "id", to: "user_id" }] }),
      )
      expect(remapped).toMatchObject({
        state: "paused",
        mapping: [
          { from: "id", to: "user_id", isIdentifier: true },
          { from: "x", to: "y" },
        ],
        connection: { source: { id: newSync.sourceId } },
      })
      expect(yield* writes).toEqual(["PUT 200", "PUT 200"])
      yield* administration.pause(ref)
      yield* administration.setSchedule(ref, Schedule.cron("0 6 * * *", "UTC"))
      yield* administration.update(
        ref,
        change({ mappings: [{ from: "x", to: "y" }], constants: newSync.constants ?? [] }),
      )
      yield* administration.update(ref, change({ syncSettings: { syncLogsConfig: { snapshotsToRetain: 5 } } }))
      expect(yield* writes).toHaveLength(2)
    }),
  )

  it.effect("A4: that pauses stops the schedule and leaves a run alone; a resume brings the schedule back", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync } = yield* setup({ plan: { duration: "2 hours" } })
      const { ref } = yield* create(definition({ ...newSync, enabled: true, schedule: hourly }))
      yield* TestClock.adjust("90 minutes")
      yield* administration.pause(ref)
      yield* TestClock.adjust("1 day")
      expect(yield* emulator.runsOf(ref.ids)).toMatchObject([{ status: "succeeded" }])
      expect(yield* administration.resume(ref)).toMatchObject({ state: "enabled", schedule: hourly })
      yield* TestClock.adjust("1 hour")
      expect(yield* emulator.runsOf(ref.ids)).toHaveLength(2)
    }),
  )

  it.effect.each([
    ["lost", Fault.lost("update", { commits: true })],
    ["the page of a gateway", Fault.gatewayPage("update", { commits: true })],
    ["cut off", Fault.truncated("update")],
    ["empty", Fault.emptyBody("update")],
  ] as const)("A1: is sent once, and core looks it up where its answer is %s", ([, fault]) =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync, writes } = yield* setup()
      const { ref } = yield* create(definition(newSync))
      yield* emulator.addFaults(fault)
      const update = administration.update(ref, { ...change({ constants: [] }), schedule: hourly, enabled: true })
      expect(yield* whileTimePasses(update)).toMatchObject({ state: "enabled", schedule: hourly })
      expect((yield* writes).filter((write) => write.startsWith("PUT"))).toHaveLength(1)
    }),
  )

  it.effect("A1: that was not carried out fails with ChangeIndeterminate, and is never sent again", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync, writes, states } = yield* setup()
      const { ref } = yield* create(definition(newSync))
      yield* emulator.addFaults(Fault.lost("update", { commits: false }))
      const failure = yield* Effect.flip(whileTimePasses(administration.resume(ref)))
      expect(failure).toMatchObject({ _tag: "ChangeIndeterminate", operation: "update", wanted: { enabled: true } })
      expect((yield* writes).filter((write) => write.startsWith("PUT"))).toHaveLength(1)
      expect(yield* states).toMatchObject([{ state: "paused" }])
    }),
  )

  it.effect("S1: of a fixed field, a name, and a schedule that RudderStack lacks fails before any request", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync } = yield* setup()
      const { ref } = yield* create(definition(newSync))
      yield* emulator.clearCalls
      // @ts-expect-error a source is fixed
      const wrong = change({ sourceId: "other", schedule: Schedule.job("dbt-cloud", { job: "1" }) })
      const failure = yield* Effect.flip(administration.update(ref, { ...wrong, name: "Orders" }))
      expect(failure).toMatchObject({
        delivery: "not-sent",
        reason: { issues: [{ path: ["schedule"] }, { path: ["name"] }, { path: ["part", "spec", "sourceId"] }] },
      })
      expect(yield* emulator.calls).toEqual([])
    }),
  )

  it.effect("A4: that pauses works where the schedule is shorter than one that can be set", () =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* setup()
      const { connection = "" } = yield* emulator.addSync({ schedule: { every: "1 minute" } })
      const ref = yield* RudderStack.syncRef("prod", { connection })
      expect(yield* administration.pause(ref)).toMatchObject({ state: "paused", schedule: Schedule.every("1 minute") })
      const tooShort = administration.setSchedule(ref, Schedule.every("2 minutes"))
      expect(yield* Effect.flip(tooShort)).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
    }),
  )

  it.effect("A4: that pauses works where the source cannot be read", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync } = yield* setup()
      const { ref } = yield* create(definition({ ...newSync, enabled: true, schedule: hourly }))
      yield* emulator.addFaults(Fault.respond("parts", { status: 503, times: 100 }))
      expect(yield* whileTimePasses(administration.pause(ref))).toMatchObject({ state: "paused" })
    }),
  )

  it.effect("S1: without a schedule fails before it is sent where the existing schedule cannot be sent back", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync, writes } = yield* setup()
      const { ref, native } = yield* create(definition({ ...newSync, enabled: true }))
      const body = JSON.stringify({ ...Object(native), schedule: { type: "basic" } })
      yield* emulator.addFaults(Fault.respond("sync", { status: 200, body, times: 4 }))
      const mappings = [{ from: "name", to: "last_name" }]
      expect(yield* Effect.flip(administration.update(ref, change({ mappings })))).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["schedule"] }] },
      })
      yield* administration.update(ref, { enabled: false, schedule: Schedule.manual })
      expect(yield* writes).toEqual(["POST 200", "PUT 200"])
    }),
  )
})
