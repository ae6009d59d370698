/** Returns the exact command that waits for runs again. */
import { relative } from "node:path"
import type { RunRef } from "@openretl/core/Ref"
import type { Args } from "./args.ts"
import type { Board } from "./board.ts"

/**
 * Returns the refs of runs that were started and whose end was not read. `journaled` are those that the journal has: where
 * it outlives this process, a resume finds them there.
 */
export const refsToResume = (
  board: Board,
  journaled: ReadonlyArray<RunRef>,
  isKept: boolean,
): ReadonlyArray<RunRef> => {
  const shown = Array.from(board.values()).flatMap(({ ref, ending }) =>
    ref !== undefined && (ending === undefined || ending._tag === "Unfinished") ? [ref] : [],
  )
  const keys = new Set(journaled.map(({ key }) => key))
  if (isKept) return shown.filter(({ key }) => !keys.has(key))
  const shownKeys = new Set(Array.from(board.values(), ({ ref }) => ref?.key))
  return [...shown, ...journaled.filter(({ key }) => !shownKeys.has(key))]
}

/** Returns the command line of this process, with `--resume` and these refs. */
export const resumeCommand = (args: Args, refs: ReadonlyArray<RunRef>): string =>
  [
    "node",
    ...process.execArgv,
    relative(process.cwd(), process.argv[1] ?? ""),
    ...(args.config === undefined ? [] : ["--config", args.config]),
    ...(args.journal === undefined ? [] : ["--journal", args.journal]),
    ...(args.json ? ["--json"] : []),
    "--resume",
    ...refs.map(String),
  ]
    .map(quoted)
    .join(" ")

const quoted = (word: string): string => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
