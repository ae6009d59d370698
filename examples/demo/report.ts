/** The last lines for people: the outcome and ref of every run, a summary, and the command that resumes. */
import type { Board, Row } from "./board.ts"
import { type Paint, toneOf } from "./color.ts"
import * as Format from "./format.ts"
import * as Sentences from "./sentences.ts"
import type { Closing } from "./view.ts"

export const lines = (board: Board, closing: Closing, paint: Paint): ReadonlyArray<string> => {
  const rows = Array.from(board.values())
  return [
    ...rows.flatMap((row) => outcomeLines(row, rows, closing, paint)),
    "",
    ...(rows.length === 0 ? [] : [`  ${summary(rows)}`]),
    ...closing.remarks.map((remark) => `  ${remark}`),
    ...(closing.resume === undefined
      ? []
      : ["", "  To wait for these runs again, without triggering anything:", "", `  ${closing.resume}`]),
  ]
}

const outcomeLines = (
  row: Row,
  allRows: ReadonlyArray<Row>,
  { resume }: Closing,
  paint: Paint,
): ReadonlyArray<string> => {
  const { ending, ref, notes, rows } = row
  const padded = (textOf: (row: Row) => string) =>
    textOf(row).padEnd(Math.max(...allRows.map((other) => textOf(other).length)))
  const head = [
    paint(toneOf(row.state), row.state.padEnd(stateWidth)),
    paint(
      "bold",
      padded(({ name }) => name),
    ),
    paint(
      "dim",
      padded(({ workspace, vendor }) => `${workspace}, ${Format.vendorName(vendor)}`),
    ),
    paint("dim", duration(row).padStart(6)),
  ]
  const detail = ending === undefined ? undefined : Sentences.detail(ending)
  // The command below repeats the refs of unfinished runs.
  const isRepeated = ref === undefined || (ending === undefined && resume?.includes(String(ref)) === true)
  const text = detail ?? [Format.delivered(rows), ...notes].filter((part) => part !== "").join("; ")
  return [
    `  ${head.join("  ")}`,
    ...[text, paint("dim", isRepeated ? "" : String(ref))]
      .filter((line) => line !== "")
      .map((line) => `${" ".repeat(stateWidth + 4)}${line}`),
  ]
}

const stateWidth = 13

const duration = ({ startedAt, endedAt }: Row): string =>
  startedAt === undefined || endedAt === undefined ? "" : Format.elapsed(endedAt - startedAt)

/** `7 syncs: 2 complete, 1 partial, 4 not ended` */
export const summary = (rows: ReadonlyArray<Row>): string => {
  const counts = new Map<string, number>()
  for (const { state, ending } of rows) {
    const word = ending === undefined ? "not ended" : state
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return `${Format.counted(rows.length, "sync")}: ${Array.from(counts, ([state, count]) => `${count} ${state}`).join(", ")}`
}
