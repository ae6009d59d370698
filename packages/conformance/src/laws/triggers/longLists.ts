/**
 * Lists that are long, oldest first, or cut, and lists from which runs vanish while core reads them: a run under way is
 * never missed in silence, and a lost answer is never denied.
 */

import { Fault } from "@openretl/emulator"
import type { Ids } from "@openretl/emulator/Emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { EmulatorOptions } from "../../Harness.ts"
import { type Law, law } from "../../Law.ts"
import type { AddedSync, Testbed } from "../../Testbed.ts"
import * as Errors from "../../testbed/errors.ts"
import * as Random from "../../testbed/random.ts"
import { runOf } from "../startRun.ts"

/** More than three weeks of runs, one an hour. */
const longCount = 700

/** More runs than a page has, at any vendor: enough where only the form of pages differs. */
const pagesCount = 250

type Settings = NonNullable<EmulatorOptions["switches"]>

/** A form of lists, and how many runs to try it with. */
interface Form {
  readonly settings: Settings
  readonly runCount: number
}

/** Returns the forms of lists that the vendor may have: each value of each switch about lists, in either order of runs. */
const listForms = (switches: Switches): ReadonlyArray<Form> => {
  const [order] = Object.entries(switches).find(([, { values }]) => values.includes("oldest-first")) ?? []
  const orders: ReadonlyArray<Settings> = order === undefined ? [{}] : [{}, { [order]: "oldest-first" }]
  const forms = Object.entries(switches)
    .filter(([name]) => name !== order && /list|page|paging|pagination|length/i.test(name))
    .flatMap(([name, { values, default: usual }]) =>
      values.filter((value) => value !== usual).map((value): Settings => ({ [name]: value })),
    )
  return orders.flatMap((inOrder) => [
    { settings: inOrder, runCount: longCount },
    ...forms.map((form) => ({ settings: { ...inOrder, ...form }, runCount: pagesCount })),
  ])
}

const textOf = (form: Settings): string =>
  Object.entries(form)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ") || "as documented"

/** Starts runs that have ended, as an hourly sync has after some weeks. Returns their ids. */
const addEndedRuns = Effect.fnUntraced(function* (testbed: Testbed, ids: Ids, runCount: number) {
  const ended: Array<string> = []
  for (let run = 0; run < runCount; run++) {
    const id = yield* testbed.emulator.triggerAsStranger(ids, { plan: { duration: 0 } })
    if (id === undefined) return expect.fail("the emulator refused a run on an idle sync")
    ended.push(id)
    if (run % 50 === 0) yield* testbed.advance("1 minute")
  }
  yield* testbed.advance("10 minutes")
  return ended
})

/** How a trigger may end while a run is under way: it names that run, or says that it cannot see whether there is one. */
const isNoticed = (ending: string): boolean =>
  ["AlreadyRunning", "Skipped", "Adopted", "FenceIncomplete"].includes(ending)

/** Triggers while a run is under way, and expects that this is noticed and that no call starts a run. */
const expectNoticed = Effect.fnUntraced(function* (testbed: Testbed, { ids, ref }: AddedSync, live: string) {
  for (const whenRunning of ["fail", "skip", "adopt"] as const) {
    const result = yield* testbed.result(testbed.runs.trigger(ref, { whenRunning }), "1 hour")
    if (result._tag === "Failure") {
      const { reason } = Errors.requireRetlError(result.failure)
      expect(reason._tag).toSatisfy(isNoticed)
      if (reason._tag === "AlreadyRunning" && reason.run !== undefined) expect(reason.run.run).toBe(live)
    } else {
      expect(result.success._tag).toSatisfy(isNoticed)
      if (result.success._tag === "Adopted") expect(result.success.run.run).toBe(live)
    }
  }
  const runsOfCalls = (yield* testbed.emulator.runsOf(ids)).filter(({ origin }) => origin === "call")
  expect(runsOfCalls).toEqual([])
})

const longRun = { plan: { duration: "10 hours" } } as const

export const longListLaws = (switches: Switches): ReadonlyArray<Law> =>
  listForms(switches).flatMap(({ settings, runCount }) => [
    law(
      "T5, T2",
      `a run under way among ${runCount} others is not missed in silence (lists: ${textOf(settings)})`,
      { emulator: { switches: settings } },
      (testbed) =>
        Effect.gen(function* () {
          yield* addEndedRuns(testbed, testbed.ids, runCount)
          const live = yield* testbed.emulator.triggerAsStranger(testbed.ids, longRun)
          yield* testbed.advance("1 minute")
          yield* expectNoticed(testbed, { ids: testbed.ids, ref: testbed.sync }, live ?? "none")
        }).pipe(Effect.asVoid),
    ),

    law(
      "T3, T4",
      `with ${runCount} runs before it, a lost answer leads to its run or stays open, and is never denied (lists: ${textOf(settings)})`,
      { emulator: { switches: settings } },
      (testbed) =>
        Effect.gen(function* () {
          yield* addEndedRuns(testbed, testbed.ids, runCount)
          yield* testbed.emulator.script(testbed.ids, [{ duration: "10 minutes" }])
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
          const result = yield* testbed.result(
            testbed.runs.trigger(testbed.sync, { whenRunning: "fail", exclusive: true }),
            "1 hour",
          )
          const ofCalls = (yield* testbed.actualRuns).filter(({ origin }) => origin === "call").map(({ id }) => id)
          expect(ofCalls.length).toBe(yield* testbed.requestCount("start"))
          if (result._tag === "Success") return expect(ofCalls).toEqual([runOf(result.success).run])
          if (result.failure._tag === "TriggerIndeterminate") return expect(ofCalls.length).toBe(1)
          expect([Errors.requireRetlError(result.failure).delivery, ofCalls]).toEqual(["not-sent", []])
        }),
    ),
  ])

/** Laws about runs that vanish from a list between two of its pages. */
export const vanishingLaws = (switches: Switches): ReadonlyArray<Law> => {
  const [order] = Object.entries(switches).find(([, { values }]) => values.includes("oldest-first")) ?? []
  return [{}, ...(order === undefined ? [] : [{ [order]: "oldest-first" }])].map((form: Settings) =>
    law(
      "T5, T2",
      `a run under way is not missed in silence while others vanish between two pages (lists: ${textOf(form)})`,
      { emulator: { switches: form, latency: "200 millis" } },
      (testbed) =>
        Effect.gen(function* () {
          const random = Random.make(7)
          for (let round = 0; round < 4; round++) {
            const added = yield* testbed.addSync()
            const ended = yield* addEndedRuns(testbed, added.ids, longCount)
            const live = yield* testbed.emulator.triggerAsStranger(added.ids, longRun)
            yield* testbed.advance("1 minute")
            const vanishing = Effect.forEach(ended.slice(0, 3 + random.int(30)), (run) =>
              Effect.delay(testbed.emulator.unlistRun(run), 50 + random.int(400)),
            )
            yield* testbed.begin(vanishing)
            yield* expectNoticed(testbed, added, live ?? "none")
          }
        }),
    ),
  )
}
