import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import * as Fault from "@openretl/emulator/Fault"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import { daily, setup } from "./configured.ts"
import * as Fixtures from "./fixtures.ts"
import { ended } from "./onEmulator.ts"

describe("A1: a lost answer", () => {
  type Configured = Effect.Success<ReturnType<typeof setup>>

  const changes: ReadonlyArray<{
    readonly kind: "create" | "update" | "delete"
    readonly change: (configured: Configured) => Effect.Effect<unknown, unknown>
  }> = [
    { kind: "create", change: ({ creation, define }) => creation.create(define(), { exclusive: true }) },
    { kind: "update", change: ({ administration, ref }) => administration.pause(ref) },
    { kind: "delete", change: ({ deletion, ref }) => deletion.delete(ref) },
  ]

  it.effect.each(changes)("core finds out that a $kind happened, and sends nothing again", ({ kind, change }) =>
    Effect.gen(function* () {
      const configured = yield* setup()
      const { emulator, written } = configured
      yield* emulator.addFaults(Fault.lost(kind, { commits: true }))
      const before = (yield* emulator.syncs).length
      expect(yield* ended(change(configured))).toMatchObject({ _tag: "Success" })
      expect(yield* written).toHaveLength(1)
      const after = { create: before + 1, update: before, delete: before - 1 }[kind]
      expect(yield* emulator.syncs).toHaveLength(after)
    }),
  )

  it.effect.each(changes)(
    "a $kind that did not happen is indeterminate, and core sends nothing again",
    ({ kind, change }) =>
      Effect.gen(function* () {
        const configured = yield* setup()
        const { emulator, written } = configured
        yield* emulator.addFaults(Fault.lost(kind, { commits: false }))
        const before = yield* emulator.syncs
        expect(yield* ended(change(configured))).toMatchObject({
          _tag: "Failure",
          failure: { _tag: "ChangeIndeterminate", operation: kind },
        })
        expect(yield* written).toHaveLength(1)
        expect(yield* emulator.syncs).toEqual(before)
      }),
  )

  it.effect.each(changes)("core finds out that a $kind took effect late", ({ kind, change }) =>
    Effect.gen(function* () {
      const configured = yield* setup()
      const { emulator, written } = configured
      yield* emulator.addFaults(Fault.lost(kind, { commits: true, commitAfter: "20 seconds" }))
      expect(yield* ended(change(configured))).toMatchObject({ _tag: "Success" })
      expect(yield* written).toHaveLength(1)
    }),
  )

  it.effect("a create does not claim the syncs that others make meanwhile", () =>
    Effect.gen(function* () {
      const { emulator, creation, define, written, model, destination } = yield* setup()
      yield* emulator.addSync({ name: "Orders", parts: { model, destination } })
      yield* emulator.addFaults(Fault.lost("create", { commits: false, latency: "10 seconds" }))
      const fiber = yield* Effect.forkChild(creation.create(define()))
      for (let second = 0; second < 5; second++) yield* TestClock.adjust("1 second")
      expect((yield* written).map(([method]) => method)).toEqual(["POST"])
      yield* emulator.addSync({ name: "Orders" })
      yield* emulator.addSync({ name: "Others", parts: { model, destination } })
      expect(yield* ended(Fiber.join(fiber))).toMatchObject({
        failure: {
          _tag: "ChangeIndeterminate",
          candidates: [{ vendor: "zeotap" }],
          differences: [{ differs: expect.arrayContaining(["name"]) }],
        },
      })
    }),
  )

  it.effect("a sync with the same fields is a candidate for a create", () =>
    Effect.gen(function* () {
      const { emulator, creation, define, written, model, destination } = yield* setup()
      yield* emulator.addFaults(Fault.lost("create", { commits: true, latency: "10 seconds" }))
      const fiber = yield* Effect.forkChild(creation.create(define()))
      for (let second = 0; second < 5; second++) yield* TestClock.adjust("1 second")
      expect((yield* written).map(([method]) => method)).toEqual(["POST"])
      yield* emulator.addSync({ name: "Orders", parts: { model, destination } })
      expect(yield* ended(Fiber.join(fiber))).toMatchObject({
        failure: { _tag: "ChangeIndeterminate", candidates: [{ vendor: "zeotap" }, { vendor: "zeotap" }] },
      })
    }),
  )
})

