/** The exact command that waits for runs again. */
import { relative } from "node:path"
import type { RunRef } from "@openretl/core/Ref"
import type { Args } from "./args.ts"
import type { Board } from "./board.ts"

/** The refs of runs that have begun and whose end is not known. */
export const unfinished = (board: Board): ReadonlyArray<RunRef> =>
  Array.from(board.values()).flatMap(({ ref, ending }) =>
    ref !== undefined && (ending === undefined || ending._tag === "Unfinished") ? [ref] : [],
  )

/** The command line with which this program was started, for these refs. */
export const command = (args: Args, refs: ReadonlyArray<RunRef>): string =>
  [
    "node",
    ...process.execArgv,
    relative(process.cwd(), process.argv[1] ?? ""),
    ...(args.config === undefined ? [] : ["--config", args.config]),
    ...(args.state === undefined ? [] : ["--state", args.state]),
    ...(args.json ? ["--json"] : []),
    "--resume",
    ...refs.map(String),
  ]
    .map(quoted)
    .join(" ")

const quoted = (word: string): string => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
