/** The view for pipes and files: a line for each change, and nothing that moves. */
import { isTerminal } from "@openretl/core/Run"
import { DateTime } from "effect"
import type { Row } from "./board.ts"
import type { Event } from "./event.ts"
import { none } from "./paint.ts"
import * as Report from "./report.ts"
import type { View } from "./view.ts"
import * as Words from "./words.ts"

export const make = (write: (text: string) => unknown): View => {
  let width = 0
  const states = new Map<string, string>()
  const line = (text: string) => write(`${text.trimEnd()}\n`)
  return {
    begin: (title, board) => {
      width = Math.max(0, ...Array.from(board.keys(), (name) => name.length))
      line(title)
    },
    show: (event, board) => {
      const row = board.get(event.sync)
      const text = row && sentence(event, row, states.get(event.sync))
      if (row === undefined || text === undefined) return
      states.set(event.sync, row.state)
      line(`${DateTime.formatIso(DateTime.makeUnsafe(event.at))}  ${row.name.padEnd(width)}  ${text}`)
    },
    log: ({ level, message, annotations }) => line(Words.logged(level, message, annotations)),
    end: (board, closing) => {
      line("")
      for (const text of Report.lines(board, closing, none)) line(text)
    },
  }
}

/** Rows that move are no line of their own, and a run's end is told with its outcome. */
const sentence = ({ happening }: Event, row: Row, before: string | undefined): string | undefined => {
  switch (happening._tag) {
    case "Triggered":
    case "Resumed":
      return [row.state, ...row.notes, String(row.ref)].join("  ")
    case "Ended":
      return [row.state, Words.delivered(row.rows), ...row.notes].filter((part) => part !== "").join("  ")
    case "Changed":
      return row.state === before || isTerminal(happening.run.status) ? undefined : row.state
    case "Triggering":
    case "Settling":
      return row.state
    default:
      return row.notes.at(-1)
  }
}
