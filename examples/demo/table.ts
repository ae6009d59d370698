/** The table of all syncs as lines of text that fit a terminal. */
import type { Board, Row } from "./board.ts"
import { type Paint, type Tone, toneOf } from "./color.ts"
import * as Format from "./format.ts"

/** The size of a terminal, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

interface Column {
  readonly title: string
  readonly cell: (row: Row, now: number) => string
  readonly tone: (row: Row) => Tone
  /** In characters. */
  readonly maxWidth: number
  /** Keeps the column from changing its width while numbers grow. @default 0 */
  readonly minWidth?: number
  readonly isRightAligned?: true
}

const columns: ReadonlyArray<Column> = [
  { title: "sync", cell: ({ name }) => name, tone: () => "plain", maxWidth: 24 },
  { title: "vendor", cell: ({ vendor }) => Format.vendorName(vendor), tone: () => "dim", maxWidth: 12 },
  { title: "status", cell: ({ state }) => state, tone: ({ state }) => toneOf(state), maxWidth: 18, minWidth: 13 },
  { title: "rows", cell: ({ rows }) => Format.rows(rows), tone: () => "plain", maxWidth: 30, minWidth: 19 },
  { title: "time", cell: elapsed, tone: () => "dim", maxWidth: 10, minWidth: 6, isRightAligned: true },
]

function elapsed({ startedAt, endedAt }: Row, now: number): string {
  return startedAt === undefined ? "" : Format.elapsed((endedAt ?? now) - startedAt)
}

const gap = 2
/** Notes are left out where fewer characters remain for them. */
const minNoteWidth = 16

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
  const widths = columns.map(({ title, cell, maxWidth, minWidth = 0 }) =>
    Math.min(maxWidth, Math.max(title.length, minWidth, ...allRows.map((row) => cell(row, now).length))),
  )
  const columnsWidth = widths.reduce((sum, columnWidth) => sum + columnWidth + gap, 0)
  const noteWidth = width - columnsWidth - gap - 1
  const line = (cells: ReadonlyArray<string>, toneOfCell: (index: number) => Tone, note: string): string => {
    const painted = columns.map(({ isRightAligned }, index) => {
      const text = Format.fit(cells[index] ?? "", widths[index] ?? 0)
      const padded = isRightAligned === true ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)
      return paint(toneOfCell(index), padded)
    })
    const end =
      noteWidth < minNoteWidth || note === "" ? "" : `${" ".repeat(gap)}${paint("dim", Format.fit(note, noteWidth))}`
    return `${" ".repeat(gap)}${painted.join(" ".repeat(gap))}${end}`
  }
  // Too narrow for the columns: only the state and the name remain.
  if (columnsWidth + gap > width)
    return visibleRows.map((row) => Format.fit(`${row.state.padEnd(13)} ${row.name}`, Math.max(1, width - 1)))
  const hiddenCount = allRows.length - visibleRows.length
  return [
    line(
      columns.map(({ title }) => title),
      () => "dim",
      noteWidth < minNoteWidth ? "" : "note",
    ),
    ...visibleRows.map((row) =>
      line(
        columns.map(({ cell }) => cell(row, now)),
        (index) => columns[index]?.tone(row) ?? "plain",
        row.notes.join(", "),
      ),
    ),
    ...(hiddenCount === 0 ? [] : [paint("dim", `  and ${Format.counted(hiddenCount, "other")}`)]),
  ]
}

/** Returns at most `maxRows` rows. Where not all fit, ended syncs are hidden first. */
const visible = (rows: ReadonlyArray<Row>, maxRows: number): ReadonlyArray<Row> => {
  if (rows.length <= maxRows) return rows
  const unended = rows.filter(({ ending }) => ending === undefined)
  return [...unended, ...rows.filter(({ ending }) => ending !== undefined)].slice(0, maxRows)
}
