/** Compares the staged demonstration with its script: what the program showed, and what the emulators received. */
import * as Effect from "effect/Effect"
import type { Board } from "../tasks/board.ts"
import type { Stage } from "./stage.ts"

/** The expected state of each staged sync at its end, and a text that its notes must contain. */
const expected: Readonly<Record<string, readonly [state: string, note?: string]>> = {
  "orders-to-crm": ["complete"],
  "refunds-to-ads": ["partial"],
  "invoices-to-erp": ["complete", "answer lost"],
  "leads-to-crm": ["failed"],
  "audience-to-ads": ["cancelled", "cancel requested"],
  "profiles-to-email": ["complete", "cannot cancel"],
  "loyalty-to-app": ["tolerated"],
  "contacts-to-help": ["complete"],
  "accounts-to-crm": ["partial"],
  "usage-to-crm": ["complete"],
}

export interface Review {
  readonly isAsStaged: boolean
  /** What the emulators received, and what differs from the script. */
  readonly remarks: ReadonlyArray<string>
}

export const review = (stage: Stage, board: Board): Effect.Effect<Review> =>
  Effect.gen(function* () {
    const differences = Object.entries(expected).flatMap(([name, [state, note]]) => {
      const row = board.get(name)
      const isAsExpected = row?.state === state && (note === undefined || row.notes.some((text) => text.includes(note)))
      return isAsExpected ? [] : [`Not as staged: expected ${name} to end ${state}${note ? ` (${note})` : ""}.`]
    })
    const syncs = Object.values(stage.syncs)
    const runs = (yield* Effect.forEach(syncs, ({ emulator, ids }) => emulator.runsOf(ids))).flat()
    const emulators = Array.from(new Set(syncs.map(({ emulator }) => emulator)))
    const overLimitCounts = yield* Effect.forEach(emulators, ({ overLimit }) => overLimit)
    const calls = (yield* Effect.forEach(emulators, ({ calls }) => calls)).flat()
    const overLimit = overLimitCounts.reduce((sum, count) => sum + count, 0)
    const callsOf = (operation: string) => calls.filter((call) => call.operation === operation).length
    const isClean = runs.length === syncs.length && overLimit === 0 && callsOf("cancel") === 1
    const counts = `${callsOf("start")} triggers, ${runs.length} runs, ${callsOf("cancel")} cancel, and ${overLimit} requests over a limit`
    return {
      isAsStaged: differences.length === 0 && isClean,
      remarks: [`The vendors counted ${counts}.`, ...differences],
    }
  })
