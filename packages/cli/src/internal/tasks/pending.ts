/** Returns what the journal still has of the tasks' syncs when the program ends. */
import { isOpen } from "@openretl/core/JournalEntry"
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
    const pages = yield* Effect.forEach(workspaces, (workspace) => journal.list({ workspace, limit: 1_000 }))
    const entries = pages
      .flatMap((page) => page.entries.map(({ entry }) => entry))
      .flatMap((entry) =>
        entry.kind === "trigger" && tasks.some(({ sync }) => Targets.isSameSync(sync, entry.sync)) ? [entry] : [],
      )
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
