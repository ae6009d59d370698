/** Returns the exact command that waits for runs again. */
import { relative } from "node:path"
import type { RunRef } from "@openretl/core/Ref"
import type { Args } from "./args.ts"
import type { Board } from "./board.ts"

/** Returns the refs of runs that were started and whose end was not read. */
export const unfinishedRefs = (board: Board): ReadonlyArray<RunRef> =>
  Array.from(board.values()).flatMap(({ ref, ending }) =>
    ref !== undefined && (ending === undefined || ending._tag === "Unfinished") ? [ref] : [],
  )

/** Returns the command line of this process, with `--resume` and these refs. */
export const resumeCommand = (args: Args, refs: ReadonlyArray<RunRef>): string =>
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
