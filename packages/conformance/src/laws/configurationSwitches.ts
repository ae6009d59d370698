/** What is not known about a vendor's configuration: whichever way it is, what is told of a change is true. */

import { ChangeIncomplete, ChangeIndeterminate } from "@openretl/core/Change"
import { RetlError } from "@openretl/core/RetlError"
import * as CoreSchedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import type { Ids, TruthSync } from "@openretl/emulator/Emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type ConfiguredLab, changing, fires } from "../internal/configured.ts"
import type { Law } from "../Law.ts"

export const configurationSwitches = (switches: Switches): ReadonlyArray<Law> =>
  Object.entries(switches).flatMap(([name, { values, fact }]) =>
    values.map((value) =>
      changing(
        "A1, A2, A3, K1, K3",
        `what is configured, with ${name}=${value} (${fact})`,
        { emulator: { switches: { [name]: value } } },
        scenario,
      ),
    ),
  )

/** How it ended: with a value, or with an error that a caller can act on. */
const ended = Effect.fnUntraced(function* <A>(testbed: ConfiguredLab, program: Effect.Effect<A, unknown>) {
  const result = yield* Effect.result(yield* testbed.exit(program, "1 hour"))
  if (Result.isFailure(result)) {
    const { failure } = result
    const isOurs =
      failure instanceof RetlError || failure instanceof ChangeIncomplete || failure instanceof ChangeIndeterminate
    expect(isOurs, String(failure)).toBe(true)
  }
  return result
})

const scenario = (testbed: ConfiguredLab) =>
  Effect.gen(function* () {
    yield* told(testbed)
    const parts = yield* testbed.emulator.addParts()
    const first = yield* created(testbed, parts)
    const second = yield* created(testbed, parts)
    if (first !== undefined && second !== undefined) expect(String(first.ref)).not.toBe(String(second.ref))
    if (first !== undefined) yield* changed(testbed, first)
    yield* deleted(testbed, testbed.sync)
    if (first !== undefined) {
      yield* deleted(testbed, first.ref)
      yield* created(testbed, parts)
    }
    const others = (yield* testbed.emulator.syncs).filter(fires)
    expect(others, "nothing is left that fires by itself").toEqual([])
  })

/** The list is what is configured, or an error. */
const told = Effect.fnUntraced(function* (testbed: ConfiguredLab) {
  const list = yield* ended(testbed, Stream.runCollect(testbed.catalog.list))
  const one = yield* ended(testbed, testbed.catalog.get(testbed.sync))
  const refs = yield* Effect.forEach(yield* testbed.emulator.syncs, ({ ids }) => testbed.refOf(ids))
  if (Result.isSuccess(list)) expect(list.success.map(({ ref }) => String(ref)).sort()).toEqual(refs.map(String).sort())
  if (Result.isSuccess(one)) expect(String(one.success.ref)).toBe(String(testbed.sync))
})

/** Created without a word: it is there, disabled and manual, or nothing new is. Yields it where it was told. */
const created = Effect.fnUntraced(function* (testbed: ConfiguredLab, parts: Ids) {
  const before = yield* testbed.over(parts)
  const creates = yield* testbed.count("create")
  const result = yield* ended(testbed, testbed.administration.create(testbed.definition(parts)))
  expect((yield* testbed.count("create")) - creates, "A1: sent once").toBeLessThanOrEqual(1)
  const after = yield* testbed.over(parts)
  const isNew = ({ ids }: TruthSync) => !before.some((one) => one.ids === ids)
  expect(after.filter((one) => !isNew(one))).toEqual(before)
  const [made, ...more] = after.filter(isNew)
  expect(more, "A1: at most one").toEqual([])
  if (made !== undefined) expect(fires(made), "A2").toBe(false)
  if (Result.isSuccess(result)) {
    expect(String(result.success.ref)).toBe(made && String(yield* testbed.refOf(made.ids)))
    expect([made?.state === "enabled", made?.nextFire], "A2").toEqual([false, undefined])
    return result.success
  }
  if (result.failure instanceof ChangeIncomplete) {
    expect(String(result.failure.sync.ref)).toBe(made && String(yield* testbed.refOf(made.ids)))
  }
  if (result.failure instanceof RetlError) expect(made, "A1: refused, and made").toBe(undefined)
  return undefined
})

/** Each change is done as it is told. */
const changed = Effect.fnUntraced(function* (testbed: ConfiguredLab, { ref }: Sync) {
  const [schedule = CoreSchedule.manual] = testbed.schedules
  const { administration } = testbed
  const isScheduled = (one: TruthSync) => one.nextFire !== undefined
  const steps: ReadonlyArray<readonly [string, Effect.Effect<Sync, unknown>, (one: TruthSync) => boolean]> = [
    ["setSchedule", administration.setSchedule(ref, schedule), isScheduled],
    ["resume", administration.resume(ref), ({ state }) => state === "enabled"],
    ["pause", administration.pause(ref), ({ state }) => state === "paused"],
    ["manual", administration.setSchedule(ref, CoreSchedule.manual), (one) => !isScheduled(one)],
  ]
  for (const [name, step, isDone] of steps) {
    const result = yield* ended(testbed, step)
    const truth = (yield* testbed.really(ref)) ?? expect.fail(`${name}: the sync is gone`)
    if (Result.isSuccess(result)) {
      expect(isDone(truth), name).toBe(true)
      expect(result.success.state === "enabled", name).toBe(truth.state === "enabled")
    } else if (!(result.failure instanceof ChangeIndeterminate)) {
      expect(isDone(truth), `${name}: ${String(result.failure)}`).toBe(false)
    }
  }
})

/** Deleted as it is told. */
const deleted = Effect.fnUntraced(function* (testbed: ConfiguredLab, ref: Sync["ref"]) {
  const result = yield* ended(testbed, testbed.administration.delete(ref))
  const truth = yield* testbed.really(ref)
  if (Result.isSuccess(result)) expect(truth, "told to be deleted").toBe(undefined)
  else if (result.failure instanceof RetlError) expect(truth, "told to be there").toBeDefined()
})
