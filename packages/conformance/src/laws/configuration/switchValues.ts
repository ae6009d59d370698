/** Open questions about a vendor's configuration: one scenario, checked at every value of every switch. */

import { ChangeIncomplete, ChangeIndeterminate } from "@openretl/core/Change"
import { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import type { Ids, TruthSync } from "@openretl/emulator/Emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import { type ConfiguredTestbed, canFire, changing } from "./configuredTestbed.ts"

export const configurationSwitchLaws = (switches: Switches): ReadonlyArray<Law> =>
  Object.entries(switches).flatMap(([name, { values, fact }]) =>
    values.map((value) =>
      changing(
        "A1, A2, A3, K1, K3",
        `syncs are read and changed correctly with ${name}=${value} (${fact})`,
        { emulator: { switches: { [name]: value } } },
        scenario,
      ),
    ),
  )

/** Runs a program. Expects that it succeeds or fails with an error that a caller can act on. */
const resultOf = Effect.fnUntraced(function* <A>(testbed: ConfiguredTestbed, program: Effect.Effect<A, unknown>) {
  const result = yield* testbed.result(program, "1 hour")
  if (Result.isFailure(result)) {
    const { failure } = result
    const isExpected =
      failure instanceof RetlError || failure instanceof ChangeIncomplete || failure instanceof ChangeIndeterminate
    expect(isExpected, String(failure)).toBe(true)
  }
  return result
})

const scenario = (testbed: ConfiguredTestbed) =>
  Effect.gen(function* () {
    yield* checkCatalog(testbed)
    const parts = yield* testbed.emulator.addParts()
    const first = yield* checkCreate(testbed, parts)
    const second = yield* checkCreate(testbed, parts)
    if (first !== undefined && second !== undefined) expect(String(first.ref)).not.toBe(String(second.ref))
    if (first !== undefined) yield* checkChanges(testbed, first)
    yield* checkDelete(testbed, testbed.sync)
    if (first !== undefined) {
      yield* checkDelete(testbed, first.ref)
      yield* checkCreate(testbed, parts)
    }
    const firingSyncs = (yield* testbed.emulator.syncs).filter(canFire)
    expect(firingSyncs, "no sync is left that can fire").toEqual([])
  })

/** The catalog lists the actual syncs, or fails. */
const checkCatalog = Effect.fnUntraced(function* (testbed: ConfiguredTestbed) {
  const list = yield* resultOf(testbed, Stream.runCollect(testbed.catalog.list))
  const get = yield* resultOf(testbed, testbed.catalog.get(testbed.sync))
  const actualRefs = (yield* testbed.actualRefs).map(String).sort()
  if (Result.isSuccess(list)) expect(list.success.map(({ ref }) => testbed.textOf(ref)).sort()).toEqual(actualRefs)
  if (Result.isSuccess(get)) expect(testbed.textOf(get.success.ref)).toBe(String(testbed.sync))
})

/**
 * A create makes one disabled and manual sync, or none. Returns the sync when the create succeeds; `undefined` where the
 * workspace cannot create syncs.
 */
const checkCreate = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, parts: Ids) {
  if (testbed.creation === undefined) return undefined
  const before = yield* testbed.syncsOver(parts)
  const requestsBefore = yield* testbed.requestCount("create")
  const result = yield* resultOf(testbed, testbed.creation.create(testbed.definition(parts)))
  const requests = (yield* testbed.requestCount("create")) - requestsBefore
  expect(requests, "A1: at most one request").toBeLessThanOrEqual(1)
  const after = yield* testbed.syncsOver(parts)
  const isNew = ({ ids }: TruthSync) => !before.some((sync) => sync.ids === ids)
  expect(after.filter((sync) => !isNew(sync))).toEqual(before)
  const [created, ...more] = after.filter(isNew)
  expect(more, "A1: at most one new sync").toEqual([])
  const createdRef = created && String(yield* testbed.syncRef(created.ids))
  if (created !== undefined) expect(canFire(created), "A2: it cannot fire").toBe(false)
  if (Result.isSuccess(result)) {
    expect(testbed.textOf(result.success.ref)).toBe(createdRef)
    expect([created?.state === "enabled", created?.nextFire], "A2: disabled and manual").toEqual([false, undefined])
    return result.success
  }
  if (result.failure instanceof ChangeIncomplete) expect(testbed.textOf(result.failure.sync.ref)).toBe(createdRef)
  if (result.failure instanceof RetlError) expect(created, "A1: a refused create makes no sync").toBe(undefined)
  return undefined
})

/** Each change reports whether the vendor made it. */
const checkChanges = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, { ref }: Sync) {
  const [schedule = Schedule.manual] = testbed.schedules
  const { administration } = testbed
  const isScheduled = (sync: TruthSync) => sync.nextFire !== undefined
  const changes: ReadonlyArray<readonly [string, Effect.Effect<Sync, unknown>, (sync: TruthSync) => boolean]> = [
    ["setSchedule", administration.setSchedule(ref, schedule), isScheduled],
    ["resume", administration.resume(ref), ({ state }) => state === "enabled"],
    ["pause", administration.pause(ref), ({ state }) => state === "paused"],
    ["manual", administration.setSchedule(ref, Schedule.manual), (sync) => !isScheduled(sync)],
  ]
  for (const [name, change, isDone] of changes) {
    const result = yield* resultOf(testbed, change)
    const actual = (yield* testbed.actualSync(ref)) ?? expect.fail(`${name}: the sync is gone`)
    if (Result.isSuccess(result)) {
      expect(isDone(actual), name).toBe(true)
      expect(result.success.state === "enabled", name).toBe(actual.state === "enabled")
    } else if (!(result.failure instanceof ChangeIndeterminate)) {
      expect(isDone(actual), `${name}: ${String(result.failure)}`).toBe(false)
    }
  }
})

/** A delete reports whether the sync is gone; nothing where the workspace cannot delete syncs. */
const checkDelete = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, ref: Sync["ref"]) {
  if (testbed.deletion === undefined) return
  const result = yield* resultOf(testbed, testbed.deletion.delete(ref))
  const actual = yield* testbed.actualSync(ref)
  if (Result.isSuccess(result)) expect(actual, "a deleted sync is gone").toBe(undefined)
  else if (result.failure instanceof RetlError) expect(actual, "a sync is there when its delete fails").toBeDefined()
})
