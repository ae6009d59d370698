import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { configurableVendors } from "../src/configurableVendors.ts"
import { playTwoWriters, type Writer } from "../src/twoWriters.ts"
import { reportText } from "./reportText.ts"

const rudderstack = configurableVendors.find(({ name }) => name === "rudderstack")

/** From a while before the call to a while after its answer, most of them close around it. */
const timings = [-120, -60, -45, -30, -20, -10, -5, -3, -2, -1]
  .map((seconds) => seconds * 1_000)
  .concat(Array.from({ length: 30 }, (_, index) => -290 + index * 60))
  .concat([2, 3, 5, 10, 20, 30, 45, 60, 90, 120].map((seconds) => seconds * 1_000))

const play = (writer: Writer, readLag: string) =>
  Effect.gen(function* () {
    if (rudderstack === undefined) return yield* Effect.die("RudderStack is configurable")
    const options = { latency: "200 millis", readLag: readLag as "0 seconds", timings } as const
    const report = yield* playTwoWriters(rudderstack, { writer, ...options })
    console.log(
      reportText(
        `two writers, the other ${writer}, reads ${readLag} behind`,
        0,
        { ...report, silent: report.silent.length },
        {},
      ),
    )
    return report
  })

describe("two writers on one connection of RudderStack, at 50 timings", () => {
  it.effect.each<[string]>([["0 seconds"], ["45 seconds"]])(
    "A6: with one journal, nothing is undone, with reads %s behind",
    ([lag]) =>
      Effect.gen(function* () {
        expect(yield* play("sharing", lag)).toEqual({
          timings: 50,
          undone: 0,
          undoneInSilence: 0,
          silent: [],
          reported: 0,
        })
      }),
  )
  it.effect("A6: of another process without the journal, nothing is undone in silence", () =>
    Effect.gen(function* () {
      const report = yield* play("separate", "0 seconds")
      expect(report).toMatchObject({ undone: 3, undoneInSilence: 0 })
    }),
  )

  it.effect("A6: what a stranger changes is undone in silence only between core's last read and its request", () =>
    Effect.gen(function* () {
      const report = yield* play("stranger", "0 seconds")
      // Each request takes 200 ms: core reads, reads once more, and sends.
      expect(report.silent.filter((timing) => timing <= 200 || timing >= 400)).toEqual([])
      expect(report).toMatchObject({ undone: 3, reported: 3 })
    }),
  )

  it.effect.each<[Writer]>([["separate"], ["stranger"]])(
    "A6: with reads 45 seconds behind, a %s writer is undone in silence only in the five seconds before the request",
    ([writer]) =>
      Effect.gen(function* () {
        const report = yield* play(writer, "45 seconds")
        expect(report.silent.filter((timing) => timing <= -5_000 || timing >= 400)).toEqual([])
        expect(report.undone).toBeGreaterThan(0)
      }),
  )
})
