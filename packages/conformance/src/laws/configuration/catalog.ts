/** The catalog: every sync once, lazily, as it is; missing fields are absent, and a closed catalog is an error. */

import type { SyncRef } from "@openretl/core/Ref"
import type { Sync } from "@openretl/core/Sync"
import type { SyncOptions } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import { needsDeletion } from "../../Setup.ts"
import * as Answers from "../../testbed/answers.ts"
import * as Errors from "../../testbed/errors.ts"
import * as Json from "../../testbed/json.ts"
import * as Random from "../../testbed/random.ts"
import { type ConfiguredTestbed, changing, reading } from "./configuredTestbed.ts"
import { countFieldsOf, mapFieldsOf } from "./ownFields.ts"

/** Virtual time for many reads under a tight rate limit. */
const patience = "10 hours"

const listSyncs = (testbed: ConfiguredTestbed) => testbed.run(Stream.runCollect(testbed.catalog.list), patience)

const sortedRefs = (testbed: ConfiguredTestbed, syncs: ReadonlyArray<Sync>) =>
  syncs.map(({ ref }) => testbed.textOf(ref)).sort()

const sortedActualRefs = (testbed: ConfiguredTestbed) =>
  Effect.map(testbed.actualRefs, (refs) => refs.map(String).sort())

/** A sync without the vendor's payload, which may differ between a list and a read of one sync. */
const withoutNative = ({ native: _, ...sync }: Sync) => sync

/** Syncs of every kind that an emulator can have. */
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

const malformedValues: ReadonlyArray<Json.Json> = [
  null,
  "",
  "nonsense",
  -1,
  1e308,
  true,
  false,
  [],
  {},
  [null],
  { x: [] },
]

