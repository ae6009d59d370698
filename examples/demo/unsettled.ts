/** Returns the triggers that are still in the store when the program ends: unsettled, or settled after their caller left. */
import { format } from "@openretl/core/Intent"
import type { IntentRecord, IntentStore, IntentStoreError } from "@openretl/core/IntentStore"
import type { RunRef } from "@openretl/core/Ref"
import { Effect } from "effect"
import * as Format from "./format.ts"

export interface Unsettled {
  /** How many records are in the store. */
  readonly count: number
  /** Runs of settled records that are stored nowhere else once this process ends. */
  readonly refs: ReadonlyArray<RunRef>
  /** One line each, for the end of the report. */
  readonly remarks: ReadonlyArray<string>
}

/** Reads the store. `directory` is where it keeps its files; without one, it is in memory and ends with this process. */
export const readUnsettled = (
  intents: IntentStore,
  workspaces: ReadonlyArray<string>,
  directory: string | undefined,
): Effect.Effect<Unsettled, IntentStoreError> =>
  Effect.map(
    Effect.forEach(workspaces, (name) => intents.all(name)),
    (recordsByWorkspace) => {
      const records = recordsByWorkspace.flat()
      const count = records.length
      if (count === 0) return { count, refs: [], remarks: [] }
      if (directory !== undefined) {
        const [verb, object] = count === 1 ? ["is", "it"] : ["are", "them"]
        const remark = `${Format.counted(count, "trigger")} ${verb} unsettled. The next start with --state ${directory} resolves ${object}.`
        return { count, refs: [], remarks: [remark] }
      }
      return {
        count,
        refs: records.flatMap((record) => runOf(record) ?? []),
        remarks: records
          .filter((record) => runOf(record) === undefined)
          .flatMap(({ intent }) => [
            "A trigger is unsettled. Without --state, its intent is stored nowhere but here:",
            format(intent),
          ]),
      }
    },
  )

const runOf = ({ resolution }: IntentRecord): RunRef | undefined =>
  resolution?._tag === "Started" ? resolution.run : undefined
