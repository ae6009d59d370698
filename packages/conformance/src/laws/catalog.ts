/** The catalog: every sync once, lazily, as it is; what is not said is absent; what is closed is an error. */

import type { Sync } from "@openretl/core/Sync"
import type { SyncOptions, TruthSync } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type ConfiguredLab, changing, reading } from "../internal/configured.ts"
import * as Errors from "../internal/errors.ts"
import * as Json from "../internal/json.ts"
import * as Random from "../internal/random.ts"
import type { Law } from "../Law.ts"

/** Long enough for many reads in a tight budget. */
const patience = "10 hours"

const list = (testbed: ConfiguredLab) => testbed.run(Stream.runCollect(testbed.catalog.list), patience)

const refsOf = Effect.fnUntraced(function* (testbed: ConfiguredLab) {
  const refs = yield* Effect.forEach(yield* testbed.emulator.syncs, ({ ids }) => testbed.refOf(ids))
  return refs.map(String).sort()
})

const listed = (syncs: ReadonlyArray<Sync>) => syncs.map(({ ref }) => String(ref)).sort()

/** Without what a list and a read of one may tell differently: the vendor's own payload. */
const portable = ({ native: _, ...sync }: Sync) => sync

/** Syncs of every kind that an emulator knows. */
const kinds: ReadonlyArray<SyncOptions> = [
  { name: "Plain" },
  { name: "Paused", state: "paused" },
  { name: "Draft", state: "draft" },
  { name: "Halted", state: "error" },
  { name: "Scheduled", schedule: { every: "6 hours" } },
  { name: "By cron", schedule: { cron: "0 6 * * 1" } },
  { name: "Paused, scheduled", state: "paused", schedule: { every: "1 day" } },
  { name: "Ünïcödé 💥 \u202e <b>" },
]

const hostile: ReadonlyArray<Json.Json> = [null, "", "nonsense", -1, 1e308, true, false, [], {}, [null], { x: [] }]

/** Changes the fields of the objects that are about this sync and no other, but for its ids; counted as they are met. */
const inOwnFields = (
  json: Json.Json,
  { ids, parts }: TruthSync,
  change: (value: Json.Json, index: number) => Json.Json,
): Json.Json => {
  const shared = Object.values(parts)
  const owned = Object.values(ids).filter((id) => !shared.includes(id))
  const kept = [...Object.values(ids), ...shared]
  const isOne = (value: Json.Json, of: ReadonlyArray<string>) => typeof value === "string" && of.includes(value)
  let index = 0
  return Json.transform(json, (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value
    const fields: ReadonlyArray<readonly [string, Json.Json]> = Object.entries(value)
    if (!fields.some(([, inner]) => isOne(inner, owned))) return value
    return Object.fromEntries(
      fields.map(([name, inner]) => [name, isOne(inner, kept) ? inner : change(inner, index++)] as const),
    )
  })
}