describe("A3: a change that takes two requests", () => {
  it.effect.each(["object", "id-only", "empty"] as const)(
    "says what exists where the second request fails, and can be finished or undone (%s)",
    (createAnswer) =>
      Effect.gen(function* () {
        const { emulator, administration, creation, deletion, define, latest, model } = yield* setup({
          switches: { createAnswer },
        })
        const wanted = define({ enabled: true, schedule: daily })
        for (const way of ["finish", "undo"] as const) {
          yield* emulator.addFaults(Fault.respond("update", { status: 400, body: '{"error":"no"}', commits: false }))
          const result = yield* ended(creation.create(wanted))
          expect(result).toMatchObject({
            _tag: "Failure",
            failure: {
              _tag: "ChangeIncomplete",
              operation: "create",
              sync: { ref: { ids: (yield* latest)?.ids }, name: "Orders", connection: { source: { id: model } } },
              remaining: { enabled: true },
              error: { reason: { _tag: "InvalidRequest" } },
            },
          })
          if (result._tag === "Success" || result.failure._tag !== "ChangeIncomplete") continue
          const { sync, remaining } = result.failure
          if (way === "finish") {
            expect(yield* ended(administration.update(sync.ref, remaining))).toMatchObject({
              success: { state: "enabled", schedule: daily },
            })
            expect(yield* latest).toMatchObject({ name: "Orders", state: "enabled" })
          }
          expect(yield* ended(deletion.delete(sync.ref))).toMatchObject({ _tag: "Success" })
          expect((yield* latest)?.name).toBe("Nightly")
        }
      }),
  )

  it.effect.each([
    ["either", "cleared"],
    ["empty/ignored", "cleared"],
    ["empty/400", "cleared"],
    ["null/ignored", "ChangeIncomplete"],
    ["null/400", "InvalidRequest"],
  ] as const)("removing a schedule, where the vendor accepts %s: %s", ([scheduleClear, expected]) =>
    Effect.gen(function* () {
      const { administration, ref, changed, written } = yield* setup({ switches: { scheduleClear } })
      const result = yield* ended(administration.setSchedule(ref, Schedule.manual))
      expect((yield* changed)?.schedule).toBe(expected === "cleared" ? undefined : "0 3 * * *")
      expect(result).toMatchObject(
        {
          cleared: { success: { schedule: Schedule.manual } },
          ChangeIncomplete: { failure: { _tag: "ChangeIncomplete", remaining: { schedule: Schedule.manual } } },
          InvalidRequest: { failure: { delivery: "refused", reason: { _tag: "InvalidRequest" } } },
        }[expected],
      )
      expect(yield* written).toEqual([["PUT", expected === "InvalidRequest" ? 400 : 200, '{"schedule":""}']])
    }),
  )
})

