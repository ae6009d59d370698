/** The last lines for people: a table of all outcomes, what to do about those that are not accepted, and the command that goes on. */

import { type Paint, toneOf } from "../terminal/color.ts"
import * as Columns from "../terminal/columns.ts"
import * as CommandLine from "../terminal/commandLine.ts"
import * as Format from "../terminal/format.ts"
import { type Board, type Row, shortRef } from "./board.ts"
import { exitCodeOf } from "./event.ts"
import * as Sentences from "./sentences.ts"
import type { Closing } from "./view.ts"

/** How wide the lines may be, in characters, and their colors. */
export interface Style {
  readonly width: number
  readonly paint: Paint
}

export const lines = (board: Board, closing: Closing, style: Style): ReadonlyArray<string> => {
  const rows = Array.from(board.values())
  const details = rows.flatMap((row) => detailLines(row, closing, style))
  return [
    ...(rows.length === 0 ? [] : table(rows, style)),
    ...(details.length === 0 ? [] : ["", ...details]),
    ...(rows.length === 0 ? [] : ["", `  ${summary(rows)}`]),
    ...closing.remarks.map((remark) => `  ${remark}`),
    ...(closing.resume === undefined
      ? []
      : ["", "  To go on with these runs, without triggering anything:", "", `  ${closing.resume}`]),
  ]
}

/** One line per sync. The column that explains comes last and keeps its place. */
const table = (rows: ReadonlyArray<Row>, { width, paint }: Style): ReadonlyArray<string> =>
  Columns.lines(
    rows,
    [
      { title: "outcome", cell: stateOf, tone: ({ state }) => toneOf(state), minWidth: 10 },
      { title: "sync", cell: ({ name }) => name, minWidth: 12 },
      { title: "rows", cell: ({ rows }) => Format.rows(rows), minWidth: 14 },
      { title: "time", cell: duration, tone: () => "dim", minWidth: 9, isRightAligned: true },
      { title: "why", cell: ({ notes }) => notes.join(", "), tone: () => "dim", minWidth: 20 },
    ],
    { width: width - 3, paint },
  ).map((line) => `  ${line}`)

const stateOf = ({ state, ending }: Row): string => (ending === undefined && state !== "waiting" ? `${state} …` : state)

const duration = ({ startedAt, endedAt }: Row): string =>
  startedAt === undefined || endedAt === undefined ? "" : Format.elapsed(endedAt - startedAt)

/** What a table has no room for: the full reason of an ending without a verdict, and how to explain a run. */
const detailLines = (row: Row, { flags, policy }: Closing, { paint }: Style): ReadonlyArray<string> => {
  const { ending, name } = row
  if (ending === undefined || exitCodeOf(ending) === "ok") return []
  const detail = Sentences.detail(ending)
  const explain =
    row.ref === undefined || ending._tag !== "Finished"
      ? []
      : [`  ${CommandLine.text("why", flags, [shortRef(row)], policy)}`]
  return detail === undefined ? explain : [`  ${paint("bold", name)}: ${detail}`, ...explain]
}

/** `7 syncs: 2 complete, 1 partial, 4 not ended` */
export const summary = (rows: ReadonlyArray<Row>): string => {
  const counts = new Map<string, number>()
  for (const { state, ending } of rows) {
    const word = ending === undefined ? "not ended" : state
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return `${Format.counted(rows.length, "sync")}: ${Array.from(counts, ([state, count]) => `${Format.count(count)} ${state}`).join(", ")}`
}
