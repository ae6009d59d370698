/**
 * Two writers on one sync of RudderStack, whose updates replace its schedule: a program of ours, and another hand that takes the
 * schedule away at one of many timings around it. Counts what was undone, and of that, what nothing reported.
 */
import * as Journal from "@openretl/core/Journal"
import * as ProcessState from "@openretl/core/ProcessState"
import * as Schedule from "@openretl/core/Schedule"
import { Transport } from "@openretl/core/Transport"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { begin } from "./begin.ts"
import { administrationOf, type ConfigurableVendor } from "./configurableVendors.ts"

/** Who the other writer is: a process that shares the journal, one that does not, or a person in the vendor's app. */
export type Writer = "sharing" | "separate" | "stranger"

export interface Options {
  readonly writer: Writer
  /** How long each request takes, half of it on its way. */
  readonly latency: Duration.Input
  readonly readLag: Duration.Input
  /** When the other one writes, in milliseconds before (negative) or after the first call. */
  readonly timings: ReadonlyArray<number>
}

/** What became of all timings, in numbers. */
export interface Report {
  readonly timings: number
  /** Timings after which the sync has the schedule that was taken away. */
  readonly undone: number
  /** Of these, those that no error reported. */
  readonly undoneInSilence: number
  /** The timings of these. */
  readonly silent: ReadonlyArray<number>
  /** Timings that ended with `ChangeConflict`. */
  readonly reported: number
}

/** Plays all timings, each at a sync of its own. */
export const playTwoWriters = Effect.fnUntraced(function* (
  rudderstack: ConfigurableVendor,
  { writer, latency, readLag, timings }: Options,
): Effect.fn.Return<Report, unknown, never> {
  let [undone, reported] = [0, 0]
  const silent: Array<number> = []
  for (const timing of timings) {
    const { isUndone, isReported } = yield* Effect.scoped(
      Effect.gen(function* () {
        const emulator = yield* RudderStackEmulator.make({ latency, readLag })
        const { connection = "" } = yield* emulator.addSync({ schedule: { every: "1 hour" } })
        const ref = yield* RudderStack.syncRef("sim", { connection })
        const journal = Journal.memory()
        const open = (shared?: Journal.Service) =>
          administrationOf(rudderstack, emulator, shared && { journal: shared }).pipe(
            Effect.provideService(Transport, emulator.transport),
            Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
          )
        const [ours, theirs] = [yield* open(journal), yield* open(writer === "sharing" ? journal : undefined)]
        yield* TestClock.adjust("1 hour")
        const byHand = emulator.changeSync({ connection }, { schedule: null })
        const other = writer === "stranger" ? byHand : Effect.asVoid(theirs.setSchedule(ref, Schedule.manual))
        const first = yield* begin(Effect.exit(Effect.delay(Effect.asVoid(ours.pause(ref)), Math.max(0, -timing))))
        const second = yield* begin(Effect.exit(Effect.delay(other, Math.max(0, timing))))
        yield* TestClock.adjust("1 hour")
        const exits = [yield* Fiber.join(first), yield* Fiber.join(second)]
        const [sync] = yield* emulator.syncs
        return {
          isUndone: sync?.schedule !== undefined,
          isReported: exits.some((exit) => Exit.isFailure(exit) && String(exit.cause).includes("ChangeConflict")),
        }
      }),
    )
    if (isUndone) undone++
    if (isUndone && !isReported) silent.push(timing)
    if (isReported) reported++
  }
  return { timings: timings.length, undone, undoneInSilence: silent.length, silent, reported }
})
