/** Returns what the journal still has of the tasks' syncs when the program ends. */
import type * as Journal from "@openretl/core/Journal"
import { isOpen, type TriggerEntry } from "@openretl/core/JournalEntry"
import type { JournalError } from "@openretl/core/JournalError"
import * as Effect from "effect/Effect"
import type { Session } from "../commands/session.ts"
import * as Targets from "../commands/targets.ts"
import type { Task } from "./follow.ts"

export interface Pending {
  /** The names of syncs with an entry that somebody has to go on with. */
  readonly syncs: ReadonlyArray<string>
  /** One line for each open entry, for the end of the report. */
  readonly remarks: ReadonlyArray<string>
}

/** Reads the journal. */
export const readPending = (
  { journal, location, configuration }: Session,
  tasks: ReadonlyArray<Task>,
): Effect.Effect<Pending, JournalError> =>
  Effect.gen(function* () {
    const workspaces = new Set(tasks.map(({ sync }) => sync.workspace))
    const find = Targets.finder(tasks, ({ sync }) => sync)
    const entries: Array<TriggerEntry> = []
    for (const workspace of workspaces) {
      let after: string | undefined
      do {
        const page: Journal.Listed = yield* journal.list({
          workspace,
          limit: 1_000,
          ...(after !== undefined && { after }),
        })
        for (const { entry } of page.entries)
          if (entry.kind === "trigger" && find(entry.sync) !== undefined) entries.push(entry)
        after = page.next
      } while (after !== undefined)
    }
    const later =
      location._tag === "Memory"
        ? "With a journal in memory, nothing remembers that."
        : "The next command looks that up."
    return {
      syncs: entries.map(({ sync }) => Targets.ofRef(configuration, sync).name),
      remarks: entries
        .filter(isOpen)
        .map(({ sync }) => `A trigger of ${Targets.ofRef(configuration, sync).name} may have started a run. ${later}`),
    }
  })
