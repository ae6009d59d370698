/** A view shows the events to a person or to a program. */
import type { Board } from "./board.ts"
import type { Event } from "./event.ts"

/** A line of the log, including the warnings of core. */
export interface LogLine {
  readonly level: string
  readonly message: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** How the program ended. */
export interface Closing {
  readonly exitCode: number
  /** Whether a signal or a closed standard output ended the program before its runs ended. */
  readonly interrupted: boolean
  /** The command that waits for unfinished runs. Absent when there are none, or when their vendors end with this process. */
  readonly resume: string | undefined
  /** The flags that a printed command needs, such as `--config file`. */
  readonly flags: ReadonlyArray<string>
  /** The flags by which the command line judges runs. */
  readonly policy: ReadonlyArray<string>
  /** Further remarks, one line each. */
  readonly remarks: ReadonlyArray<string>
}

/** Shows the title and the board, then every event and log line, then the end. */
export interface View {
  readonly begin: (title: string, board: Board) => void
  readonly show: (event: Event, board: Board) => void
  readonly log: (line: LogLine) => void
  readonly end: (board: Board, closing: Closing) => void
}
