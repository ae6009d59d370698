/** A way of showing what happens. */
import type { Board } from "./board.ts"
import type { Event } from "./event.ts"

/** A line of the log, core's warnings among them. */
export interface LogLine {
  readonly level: string
  readonly message: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** How it all ended, for the last lines. */
export interface Closing {
  readonly exitCode: number
  /** Whether a signal, or a reader that went away, ended it before the runs did. */
  readonly interrupted: boolean
  /** The command that waits for the runs that go on; absent where none does, or where it would be of no use. */
  readonly resume: string | undefined
  /** What is left to say, a line each. */
  readonly remarks: ReadonlyArray<string>
}

export interface View {
  readonly begin: (title: string, board: Board) => void
  readonly show: (event: Event, board: Board) => void
  readonly log: (line: LogLine) => void
  readonly end: (board: Board, closing: Closing) => void
}
