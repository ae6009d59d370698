/**
 * Two writers on one sync of a vendor whose updates replace fields that they do not name: a program of ours, and another hand that
 * changes such a field at one of many timings around it. Counts what was undone, and of that, what nothing reported.
 */
import type { Changed } from "@openretl/core/Administration"
import * as Journal from "@openretl/core/Journal"
import * as ProcessState from "@openretl/core/ProcessState"
import { SyncRef } from "@openretl/core/Ref"
import type { Sync } from "@openretl/core/Sync"
import { Transport } from "@openretl/core/Transport"
import type { SyncChange, TruthSync } from "@openretl/emulator/Emulator"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { begin } from "./begin.ts"
import { administrationOf, type Changes, type ConfigurableVendor } from "./configurableVendors.ts"

/** Who the other writer is: a process that shares the journal, one that does not, or a person in the vendor's app. */
export type Writer = "sharing" | "separate" | "stranger"

/** What the two writers change. */
export interface Play {
  readonly ours: (administration: Changes, sync: SyncRef) => Changed<Sync>
  /** The other one's change, where that is a process, and where it is a person. */
  readonly theirs: (administration: Changes, sync: SyncRef) => Changed<Sync>
  readonly byHand: SyncChange
  /** Whether the other one's change is gone. */
  readonly isUndone: (sync: TruthSync) => boolean
}

export interface Options {
  readonly play: Play
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
  /** Timings after which the other one's change is gone. */
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
  vendor: ConfigurableVendor,
  { play, writer, latency, readLag, timings }: Options,
): Effect.fn.Return<Report, unknown, never> {
  let [undone, reported] = [0, 0]
  const silent: Array<number> = []
  for (const timing of timings) {
    const { isUndone, isReported } = yield* Effect.scoped(
      Effect.gen(function* () {
        const emulator = yield* vendor.emulator({ latency, readLag })
        const ids = yield* emulator.addSync({ schedule: { every: "1 hour" } })
        const ref = new SyncRef({ workspace: "sim", vendor: vendor.name, ids })
        const journal = Journal.memory()
        const open = (shared?: Journal.Service) =>
          administrationOf(vendor, emulator, shared && { journal: shared }).pipe(
            Effect.provideService(Transport, emulator.transport),
            Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
          )
        const [ours, theirs] = [yield* open(journal), yield* open(writer === "sharing" ? journal : undefined)]
        yield* TestClock.adjust("1 hour")
        const byHand = emulator.changeSync(ids, play.byHand)
        const other = writer === "stranger" ? byHand : Effect.asVoid(play.theirs(theirs, ref))
        const first = yield* begin(Effect.exit(Effect.delay(Effect.asVoid(play.ours(ours, ref)), Math.max(0, -timing))))
        const second = yield* begin(Effect.exit(Effect.delay(other, Math.max(0, timing))))
        yield* TestClock.adjust("1 hour")
        const exits = [yield* Fiber.join(first), yield* Fiber.join(second)]
        const [sync] = yield* emulator.syncs
        return {
          isUndone: sync !== undefined && play.isUndone(sync),
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
