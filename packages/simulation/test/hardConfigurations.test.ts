/** Accounts with odd or many syncs, at each vendor. */
import { describe, expect, it } from "@effect/vitest"
import { Catalog } from "@openretl/core/Catalog"
import * as ProcessState from "@openretl/core/ProcessState"
import { SyncRef } from "@openretl/core/Ref"
import * as Schedule from "@openretl/core/Schedule"
import { Transport } from "@openretl/core/Transport"
import * as Fault from "@openretl/emulator/Fault"
import { Context, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { begin } from "../src/begin.ts"
import { type ConfigurableVendor, changesOf, configurableVendors, creationOf } from "../src/configurableVendors.ts"

const open = Effect.fnUntraced(function* (vendor: ConfigurableVendor) {
  const emulator = yield* vendor.emulator({})
  const { services } = yield* vendor
    .workspace(emulator)
    .pipe(
      Effect.provideService(Transport, emulator.transport),
      Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
    )
  const refOf = (ids: Readonly<Record<string, string>>) => new SyncRef({ workspace: "sim", vendor: vendor.name, ids })
  return {
    emulator,
    refOf,
    catalog: Context.get(services, Catalog),
    administration: changesOf(services),
    create: creationOf(vendor, changesOf(services)),
  }
})

const hour = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* begin(effect)
    yield* TestClock.adjust("1 hour")
    return yield* Fiber.join(fiber)
  })

const oddSchedules: ReadonlyArray<string | Readonly<Record<string, unknown>>> = [
  { type: "lunar", phase: "full" },
  { type: "basic" },
  { type: "cron", cronExpression: "@whenever" },
  { strategy: "MOON", config: { phase: 3 } },
  {},
  "whenever",
]

describe("at each vendor", () => {
  it.effect.each(configurableVendors.flatMap((vendor) => oddSchedules.map((schedule) => ({ vendor, schedule }))))(
    "A4: the schedule $schedule never stands in the way of a pause, at $vendor.name",
    ({ vendor, schedule }) =>
      Effect.gen(function* () {
        const { emulator, administration, refOf } = yield* open(vendor)
        const ids = yield* emulator.addSync()
        yield* emulator.changeSync(ids, { wireSchedule: schedule })
        const isRefused = vendor.name === "rudderstack" && Object(schedule).type === "lunar"
        if (isRefused) {
          // The vendor refuses what it shows: core says so, and a pause that names a schedule works.
          expect(yield* hour(Effect.flip(administration.pause(refOf(ids))))).toMatchObject({ delivery: "refused" })
          yield* hour(administration.update(refOf(ids), { enabled: false, schedule: Schedule.manual }))
          expect((yield* emulator.syncs)[0]).toMatchObject({ state: "paused" })
          return
        }
        yield* hour(
          Effect.catchTag(administration.pause(refOf(ids)), "ChangeConflict", ({ sync }) => Effect.succeed(sync)),
        )
        expect((yield* emulator.syncs)[0]).toMatchObject({ state: "paused" })
      }),
  )

  it.effect.each(configurableVendors)(
    "K1, A1: exactly 200 syncs are listed, and another is created where the vendor can, at $name",
    (vendor) =>
      Effect.gen(function* () {
        const { emulator, create, catalog } = yield* open(vendor)
        const first = yield* emulator.addSync()
        const [{ parts } = expect.fail()] = yield* emulator.syncs
        const { action: _, ...ends } = parts
        for (let count = 1; count < 200; count++) {
          // RudderStack has one connection for each pair.
          yield* emulator.addSync(vendor.name === "rudderstack" ? {} : { parts: ends })
        }
        expect(first).toBeDefined()
        const listed = yield* hour(Effect.result(Stream.runCollect(catalog.list)))
        // Zeotap's list has no pages: one of a round length may be cut off, and core says so.
        if (vendor.name === "zeotap")
          expect(listed).toMatchObject({ failure: { reason: { _tag: "UnexpectedResponse" } } })
        else expect(listed).toMatchObject({ success: { length: 200 } })
        if (create === undefined) return
        const others = vendor.name === "rudderstack" ? yield* emulator.addParts() : parts
        yield* hour(create(others, { name: "another", enabled: false }))
        expect(yield* emulator.syncs).toHaveLength(201)
      }),
  )

  it.effect.each(configurableVendors)(
    "K2, A1: an entry without an id hides no create and no pause, at $name",
    (vendor) =>
      Effect.gen(function* () {
        const { emulator, administration, create, refOf } = yield* open(vendor)
        const ids = yield* emulator.addSync()
        const [{ parts } = expect.fail()] = yield* emulator.syncs
        yield* emulator.addFaults(Fault.entryWithoutId("syncs", { times: Number.POSITIVE_INFINITY }))
        if (create !== undefined) {
          const others = vendor.name === "rudderstack" ? yield* emulator.addParts() : parts
          yield* hour(create(others, { name: "another", enabled: false }))
          expect(yield* emulator.syncs).toHaveLength(2)
        }
        // Segment's refs may name the destination: without it, the mapping is looked for in the list.
        const { destination = "" } = parts
        yield* hour(administration.pause(refOf(vendor.name === "segment" ? { ...ids, destination } : ids)))
        expect((yield* emulator.syncs)[0]).toMatchObject({ state: "paused" })
      }),
  )
})
