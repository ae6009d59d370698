/** What is known about every sync at the moment: the events, folded. */
import type { RunRef } from "@openretl/core/Ref"
import type { Rows } from "@openretl/core/Run"
import { type Ending, type Event, word } from "./event.ts"
import type { Task } from "./follow.ts"
import * as Say from "./say.ts"
import * as Words from "./words.ts"

export interface Row {
  readonly name: string
  readonly workspace: string
  readonly vendor: string
  readonly labels: Readonly<Record<string, string>>
  /** One word for how it stands, or how it ended. */
  readonly state: string
  readonly rows: Rows
  /** What is worth knowing besides. */
  readonly notes: ReadonlyArray<string>
  readonly ref: RunRef | undefined
  /** Epoch milliseconds. */
  readonly since: number | undefined
  readonly until: number | undefined
  readonly ending: Ending | undefined
}

export type Board = ReadonlyMap<string, Row>

export const of = (tasks: ReadonlyArray<Task>): Board =>
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
        since: undefined,
        until: undefined,
        ending: undefined,
      },
    ]),
  )

export const after = (board: Board, event: Event): Board => {
  const row = board.get(event.sync)
  return row === undefined ? board : new Map(board).set(event.sync, step(row, event))
}

const step = (before: Row, { at, happening }: Event): Row => {
  const row = { ...before, since: before.since ?? at }
  const noted = (note: string | undefined): ReadonlyArray<string> =>
    note === undefined ? row.notes : [...row.notes, note]
  switch (happening._tag) {
    case "Triggering":
      return { ...row, state: "triggering" }
    case "Settling":
      return { ...row, state: "looking up" }
    case "Settled":
      return { ...row, notes: noted(Say.settled(happening.resolution)) }
    case "Triggered":
      return { ...row, state: "triggered", ref: happening.result.run, notes: noted(Say.triggered(happening.result)) }
    case "Resumed":
      return { ...row, state: "resumed", ref: happening.ref }
    case "Changed": {
      const { run } = happening
      const state = run.status === "unknown" ? `"${Words.printable(run.vendorStatus, 16)}"` : run.status
      return { ...row, state, rows: run.rows }
    }
    case "CancelAsked":
      return { ...row, notes: noted(Say.cancelAsked(happening.result)) }
    case "CancelFailed":
      return { ...row, notes: noted(Say.cancelFailed(happening.error)) }
    case "Ended": {
      const { ending } = happening
      return { ...row, state: word(ending), until: at, ending, notes: noted(Say.ended(ending)) }
    }
  }
}