describe("A4: a change", () => {
  const settings = Object.entries(ZeotapSwitches).flatMap(([name, { values }]) =>
    values.map((value): [string, string] => [name, value]),
  )

  it.effect.each(settings)("takes one request, with %s %s", ([name, value]) =>
    Effect.gen(function* () {
      const { administration, deletion, ref, changed, written } = yield* setup({ switches: { [name]: value } })
      expect(yield* ended(administration.pause(ref))).toMatchObject({ success: { state: "paused" } })
      expect(yield* changed).toMatchObject({ state: "paused", schedule: "0 3 * * *" })
      expect(yield* ended(administration.update(ref, { enabled: true, schedule: daily }))).toMatchObject({
        success: { state: "enabled", schedule: daily },
      })
      expect(yield* changed).toMatchObject({ state: "enabled", schedule: "0 6 * * *" })
      expect(yield* ended(deletion.delete(ref))).toMatchObject({ _tag: "Success" })
      expect(yield* changed).toBeUndefined()
      expect(yield* written).toHaveLength(3)
    }),
  )

  it.effect.each(["object", "id-only", "empty"] as const)(
    "touches only the fields that it names (%s)",
    (updateAnswer) =>
      Effect.gen(function* () {
        const { administration, ref, changed, written } = yield* setup({ switches: { updateAnswer } })
        const before = yield* changed
        const renamed = yield* ended(administration.update(ref, ZeotapAdmin.change({ name: "Renamed" })))
        expect(renamed).toMatchObject({
          success: { name: "Renamed", schedule: { _tag: "Cron" } },
        })
        expect(yield* changed).toEqual({ ...before, name: "Renamed" })
        const change = ZeotapAdmin.change({ primaryKey: "id", mapping: [{ from: "a", to: "A", cast: "number" }] })
        expect(yield* ended(administration.update(ref, change))).toMatchObject({
          success: { primaryKey: ["id"], mapping: [{ from: "a", to: "A", cast: "number" }] },
        })
        expect((yield* written).map(([, , body]) => body)).toEqual([
          '{"name":"Renamed"}',
          JSON.stringify({
            field_mapping: [{ source_column: "a", destination_field: "A", type_cast: "number" }],
            primary_key: "id",
          }),
        ])
      }),
  )

  it.effect("is read again where its answer shows only a part of the sync", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* setup()
      const body = JSON.stringify({ id: ref.ids["sync"], name: "Nightly", status: "paused" })
      yield* emulator.addFaults(Fault.respond("update", { status: 200, body, commits: true }))
      expect(yield* ended(administration.pause(ref))).toMatchObject({
        success: { state: "paused", schedule: Schedule.cron("0 3 * * *"), mode: "upsert" },
      })
    }),
  )

  it.effect("is not sent where the sync already has the requested values", () =>
    Effect.gen(function* () {
      const { administration, ref, written, model } = yield* setup()
      for (const change of [
        administration.resume(ref),
        administration.setSchedule(ref, Schedule.cron("00 3 * * *")),
        administration.update(ref, ZeotapAdmin.change({ name: "Nightly", enabled: true, mode: "upsert", config: {} })),
        administration.update(ref, ZeotapAdmin.change({ mapping: [{ from: "email", to: "Email" }] })),
      ]) {
        expect(yield* ended(change)).toMatchObject({ _tag: "Success" })
      }
      expect(yield* written).toEqual([])
      expect(yield* ended(administration.update(ref, ZeotapAdmin.change({ model })))).toMatchObject({
        success: { connection: { source: { id: model } } },
      })
      expect(yield* written).toHaveLength(1)
    }),
  )

  it.effect("of a mapping removes the other keys of an entry, such as a field transform", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref, written } = yield* setup()
      const entry = { source_column: "email", destination_field: "Email" }
      const shown = {
        ...Fixtures.sync,
        id: ref.ids["sync"],
        field_mapping: [{ ...entry, transforms: ["trim"], note: "" }],
      }
      yield* emulator.addFaults(Fault.respond("sync", { status: 200, body: JSON.stringify(shown) }))
      const plain = ZeotapAdmin.change({ mapping: [{ from: "email", to: "Email" }] })
      expect(yield* ended(administration.update(ref, plain))).toMatchObject({ _tag: "Success" })
      expect((yield* written).map(([, , body]) => body)).toEqual([JSON.stringify({ field_mapping: [entry] })])
    }),
  )

  it.effect("that pauses stops the sync's schedule, and leaves a run under way alone", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref, runs } = yield* setup()
      yield* emulator.script(ref.ids, [{ duration: "2 hours" }])
      yield* ended(runs.trigger(ref, { whenRunning: "fail" }))
      expect(yield* ended(administration.pause(ref))).toMatchObject({ success: { state: "paused" } })
      yield* TestClock.adjust("3 days")
      expect(yield* emulator.runsOf(ref.ids)).toMatchObject([{ status: "completed" }])
      expect(yield* ended(administration.resume(ref))).toMatchObject({ success: { state: "enabled" } })
      yield* TestClock.adjust("1 day")
      expect(yield* emulator.runsOf(ref.ids)).toHaveLength(2)
    }),
  )

  it.effect.each(["draft", "error"] as const)("that resumes ends the state %s", (state) =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* setup()
      yield* emulator.setState(ref.ids, state)
      expect(yield* ended(administration.resume(ref))).toMatchObject({ success: { state: "enabled" } })
    }),
  )

  it.effect("that deletes succeeds for a sync that does not exist", () =>
    Effect.gen(function* () {
      const { administration, deletion, ref, written, changed } = yield* setup()
      expect(yield* ended(deletion.delete(ref))).toMatchObject({ _tag: "Success" })
      expect(yield* changed).toBeUndefined()
      expect(yield* ended(deletion.delete(ref))).toMatchObject({ _tag: "Success" })
      expect(yield* written).toHaveLength(1)
      expect(yield* ended(administration.pause(ref))).toMatchObject({ failure: { reason: { _tag: "NotFound" } } })
    }),
  )
})

