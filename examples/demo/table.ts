/** The table of all syncs as lines of text, as wide and as high as the terminal has room for. */
import type { Board, Row } from "./board.ts"
import { type Paint, type Tone, toneOf } from "./paint.ts"
import * as Words from "./words.ts"

export interface Room {
  readonly columns: number
  readonly rows: number
}

interface Column {
  readonly title: string
  readonly cell: (row: Row, now: number) => string
  readonly tone: (row: Row) => Tone
  /** No wider than this. */
  readonly most: number
  readonly right?: true
}

const columns: ReadonlyArray<Column> = [
  { title: "sync", cell: ({ name }) => name, tone: () => "plain", most: 24 },
  { title: "vendor", cell: ({ vendor }) => Words.vendor(vendor), tone: () => "dim", most: 12 },
  { title: "status", cell: ({ state }) => state, tone: ({ state }) => toneOf(state), most: 18 },
  { title: "rows", cell: ({ rows }) => Words.rows(rows), tone: () => "plain", most: 30 },
  { title: "time", cell: time, tone: () => "dim", most: 10, right: true },
]

function time({ since, until }: Row, now: number): string {
  return since === undefined ? "" : Words.elapsed((until ?? now) - since)
}

/** Widths that do not jump while numbers grow. */
const least: Readonly<Record<string, number>> = { status: 13, rows: 19, time: 6 }
const gap = 2
const leastNote = 16

export const frame = (
  board: Board,
  { columns: width, rows: height }: Room,
  now: number,
  paint: Paint,
): ReadonlyArray<string> => {
  const all = Array.from(board.values())
  // Besides the rows: the titles, a line for those left out, an empty one above and below, and the cursor's.
  const shown = choose(all, Math.max(1, height - 5))
  const widths = columns.map(({ title, cell, most }) =>
    Math.min(most, Math.max(title.length, least[title] ?? 0, ...all.map((row) => cell(row, now).length))),
  )
  const used = widths.reduce((sum, one) => sum + one + gap, 0)
  const forNote = width - used - gap - 1
  const line = (cells: ReadonlyArray<string>, toneOfCell: (index: number) => Tone, note: string): string => {
    const painted = columns.map(({ right }, index) => {
      const text = Words.fit(cells[index] ?? "", widths[index] ?? 0)
      const padded = right === true ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)
      return paint(toneOfCell(index), padded)
    })
    const end = forNote < leastNote || note === "" ? "" : `${" ".repeat(gap)}${paint("dim", Words.fit(note, forNote))}`
    return `${" ".repeat(gap)}${painted.join(" ".repeat(gap))}${end}`
  }
  // Too narrow for the columns: the name and how it stands are what matters.
  if (used + gap > width)
    return shown.map((row) => Words.fit(`${row.state.padEnd(13)} ${row.name}`, Math.max(1, width - 1)))
  const hidden = all.length - shown.length
  return [
    line(
      columns.map(({ title }) => title),
      () => "dim",
      forNote < leastNote ? "" : "note",
    ),
    ...shown.map((row) =>
      line(
        columns.map(({ cell }) => cell(row, now)),
        (index) => columns[index]?.tone(row) ?? "plain",
        row.notes.join(", "),
      ),
    ),
    ...(hidden === 0 ? [] : [paint("dim", `  and ${Words.counted(hidden, "other")}`)]),
  ]
}

/** Where not all fit, those that are over make room first. */
const choose = (rows: ReadonlyArray<Row>, most: number): ReadonlyArray<Row> => {
  if (rows.length <= most) return rows
  const going = rows.filter(({ ending }) => ending === undefined)
  return [...going, ...rows.filter(({ ending }) => ending !== undefined)].slice(0, most)
}