export const catalogLaws: ReadonlyArray<Law> = [
  ...[1, 2, 25, 250].map((count) =>
    reading("K1, B1", `a catalog of ${count} syncs lists each sync once`, {}, (testbed) =>
      Effect.gen(function* () {
        for (let index = 1; index < count; index++) yield* testbed.emulator.addSync({ name: `Sync ${index}` })
        let shown = ""
        testbed.wire.rewrite = (response) => {
          shown += new TextDecoder().decode(response.body)
          return response
        }
        const syncs: Array<Sync> = []
        const program = Stream.runForEach(testbed.catalog.list, (sync) => Effect.sync(() => syncs.push(sync)))
        const result = yield* testbed.result(program, patience)
        expect(new Set(sortedRefs(testbed, syncs)).size, "no sync twice").toBe(syncs.length)
        if (Result.isSuccess(result))
          return expect(sortedRefs(testbed, syncs)).toEqual(yield* sortedActualRefs(testbed))
        expect(Errors.reasonTag(result.failure), "an incomplete list says so").toBe("UnexpectedResponse")
        expect(syncs.length).toBeGreaterThan(0)
        expect(yield* sortedActualRefs(testbed)).toEqual(expect.arrayContaining(sortedRefs(testbed, syncs)))
        // Whether the list really ends is seen from the answers, and not believed.
        const unshown = (yield* testbed.actualRefs).filter(({ ids }) =>
          Object.values(ids).some((id) => !shown.includes(id)),
        )
        expect(unshown.length, "syncs that no answer shows").toBe(count - syncs.length)
        return yield* testbed.skip("the vendor's list ends before its syncs do, and the catalog says so")
      }),
    ),
  ),

  ...[1, 30].map((deletions) =>
    reading("K1", `${deletions} syncs that are deleted while the catalog is read hide no other`, {}, (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        for (let index = 0; index < 250; index++) yield* testbed.emulator.addSync({ name: `Sync ${index}`, parts })
        const before = yield* sortedActualRefs(testbed)
        const deleted = new Set<string>()
        const program = testbed.catalog.list.pipe(
          Stream.rechunk(1),
          Stream.tap(({ ref }) =>
            Effect.gen(function* () {
              const sync = yield* testbed.actualSync(ref)
              if (deleted.size >= deletions || sync === undefined) return
              deleted.add(testbed.textOf(ref))
              yield* testbed.emulator.deleteSync(sync.ids)
            }),
          ),
          Stream.runCollect,
        )
        const result = yield* testbed.result(program, patience)
        if (Result.isFailure(result)) return expect(Errors.reasonTag(result.failure)).toBe("UnexpectedResponse")
        const listed = sortedRefs(testbed, result.success)
        expect(new Set(listed).size).toBe(listed.length)
        expect(listed).toEqual(expect.arrayContaining(before.filter((ref) => !deleted.has(ref))))
      }),
    ),
  ),

  changing("K1", "a catalog without syncs is empty", { needs: needsDeletion }, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.run(testbed.administration.delete(testbed.sync))
      expect(yield* listSyncs(testbed)).toEqual([])
    }),
  ),

  reading("K1", "the first sync takes fewer requests than the whole catalog", {}, (testbed) =>
    Effect.gen(function* () {
      for (let index = 1; index < 250; index++) yield* testbed.emulator.addSync({ name: `Sync ${index}` })
      const takeFirst = testbed.run(Stream.runCollect(Stream.take(testbed.catalog.list, 1)), patience)
      const [[first], answers] = yield* Answers.during(testbed, takeFirst)
      const requestsForFirst = testbed.wire.sent.length
      yield* testbed.exit(Stream.runDrain(testbed.catalog.list), patience)
      const requestsForAll = testbed.wire.sent.length - requestsForFirst
      expect(yield* sortedActualRefs(testbed)).toContain(first && testbed.textOf(first.ref))
      const isShown = ({ ids }: SyncRef) => Object.values(ids).every((id) => answers.haveText(id))
      if (requestsForFirst === 1 && (yield* testbed.actualRefs).every(isShown)) {
        return yield* testbed.skip("the vendor lists all syncs in one answer")
      }
      expect(requestsForFirst).toBeLessThan(requestsForAll)
    }),
  ),

  reading("K1", "reading one sync gives the same sync as the list, and its ref can be triggered", {}, (testbed) =>
    Effect.gen(function* () {
      for (const kind of kinds) yield* testbed.emulator.addSync(kind)
      for (const listed of yield* listSyncs(testbed)) {
        const sync = yield* testbed.run(testbed.catalog.get(listed.ref), patience)
        expect(withoutNative(sync)).toEqual(withoutNative(listed))
        if (listed.state !== "enabled") continue
        const { _tag } = yield* testbed.run(testbed.runs.trigger(listed.ref, { whenRunning: "fail" }))
        expect(_tag).toBe("Started")
      }
      expect(yield* testbed.requestCount("start")).toBeGreaterThan(0)
      for (const { ids, state } of yield* testbed.emulator.syncs) {
        if (state === "enabled") expect((yield* testbed.emulator.runsOf(ids)).length).toBe(1)
      }
    }),
  ),

  reading("K2", "a sync has its actual state, schedule, name and parts", {}, (testbed) =>
    Effect.gen(function* () {
      for (const kind of kinds) yield* testbed.emulator.addSync(kind)
      const syncs = new Map((yield* listSyncs(testbed)).map((sync) => [testbed.textOf(sync.ref), sync]))
      for (const actual of yield* testbed.emulator.syncs) {
        const { name, state, parts, ids, nextFire } = actual
        const sync = syncs.get(String(yield* testbed.syncRef(ids))) ?? expect.fail(`${name} is not listed`)
        if (state === "enabled" || state === "paused") expect(sync.state, name).toBe(state)
        if (state === "draft") expect(sync.state, name).not.toBe("enabled")
        expect(sync.vendorState, name).not.toBe("")
        const isScheduled = (sync.schedule?._tag ?? "Manual") !== "Manual" || sync.unreadSchedule !== undefined
        expect(isScheduled, name).toBe(nextFire !== undefined)
        if (sync.name !== undefined) expect(sync.name).toBe(name)
        for (const id of [sync.connection.source?.id, sync.connection.destination?.id]) {
          expect(Object.values({ ...parts, ...ids }), name).toContain(id)
        }
      }
    }),
  ),

  reading("K2", "a field that the answer leaves out is absent", {}, (testbed) =>
    Effect.gen(function* () {
      for (const kind of kinds) yield* testbed.emulator.addSync(kind)
      const fields = /^(name|label|enabled|active|status|state|.*run.*|.*synced.*|.*behaviou?r|.*mode)$/i
      testbed.wire.rewrite = (response) => Json.mapResponse(response, (json) => Json.withoutFields(json, fields))
      const syncs = yield* listSyncs(testbed)
      expect(sortedRefs(testbed, syncs)).toEqual(yield* sortedActualRefs(testbed))
      for (const { name, connection, state, lastRun } of syncs) {
        const source = connection.source?.name
        const destination = connection.destination?.name
        expect({ name, source, destination, state, lastRun }).toEqual({ state: "unknown" })
      }
    }),
  ),

  reading("K2", "a sync with a malformed field hides no other sync and breaks no list", {}, (testbed) =>
    Effect.gen(function* () {
      for (const kind of kinds.slice(0, 5)) yield* testbed.emulator.addSync(kind)
      const actualSyncs = yield* testbed.emulator.syncs
      const random = Random.make(21)
      let changedAnswers = 0
      for (let sample = 0; sample < 120; sample++) {
        const malformed = random.pick(actualSyncs)
        const [position, value] = [random.next(), random.pick(malformedValues)]
        testbed.wire.rewrite = (response) =>
          Json.mapResponse(response, (json) => {
            const count = countFieldsOf(malformed, json)
            if (count > 0) changedAnswers++
            const changedIndex = Math.floor(position * count)
            return mapFieldsOf(malformed, json, (field, index) => (index === changedIndex ? value : field))
          })
        const refs = sortedRefs(testbed, yield* listSyncs(testbed))
        const otherRefs = yield* Effect.forEach(
          actualSyncs.filter((sync) => sync !== malformed),
          ({ ids }) => testbed.syncRef(ids),
        )
        expect(refs, JSON.stringify({ malformed: malformed.name, value, position })).toEqual(
          expect.arrayContaining(otherRefs.map(String)),
        )
        expect(new Set(refs).size).toBe(refs.length)
      }
      expect(changedAnswers, "the law changes answers").toBeGreaterThan(60)
    }),
  ),

  reading("K3", "a closed catalog fails with a typed error, and works again once it is open", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.deny(["syncs", "sync", "parts"])
      const reads: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        Stream.runCollect(testbed.catalog.list),
        testbed.catalog.get(testbed.sync),
      ]
      for (const read of reads) {
        const error = Errors.requireRetlError(yield* testbed.failure(read))
        expect(["Unsupported", "PermissionDenied"]).toContain(error.reason._tag)
        expect(error.message.length).toBeGreaterThan(0)
      }
      yield* testbed.emulator.deny([])
      expect(sortedRefs(testbed, yield* listSyncs(testbed))).toEqual(yield* sortedActualRefs(testbed))
    }),
  ),
]
