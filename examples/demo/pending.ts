/** Returns what the journal still has when the program ends: open entries, and runs whose end is unknown. */
import * as Journal from "@openretl/core/Journal"
import { isOpen } from "@openretl/core/JournalEntry"
import type { JournalError } from "@openretl/core/JournalError"
import type { RunRef } from "@openretl/core/Ref"
import { Effect, type Scope } from "effect"
import * as Format from "./format.ts"

/** Opens the journal in a file. Without one, it is in memory and ends with this process. */
export const openJournal = (filename: string | undefined): Effect.Effect<Journal.Service, JournalError, Scope.Scope> =>
  filename === undefined
    ? Effect.sync(Journal.memory)
    : // Loaded only here: Node 22 prints a warning for its SQLite.
      Effect.flatMap(
        Effect.promise(() => import("@openretl/journal-sql/SqliteJournal")),
        (SqliteJournal) => SqliteJournal.make({ filename }),
      )

export interface Pending {
  /** How many entries somebody has to go on with. */
  readonly count: number
  /** The runs of started entries. */
  readonly runs: ReadonlyArray<RunRef>
  /** One line each, for the end of the report. */
  readonly remarks: ReadonlyArray<string>
}

/** Reads the journal, which is in the file `filename`, or in memory without one. */
export const readPending = (
  journal: Journal.Service,
  workspaces: ReadonlyArray<string>,
  filename: string | undefined,
): Effect.Effect<Pending, JournalError> =>
  Effect.gen(function* () {
    const pages = yield* Effect.forEach(workspaces, (workspace) => journal.list({ workspace, limit: 1_000 }))
    const entries = pages.flatMap((page) => page.entries.map(({ entry }) => entry))
    const open = entries.filter(isOpen)
    const runs = entries.flatMap((entry) => (entry.kind === "trigger" && entry.state === "started" ? [entry.run] : []))
    const later =
      filename === undefined
        ? "Without --journal, nothing remembers that after this process."
        : `The next start with --journal ${Format.printable(filename, 60)} looks that up.`
    return {
      count: entries.length,
      runs,
      remarks: open.map(({ sync }) => `A trigger of ${sync} may have started a run. ${later}`),
    }
  })
