/** Tables for people: columns that fit the terminal. The column that explains keeps its place; others shrink first. */
import type { Paint, Tone } from "./color.ts"
import * as Format from "./format.ts"

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  readonly tone?: (row: Row) => Tone
  /** In columns of the terminal. A column never shrinks below it. @default 6 */
  readonly minWidth?: number
  readonly isRightAligned?: true
}

const gap = "  "

/** Returns a table, one line per row and one for the titles, no wider than `width` where the least widths allow it. */
export const lines = <Row>(
  rows: ReadonlyArray<Row>,
  columns: ReadonlyArray<Column<Row>>,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): ReadonlyArray<string> => {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)))
  const used = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => Format.widthOf(row[index] ?? ""))),
  )
  const widths = shrunk(used, columns, width)
  const line = (texts: ReadonlyArray<string>, toneOf: (index: number) => Tone): string =>
    texts
      .map((text, index) => {
        const cell = Format.fit(text, widths[index] ?? 0)
        const isLast = index === texts.length - 1
        const padded = columns[index]?.isRightAligned
          ? cell.padStart(widths[index] ?? 0)
          : isLast
            ? cell
            : Format.padEnd(cell, widths[index] ?? 0)
        return paint(toneOf(index), padded)
      })
      .join(gap)
  return [
    line(
      columns.map(({ title }) => title),
      () => "dim",
    ),
    ...rows.map((row, number) => line(cells[number] ?? [], (index) => columns[index]?.tone?.(row) ?? "plain")),
  ]
}

/** Takes what is too wide from the widest column that may still shrink, one character after the other. */
const shrunk = (
  used: ReadonlyArray<number>,
  columns: ReadonlyArray<Pick<Column<never>, "minWidth">>,
  width: number,
): ReadonlyArray<number> => {
  const widths = [...used]
  const least = columns.map(({ minWidth = 6 }, index) => Math.min(minWidth, used[index] ?? 0))
  let excess = widths.reduce((sum, own) => sum + own + gap.length, -gap.length) - width
  while (excess > 0) {
    const room = widths.map((own, index) => (own > (least[index] ?? 0) ? own : 0))
    const widest = Math.max(...room)
    if (widest === 0) break
    const index = room.indexOf(widest)
    widths[index] = widest - 1
    excess -= 1
  }
  return widths
}