export const catalog: ReadonlyArray<Law> = [
  ...[1, 2, 25, 250].map((count) =>
    reading("K1, B1", `every sync is told once, of ${count}`, {}, (testbed) =>
      Effect.gen(function* () {
        for (let made = 1; made < count; made++) yield* testbed.emulator.addSync({ name: `Sync ${made}` })
        const syncs: Array<Sync> = []
        const seen = Stream.runForEach(testbed.catalog.list, (sync) => Effect.sync(() => syncs.push(sync)))
        const ended = yield* Effect.result(yield* testbed.exit(seen, patience))
        expect(new Set(listed(syncs)).size, "none twice").toBe(syncs.length)
        if (Result.isSuccess(ended)) return expect(listed(syncs)).toEqual(yield* refsOf(testbed))
        expect(Errors.reason(ended.failure), "what cannot be told to its end says so").toBe("UnexpectedResponse")
        expect(syncs.length).toBeGreaterThan(0)
        expect(yield* refsOf(testbed)).toEqual(expect.arrayContaining(listed(syncs)))
        return yield* testbed.skip("the vendor's list ends before its syncs do, and the catalog says so")
      }),
    ),
  ),

  changing("K1", "nothing is told where nothing is configured", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.run(testbed.administration.delete(testbed.sync))
      expect(yield* list(testbed)).toEqual([])
    }),
  ),

  reading("K1", "it is read as it is pulled: the first takes fewer requests than all", {}, (testbed) =>
    Effect.gen(function* () {
      for (let made = 1; made < 250; made++) yield* testbed.emulator.addSync({ name: `Sync ${made}` })
      const [first] = yield* testbed.run(Stream.runCollect(Stream.take(testbed.catalog.list, 1)), patience)
      const forOne = testbed.wire.seen.length
      yield* testbed.exit(Stream.runDrain(testbed.catalog.list), patience)
      const forAll = testbed.wire.seen.length - forOne
      expect(yield* refsOf(testbed)).toContain(String(first?.ref))
      if (forAll === 1) return yield* testbed.skip("the vendor tells all in one answer")
      expect(forOne).toBeLessThan(forAll)
    }),
  ),

  reading("K1", "one sync by itself is as the list tells it, and its ref can be triggered", {}, (testbed) =>
    Effect.gen(function* () {
      for (const kind of kinds) yield* testbed.emulator.addSync(kind)
      for (const sync of yield* list(testbed)) {
        const one = yield* testbed.run(testbed.catalog.get(sync.ref), patience)
        expect(portable(one)).toEqual(portable(sync))
        if (sync.state !== "enabled") continue
        const { _tag } = yield* testbed.run(testbed.runs.trigger(sync.ref, { whenRunning: "fail" }))
        expect(_tag).toBe("Started")
      }
      expect(yield* testbed.count("start")).toBeGreaterThan(0)
      for (const { ids, state } of yield* testbed.emulator.syncs) {
        if (state === "enabled") expect((yield* testbed.emulator.runsOf(ids)).length).toBe(1)
      }
    }),
  ),

  reading("K2", "states, schedules and names are those that are true", {}, (testbed) =>
    Effect.gen(function* () {
      for (const kind of kinds) yield* testbed.emulator.addSync(kind)
      const syncs = new Map((yield* list(testbed)).map((sync) => [String(sync.ref), sync]))
      for (const truth of yield* testbed.emulator.syncs) {
        const sync = syncs.get(String(yield* testbed.refOf(truth.ids))) ?? expect.fail(`${truth.name} is not told`)
        if (truth.state === "enabled" || truth.state === "paused") expect(sync.state, truth.name).toBe(truth.state)
        if (truth.state === "draft") expect(sync.state, truth.name).not.toBe("enabled")
        expect(sync.vendorState, truth.name).not.toBe("")
        const isScheduled = (sync.schedule?._tag ?? "Manual") !== "Manual" || sync.unreadSchedule !== undefined
        expect(isScheduled, truth.name).toBe(truth.nextFire !== undefined)
        if (sync.name !== undefined) expect(sync.name).toBe(truth.name)
        const ids = [sync.connection.source?.id, sync.connection.destination?.id]
        for (const id of ids) expect(Object.values({ ...truth.parts, ...truth.ids }), truth.name).toContain(id)
      }
    }),
  ),

  reading("K2", "what an answer leaves out is absent, not made up", {}, (testbed) =>
    Effect.gen(function* () {
      for (const kind of kinds) yield* testbed.emulator.addSync(kind)
      const isLeftOut = /^(name|enabled|status|state|.*run.*|.*synced.*|.*behaviou?r|.*mode)$/i
      testbed.wire.changed = (response) => Json.inResponse(response, (json) => Json.without(json, isLeftOut))
      const syncs = yield* list(testbed)
      expect(listed(syncs)).toEqual(yield* refsOf(testbed))
      for (const { name, connection, state, lastRun } of syncs) {
        const told = {
          name,
          source: connection.source?.name,
          destination: connection.destination?.name,
          state,
          lastRun,
        }
        expect(told).toEqual({ state: "unknown" })
      }
    }),
  ),

  reading("K2", "a sync that is odd in any one way hides no other, and spoils no list", {}, (testbed) =>
    Effect.gen(function* () {
      for (const kind of kinds.slice(0, 5)) yield* testbed.emulator.addSync(kind)
      const truths = yield* testbed.emulator.syncs
      const random = Random.make(21)
      let changed = 0
      for (let sample = 0; sample < 120; sample++) {
        const odd = random.pick(truths)
        const [where, value] = [random.next(), random.pick(hostile)]
        testbed.wire.changed = (response) =>
          Json.inResponse(response, (json) => {
            let fields = 0
            inOwnFields(json, odd, (inner) => {
              fields++
              return inner
            })
            if (fields > 0) changed++
            const at = Math.floor(where * fields)
            return inOwnFields(json, odd, (inner, index) => (index === at ? value : inner))
          })
        const refs = listed(yield* list(testbed))
        const others = yield* Effect.forEach(
          truths.filter((truth) => truth !== odd),
          ({ ids }) => testbed.refOf(ids),
        )
        expect(refs, JSON.stringify({ odd: odd.name, value, where })).toEqual(
          expect.arrayContaining(others.map(String)),
        )
        expect(new Set(refs).size).toBe(refs.length)
      }
      expect(changed, "answers were changed").toBeGreaterThan(60)
    }),
  ),

  reading("K3", "a catalog that is closed is a typed error, never a defect or an empty list", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.deny(["syncs", "sync", "parts"])
      const reads: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        Stream.runCollect(testbed.catalog.list),
        testbed.catalog.get(testbed.sync),
      ]
      for (const read of reads) {
        const error = Errors.retl(yield* testbed.failure(read))
        expect(["Unsupported", "PermissionDenied"]).toContain(error.reason._tag)
        expect(error.message.length).toBeGreaterThan(0)
      }
      yield* testbed.emulator.deny([])
      expect(listed(yield* list(testbed)), "and open again").toEqual(yield* refsOf(testbed))
    }),
  ),
]
