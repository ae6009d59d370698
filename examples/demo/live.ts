/** The live view of a terminal: refs and warnings scroll by above a table that is painted in place. */
import type * as Board from "./board.ts"
import type { Event } from "./event.ts"
import type { Paint } from "./paint.ts"
import * as Report from "./report.ts"
import * as Table from "./table.ts"
import type { View } from "./view.ts"
import * as Words from "./words.ts"

/** A terminal, as far as it is needed here. */
export interface Screen {
  readonly columns: number
  readonly rows: number
  readonly write: (text: string) => unknown
}

const hideCursor = "\x1b[?25l"
const showCursor = "\x1b[?25h"

export const make = (screen: Screen, paint: Paint, now: () => number): View & { readonly restore: () => void } => {
  let board: Board.Board = new Map()
  let painted: ReadonlyArray<string> = []
  let width = 0
  let ticking: NodeJS.Timeout | undefined
  const room = () => ({ columns: screen.columns || 80, rows: screen.rows || 24 })

  /** Writes lines that stay, and the table anew below them, in one go; nothing where nothing has changed. */
  const repaint = (stay: ReadonlyArray<string>, next: ReadonlyArray<string>) => {
    if (stay.length === 0 && next.length === painted.length && next.every((line, index) => line === painted[index]))
      return
    const back = painted.length === 0 ? "\r" : `\x1b[${painted.length}A\r`
    screen.write(`${back}\x1b[J${[...stay, ...next].map((line) => `${line}\n`).join("")}`)
    painted = next
  }
  const frame = () => ["", ...Table.frame(board, room(), now(), paint), ""]
  const restore = () => {
    if (ticking === undefined) return
    clearInterval(ticking)
    ticking = undefined
    screen.write(showCursor)
  }

  return {
    restore,
    begin: (title, first) => {
      board = first
      width = Math.max(0, ...Array.from(first.keys(), (name) => name.length))
      screen.write(`${hideCursor}\n  ${paint("bold", title)}\n\n`)
      // The seconds go on where nothing else happens.
      ticking = setInterval(() => repaint([], frame()), 500)
      ticking.unref()
      repaint([], frame())
    },
    show: (event, next) => {
      board = next
      repaint(lasting(event, next.get(event.sync), width, paint), frame())
    },
    log: ({ level, message, annotations }) => {
      repaint([`  ${paint("yellow", Words.logged(level, message, annotations))}`], ticking === undefined ? [] : frame())
    },
    end: (last, closing) => {
      board = last
      repaint(Report.lines(board, closing, paint), [])
      screen.write("\n")
      restore()
    },
  }
}

/** The lines that stay on the screen, whatever happens to this process: a run's ref, as soon as there is one, and notes. */
const lasting = (
  { happening }: Event,
  row: Board.Row | undefined,
  width: number,
  paint: Paint,
): ReadonlyArray<string> => {
  if (row === undefined) return []
  const line = (text: string) => `  ${row.name.padEnd(width)}  ${text}`
  const ref = paint("dim", line(String(row.ref)))
  switch (happening._tag) {
    case "Triggered":
      return [...row.notes.map(line), ref]
    case "Resumed":
      return [ref]
    case "Settled":
    case "CancelAsked":
    case "CancelFailed":
      return row.notes.slice(-1).map(line)
    default:
      return []
  }
}
