/** The last lines, for people: every run's outcome and ref, a summary, and what to do about what goes on. */
import type { Board, Row } from "./board.ts"
import { type Paint, toneOf } from "./paint.ts"
import * as Say from "./say.ts"
import type { Closing } from "./view.ts"
import * as Words from "./words.ts"

export const lines = (board: Board, closing: Closing, paint: Paint): ReadonlyArray<string> => {
  const rows = Array.from(board.values())
  return [
    ...rows.flatMap((row) => outcome(row, rows, closing, paint)),
    "",
    ...(rows.length === 0 ? [] : [`  ${summary(rows)}`]),
    ...closing.remarks.map((remark) => `  ${remark}`),
    ...(closing.resume === undefined
      ? []
      : ["", "  To go on from here, without triggering anything:", "", `  ${closing.resume}`]),
  ]
}

const outcome = (row: Row, all: ReadonlyArray<Row>, { resume }: Closing, paint: Paint): ReadonlyArray<string> => {
  const { ending, ref, notes, rows } = row
  const padded = (text: (row: Row) => string) => text(row).padEnd(Math.max(...all.map((one) => text(one).length)))
  const head = [
    paint(toneOf(row.state), row.state.padEnd(stateWidth)),
    paint(
      "bold",
      padded(({ name }) => name),
    ),
    paint(
      "dim",
      padded(({ workspace, vendor }) => `${workspace}, ${Words.vendor(vendor)}`),
    ),
    paint("dim", took(row).padStart(6)),
  ]
  const detail = ending === undefined ? undefined : Say.detail(ending)
  // The command below has the refs of what goes on.
  const isRepeated = ref === undefined || (ending === undefined && resume?.includes(String(ref)) === true)
  const facts = detail ?? [Words.delivered(rows), ...notes].filter((fact) => fact !== "").join("; ")
  return [
    `  ${head.join("  ")}`,
    ...[facts, paint("dim", isRepeated ? "" : String(ref))]
      .filter((text) => text !== "")
      .map((text) => `${" ".repeat(stateWidth + 4)}${text}`),
  ]
}

const stateWidth = 13

const took = ({ since, until }: Row): string =>
  since === undefined || until === undefined ? "" : Words.elapsed(until - since)

/** `7 syncs: 2 complete, 1 partial, 4 still running` */
export const summary = (rows: ReadonlyArray<Row>): string => {
  const counts = new Map<string, number>()
  for (const { state, ending } of rows) {
    const word = ending === undefined ? "not ended" : state
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return `${Words.counted(rows.length, "sync")}: ${Array.from(counts, ([state, many]) => `${many} ${state}`).join(", ")}`
}
