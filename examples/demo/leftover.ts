/** What is left in the store when the program ends: triggers whose fate is open, or that nobody was told of. */

import type { IntentRecord, IntentStore, IntentStoreError } from "@openretl/core/IntentStore"
import type { RunRef } from "@openretl/core/Ref"
import { format } from "@openretl/core/schema/Intent"
import { Effect } from "effect"
import * as Words from "./words.ts"

export interface Leftover {
  readonly many: number
  /** Runs that are known and that no longer stand in any store once this process is over. */
  readonly refs: ReadonlyArray<RunRef>
  readonly remarks: ReadonlyArray<string>
}

export const unsettled = (
  intents: IntentStore,
  workspaces: ReadonlyArray<string>,
  directory: string | undefined,
): Effect.Effect<Leftover, IntentStoreError> =>
  Effect.map(
    Effect.forEach(workspaces, (name) => intents.all(name)),
    (found) => {
      const records = found.flat()
      if (records.length === 0) return { many: 0, refs: [], remarks: [] }
      if (directory !== undefined) {
        const remark = `What became of ${Words.counted(records.length, "trigger")} is for the next start to find out, from ${directory}.`
        return { many: records.length, refs: [], remarks: [remark] }
      }
      const open = records.filter((record) => runOf(record) === undefined)
      return {
        many: records.length,
        refs: records.flatMap((record) => runOf(record) ?? []),
        remarks: open.flatMap(({ intent }) => [
          "A trigger is unsettled, and without --state its intent is only here:",
          format(intent),
        ]),
      }
    },
  )

const runOf = ({ resolution }: IntentRecord): RunRef | undefined =>
  resolution?._tag === "Started" ? resolution.run : undefined
