/** The view for pipes and files: one line per change, without cursor movements or colors. */
import { isTerminal } from "@openretl/core/Run"
import * as DateTime from "effect/DateTime"
import { none } from "../terminal/color.ts"
import * as Format from "../terminal/format.ts"
import { type Row, shortRef } from "./board.ts"
import type { Event } from "./event.ts"
import * as Report from "./report.ts"
import type { View } from "./view.ts"

export const make = (write: (text: string) => unknown): View => {
  let nameWidth = 0
  const states = new Map<string, string>()
  const line = (text: string) => write(`${text.trimEnd()}\n`)
  return {
    begin: (title, board) => {
      nameWidth = Math.max(0, ...Array.from(board.keys(), Format.widthOf))
      line(title)
    },
    show: (event, board) => {
      const row = board.get(event.sync)
      const text = row && textOf(event, row, states.get(event.sync))
      if (row === undefined || text === undefined) return
      states.set(event.sync, row.state)
      line(`${DateTime.formatIso(DateTime.makeUnsafe(event.at))}  ${Format.padEnd(row.name, nameWidth)}  ${text}`)
    },
    log: ({ level, message, annotations }) => line(Format.logLine(level, message, annotations)),
    end: (board, closing) => {
      line("")
      for (const text of Report.lines(board, closing, { width: Number.POSITIVE_INFINITY, paint: none })) line(text)
    },
  }
}

/** Returns the text for an event. Returns nothing when only row counts changed, or when the outcome follows anyway. */
const textOf = ({ progress }: Event, row: Row, previousState: string | undefined): string | undefined => {
  switch (progress._tag) {
    case "Triggered":
    case "Resumed":
      return [row.state, ...row.notes, shortRef(row)].join("  ")
    case "Ended":
      return [row.state, Format.delivered(row.rows), ...row.notes].filter((part) => part !== "").join("  ")
    case "Changed":
      return row.state === previousState || isTerminal(progress.run.status) ? undefined : row.state
    case "Triggering":
    case "Settling":
      return row.state
    default:
      return row.notes.at(-1)
  }
}
