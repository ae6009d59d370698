/** The table of all syncs as lines of text that fit a terminal. */

import { type Paint, toneOf } from "../terminal/color.ts"
import * as Columns from "../terminal/columns.ts"
import * as Format from "../terminal/format.ts"
import type { Board, Row } from "./board.ts"

/** The size of a terminal, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

const columnsAt = (now: number): ReadonlyArray<Columns.Column<Row>> => [
  { title: "sync", cell: ({ name }) => name, minWidth: 12 },
  { title: "vendor", cell: ({ vendor }) => Format.vendorName(vendor), tone: () => "dim", minWidth: 7 },
  { title: "status", cell: ({ state }) => state.padEnd(13), tone: ({ state }) => toneOf(state), minWidth: 10 },
  { title: "rows", cell: ({ rows }) => Format.rows(rows).padEnd(12), minWidth: 12 },
  { title: "time", cell: (row) => elapsed(row, now).padStart(6), tone: () => "dim", minWidth: 9, isRightAligned: true },
  { title: "note", cell: ({ notes }) => notes.join(", "), tone: () => "dim", minWidth: 16 },
]

const elapsed = ({ startedAt, endedAt }: Row, now: number): string =>
  startedAt === undefined ? "" : Format.elapsed((endedAt ?? now) - startedAt)

/** Below this width there is no table: only the state and the name. */
const leastWidth = 79

/** Returns the table, one line per sync, cut to the size. `now` is in epoch milliseconds. */
export const lines = (
  board: Board,
  { columns: width, rows: height }: Size,
  now: number,
  paint: Paint,
): ReadonlyArray<string> => {
  const allRows = Array.from(board.values())
  // Five lines are not rows: the titles, the count of hidden rows, an empty line above and below, and the cursor's line.
  const visibleRows = visible(allRows, Math.max(1, height - 5))
  if (width < leastWidth) {
    return visibleRows.map((row) => Format.fit(`${row.state.padEnd(13)} ${row.name}`, Math.max(1, width - 1)))
  }
  const hiddenCount = allRows.length - visibleRows.length
  return [
    ...Columns.lines(visibleRows, columnsAt(now), { width: width - 3, paint }).map((line) => `  ${line}`),
    ...(hiddenCount === 0 ? [] : [paint("dim", `  and ${Format.counted(hiddenCount, "other")}`)]),
  ]
}

/** Returns at most `maxRows` rows. Where not all fit, ended syncs are hidden first. */
const visible = (rows: ReadonlyArray<Row>, maxRows: number): ReadonlyArray<Row> => {
  if (rows.length <= maxRows) return rows
  const unended = rows.filter(({ ending }) => ending === undefined)
  return [...unended, ...rows.filter(({ ending }) => ending !== undefined)].slice(0, maxRows)
}