describe("S1: an invalid definition or change", () => {
  const paths = (result: Effect.Success<ReturnType<typeof ended<unknown, unknown>>>) => {
    expect(result).toMatchObject({
      _tag: "Failure",
      failure: { delivery: "not-sent", reason: { _tag: "InvalidRequest" } },
    })
    const { failure } = result as {
      failure: { reason: { issues: ReadonlyArray<{ path: ReadonlyArray<string>; message: string }> } }
    }
    return failure.reason.issues
  }

  it.effect("is refused before any request, with every problem at once", () =>
    Effect.gen(function* () {
      const { emulator, creation } = yield* setup()
      const wrong = ZeotapAdmin.definition({
        name: " ",
        model: "",
        destination: "d",
        mapping: [],
        mode: "upsert",
        primaryKey: "",
        schedule: Schedule.every("15 minutes"),
      })
      const issues = paths(yield* ended(creation.create(wrong)))
      expect(issues.map(({ path }) => path.join(".")).sort()).toEqual([
        "name",
        "part.spec.field_mapping",
        "part.spec.model_id",
        "part.spec.primary_key",
        "schedule",
      ])
      const { name: _, ...nameless } = wrong
      expect(paths(yield* ended(creation.create(nameless))).map(({ path }) => path.join("."))).toContain("name")
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect("is refused for an unknown field, which the compiler would refuse", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* setup()
      const unknownFields = { mapping: [{ from: "a", to: "b" }], sync_mode: "upsert", color: "red" }
      const changed = ZeotapAdmin.change(unknownFields)
      const issues = paths(yield* ended(administration.update(ref, changed)))
      expect(issues.map(({ path }) => path.join("."))).toEqual(["part.spec.color"])
      expect((yield* emulator.calls).filter(({ method }) => method !== "GET")).toEqual([])
    }),
  )

  it.effect("is refused with the bound and its source", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* setup()
      const wrong = ZeotapAdmin.change({
        mapping: [{ from: "", to: "Email" }],
        schedule: Schedule.cron("0 6 * * *", "Europe/Berlin"),
      })
      const issues = paths(yield* ended(administration.update(ref, wrong)))
      expect(issues.map(({ path }) => path.join("."))).toEqual([
        "schedule.timeZone",
        "part.spec.field_mapping.0.source_column",
      ])
      expect(issues[0]?.message).toContain("scheduling page")
      const foreign = { part: { vendor: "zeotap", spec: { ...{ surprise: 1 } } } }
      expect(paths(yield* ended(administration.update(ref, foreign))).map(({ path }) => path.join("."))).toEqual([
        "part.spec.surprise",
      ])
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )
})
