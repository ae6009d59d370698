/** Whether the staged demonstration went as staged: by the program's own word, and by what the vendors saw. */
import { Effect } from "effect"
import type { Board } from "./board.ts"
import type { Stage } from "./stage.ts"

/** How each sync on the stage ends, and a word of its notes where there is more to it than the outcome. */
const expected: Readonly<Record<string, readonly [state: string, note?: string]>> = {
  "orders-to-crm": ["complete"],
  "refunds-to-ads": ["partial"],
  "invoices-to-erp": ["complete", "found again"],
  "leads-to-crm": ["failed"],
  "audience-to-ads": ["cancelled", "cancel requested"],
  "profiles-to-email": ["complete", "cannot cancel"],
  "loyalty-to-app": ["tolerated"],
}

export interface Review {
  readonly asStaged: boolean
  /** What the vendors saw, and what differs from the script. */
  readonly remarks: ReadonlyArray<string>
}

export const review = (stage: Stage, board: Board): Effect.Effect<Review> =>
  Effect.gen(function* () {
    const differences = Object.entries(expected).flatMap(([name, [state, note]]) => {
      const row = board.get(name)
      const isRight = row?.state === state && (note === undefined || row.notes.some((text) => text.includes(note)))
      return isRight ? [] : [`Not as staged: ${name} should have ended ${state}${note ? ` (${note})` : ""}.`]
    })
    const syncs = Object.values(stage.syncs)
    const runs = (yield* Effect.forEach(syncs, ({ emulator, ids }) => emulator.runsOf(ids))).flat()
    const emulators = Array.from(new Set(syncs.map(({ emulator }) => emulator)))
    const over = yield* Effect.forEach(emulators, ({ overLimit }) => overLimit)
    const calls = (yield* Effect.forEach(emulators, ({ calls }) => calls)).flat()
    const overLimit = over.reduce((sum, many) => sum + many, 0)
    const sent = (operation: string) => calls.filter((call) => call.operation === operation).length
    const isClean = runs.length === syncs.length && overLimit === 0 && sent("cancel") === 1
    const saw = `${sent("start")} triggers, ${runs.length} runs, ${sent("cancel")} cancel, ${overLimit} requests over a limit`
    return {
      asStaged: differences.length === 0 && isClean,
      remarks: [`The vendors saw ${saw}.`, ...differences],
    }
  })
