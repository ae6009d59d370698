/** The current state of every sync, folded from the events. */
import type { RunRef } from "@openretl/core/Ref"
import type { Rows } from "@openretl/core/Run"
import * as CommandLine from "../terminal/commandLine.ts"
import * as Format from "../terminal/format.ts"
import { type Ending, type Event, wordOf } from "./event.ts"
import type { Task } from "./follow.ts"
import * as Sentences from "./sentences.ts"

export interface Row {
  readonly name: string
  readonly workspace: string
  readonly vendor: string
  readonly labels: Readonly<Record<string, string>>
  /** One word for the current state, or for the ending. */
  readonly state: string
  readonly rows: Rows
  /** Short remarks, in the order in which they came. */
  readonly notes: ReadonlyArray<string>
  readonly ref: RunRef | undefined
  /** The name of the sync in the configuration; absent for a sync that it does not name. */
  readonly syncName: string | undefined
  /** When the first event came, in epoch milliseconds. */
  readonly startedAt: number | undefined
  /** When the last event came, in epoch milliseconds. */
  readonly endedAt: number | undefined
  readonly ending: Ending | undefined
}

/** Rows by the names of their syncs. */
export type Board = ReadonlyMap<string, Row>

/**
 * Returns the short text of a row's run, which every command takes: `name/run`, or the ref where the sync has no name or the id
 * of the run is no plain word.
 */
export const shortRef = ({ ref, syncName }: Pick<Row, "ref" | "syncName">): string => {
  if (ref === undefined) return ""
  return syncName !== undefined && CommandLine.isWord(ref.run) ? `${syncName}/${ref.run}` : String(ref)
}

/** Returns a board on which every task still waits. */
export const make = (tasks: ReadonlyArray<Task>): Board =>
  new Map(
    tasks.map(({ name, sync, settings }) => [
      name,
      {
        name,
        workspace: sync.workspace,
        vendor: sync.vendor,
        labels: settings?.labels ?? {},
        state: "waiting",
        rows: {},
        notes: [],
        ref: undefined,
        syncName: settings?.name,
        startedAt: undefined,
        endedAt: undefined,
        ending: undefined,
      },
    ]),
  )

/** Returns the board after an event. */
export const update = (board: Board, event: Event): Board => {
  const row = board.get(event.sync)
  return row === undefined ? board : new Map(board).set(event.sync, updateRow(row, event))
}

const updateRow = (before: Row, { at, progress }: Event): Row => {
  const row = { ...before, startedAt: before.startedAt ?? at }
  const notesWith = (note: string | undefined): ReadonlyArray<string> =>
    note === undefined ? row.notes : [...row.notes, note]
  switch (progress._tag) {
    case "Triggering":
      return { ...row, state: "triggering" }
    case "Settling":
      return { ...row, state: "looking up" }
    case "Settled":
      return { ...row, notes: notesWith(Sentences.settled(progress.resolution)) }
    case "Triggered":
      return {
        ...row,
        state: "triggered",
        ref: progress.result.run,
        notes: notesWith(Sentences.triggered(progress.result)),
      }
    case "Resumed":
      return { ...row, state: "resumed", ref: progress.ref }
    case "Changed": {
      const { run } = progress
      const state = run.status === "unknown" ? `"${Format.printable(run.vendorStatus, 16)}"` : run.status
      return { ...row, state, rows: run.rows }
    }
    case "CancelRequested":
      return { ...row, notes: notesWith(Sentences.cancelRequested(progress.result)) }
    case "CancelFailed":
      return { ...row, notes: notesWith(Sentences.cancelFailed(progress.error)) }
    case "Ended": {
      const { ending } = progress
      return {
        ...row,
        ...(ending._tag === "Finished" && { ref: row.ref ?? ending.finished.run.ref, rows: ending.finished.run.rows }),
        state: wordOf(ending),
        endedAt: at,
        ending,
        notes: notesWith(Sentences.ended(ending)),
      }
    }
  }
}
