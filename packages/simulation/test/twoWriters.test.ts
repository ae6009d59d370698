import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Effect } from "effect"
import type { AdapterFolder } from "../../../scripts/adapters.ts"
import { form } from "../../../scripts/forms.ts"
import { configurableVendors } from "../src/configurableVendors.ts"
import { type Play, playTwoWriters, type Writer } from "../src/twoWriters.ts"
import { reportText } from "./reportText.ts"

/** What each vendor's updates may undo: a schedule beside a pause, and a pause beside a schedule. */
const plays = {
  rudderstack: {
    ours: ({ pause }, sync) => pause(sync),
    theirs: ({ setSchedule }, sync) => setSchedule(sync, Schedule.manual),
    byHand: { schedule: null },
    isUndone: ({ schedule }) => schedule !== undefined,
  },
  polytomic: {
    ours: ({ setSchedule }, sync) => setSchedule(sync, Schedule.cron("30 7 * * *")),
    theirs: ({ pause }, sync) => pause(sync),
    byHand: { state: "paused" },
    isUndone: ({ state }) => state !== "paused",
  },
} satisfies Readonly<Partial<Record<AdapterFolder, Play>>>

type Name = keyof typeof plays

/** From a while before the call to a while after its answer, most of them close around it. */
const timings = [-120, -60, -45, -30, -20, -10, -5, -3, -2, -1]
  .map((seconds) => seconds * 1_000)
  .concat(Array.from({ length: 30 }, (_, index) => -290 + index * 60))
  .concat([2, 3, 5, 10, 20, 30, 45, 60, 90, 120].map((seconds) => seconds * 1_000))

const play = (writer: Writer, readLag: string, name: Name) =>
  Effect.gen(function* () {
    const vendor = configurableVendors.find((vendor) => vendor.name === name)
    if (vendor === undefined) return yield* Effect.die(`${name} is configurable`)
    const options = { latency: "200 millis", readLag: readLag as "0 seconds", timings } as const
    const report = yield* playTwoWriters(vendor, { play: plays[name], writer, ...options })
    console.log(
      reportText(
        `two writers at ${name}, the other ${writer}, reads ${readLag} behind`,
        0,
        { ...report, silent: report.silent.length },
        {},
      ),
    )
    return report
  })

const names = Object.keys(plays) as ReadonlyArray<Name>

/** Returns each value at each vendor; in the short form each at one of them, at the first one from `first` on. */
const atEach = <A>(values: ReadonlyArray<A>, first = 0): Array<[Name, A]> =>
  values.flatMap((value, index) =>
    names
      .filter((_, place) => form(place === (index + first) % names.length, true))
      .map((name): [Name, A] => [name, value]),
  )

describe("two writers on one sync, at 50 timings", () => {
  it.effect.each(atEach(["0 seconds", "45 seconds"]))(
    "A6: at %s, with one journal, nothing is undone, with reads %s behind",
    ([name, lag]) =>
      Effect.gen(function* () {
        expect(yield* play("sharing", lag, name)).toEqual({
          timings: 50,
          undone: 0,
          undoneInSilence: 0,
          silent: [],
          reported: 0,
        })
      }),
  )
  it.effect.each(atEach<Writer>(["separate"]))(
    "A6: at %s, of another process without the journal, nothing is undone in silence",
    ([name, writer]) =>
      Effect.gen(function* () {
        const report = yield* play(writer, "0 seconds", name)
        expect(report.undoneInSilence).toBe(0)
        // Without a journal between them, some timings cannot go well: those are told.
        expect(report.undone).toBeGreaterThan(0)
      }),
  )

  it.effect.each(atEach<Writer>(["stranger"], 1))(
    "A6: at %s, what a stranger changes is undone in silence only between core's last read and its request",
    ([name, writer]) =>
      Effect.gen(function* () {
        const report = yield* play(writer, "0 seconds", name)
        // Each request takes 200 ms: core reads, reads once more, and sends.
        expect(report.silent.filter((timing) => timing <= 200 || timing >= 400)).toEqual([])
        expect(report).toMatchObject({ undone: 3, reported: 3 })
      }),
  )

  it.effect.each(atEach<Writer>(form(["stranger"], ["separate", "stranger"])))(
    "A6: at %s, with reads 45 seconds behind, a %s writer is undone in silence only in the five seconds before the request",
    ([name, writer]) =>
      Effect.gen(function* () {
        const report = yield* play(writer, "45 seconds", name)
        expect(report.silent.filter((timing) => timing <= -5_000 || timing >= 400)).toEqual([])
        expect(report.undone).toBeGreaterThan(0)
      }),
  )
})
