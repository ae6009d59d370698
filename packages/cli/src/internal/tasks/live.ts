/** The live view for a terminal: refs and warnings scroll above a table that is repainted in place. */

import { clearInterval, setInterval } from "node:timers"
import type { Paint } from "../terminal/color.ts"
import * as Format from "../terminal/format.ts"
import * as Board from "./board.ts"
import type { Event } from "./event.ts"
import * as Report from "./report.ts"
import * as Table from "./table.ts"
import type { View } from "./view.ts"

/** The parts of a terminal that the view uses. */
export interface Screen {
  readonly columns: number
  readonly rows: number
  readonly write: (text: string) => unknown
}

const hideCursor = "\x1b[?25l"
const showCursor = "\x1b[?25h"

/** `restore` stops the view and shows the cursor again. */
export const make = (screen: Screen, paint: Paint, now: () => number): View & { readonly restore: () => void } => {
  let board: Board.Board = new Map()
  let paintedLines: ReadonlyArray<string> = []
  let nameWidth = 0
  let ticking: NodeJS.Timeout | undefined
  const size = () => ({ columns: screen.columns || 80, rows: screen.rows || 24 })

  /** Writes lines that scroll up, and repaints the table below them, in one write. Writes nothing when nothing changed. */
  const repaint = (scrolling: ReadonlyArray<string>, table: ReadonlyArray<string>) => {
    const isSame = table.length === paintedLines.length && table.every((line, index) => line === paintedLines[index])
    if (scrolling.length === 0 && isSame) return
    const toTop = paintedLines.length === 0 ? "\r" : `\x1b[${paintedLines.length}A\r`
    screen.write(`${toTop}\x1b[J${[...scrolling, ...table].map((line) => `${line}\n`).join("")}`)
    paintedLines = table
  }
  const frame = () => ["", ...Table.lines(board, size(), now(), paint), ""]
  const restore = () => {
    if (ticking === undefined) return
    clearInterval(ticking)
    ticking = undefined
    screen.write(showCursor)
  }

  return {
    restore,
    begin: (title, initial) => {
      board = initial
      nameWidth = Math.max(0, ...Array.from(initial.keys(), Format.widthOf))
      screen.write(`${hideCursor}\n  ${paint("bold", title)}\n\n`)
      // The elapsed seconds move even when no event comes.
      ticking = setInterval(() => repaint([], frame()), 500)
      ticking.unref()
      repaint([], frame())
    },
    show: (event, next) => {
      board = next
      repaint(scrollingLines(event, next.get(event.sync), nameWidth, paint), frame())
    },
    log: ({ level, message, annotations }) => {
      repaint(
        [`  ${paint("yellow", Format.logLine(level, message, annotations))}`],
        ticking === undefined ? [] : frame(),
      )
    },
    end: (final, closing) => {
      board = final
      repaint(Report.lines(board, closing, { width: size().columns, paint }), [])
      screen.write("\n")
      restore()
    },
  }
}

/** Returns the lines that stay on the screen even if this process dies: the run's ref as soon as it is known, and notes. */
const scrollingLines = (
  { progress }: Event,
  row: Board.Row | undefined,
  nameWidth: number,
  paint: Paint,
): ReadonlyArray<string> => {
  if (row === undefined) return []
  const line = (text: string) => `  ${Format.padEnd(row.name, nameWidth)}  ${text}`
  const ref = paint("dim", line(Board.shortRef(row)))
  switch (progress._tag) {
    case "Triggered":
      return [...row.notes.map(line), ref]
    case "Resumed":
      return [ref]
    case "Settled":
    case "CancelRequested":
    case "CancelFailed":
      return row.notes.slice(-1).map(line)
    default:
      return []
  }
}
