/** Starts the command line as its users do: the bundle, as a process, in a pipe or on a pseudo terminal. */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import type { TestContext } from "vitest"
import { bundledCommandLine } from "../../../../scripts/commandLine.ts"
import { type Started, watch } from "../../../../scripts/startedProcess.ts"

export type Test = Pick<TestContext, "onTestFinished">

let bundle: Promise<string> | undefined

/** Returns the path of the program, bundled once for the same sources. */
export const program = (): Promise<string> => {
  bundle ??= bundledCommandLine()
  return bundle
}

/** Whether this machine can give a process a pseudo terminal. */
export const hasTerminal = process.platform === "linux" && existsSync("/usr/bin/script")

export interface StartOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** The columns and rows of a pseudo terminal; a pipe without it. */
  readonly terminal?: readonly [columns: number, rows: number]
  /** A file that standard output goes to in place of the pipe. */
  readonly stdout?: string
  /** A file that standard error goes to in place of the pipe. */
  readonly stderr?: string
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** Starts the program. The process is killed when the test ends. */
export const start = async (
  { onTestFinished }: Test,
  args: ReadonlyArray<string>,
  { cwd, env = {}, terminal, stdout, stderr }: StartOptions,
): Promise<Started> => {
  const path = await program()
  // Where CI is set, a new journal in a file logs a warning.
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, OPENRETL_CONFIG: ____, ...inherited } = process.env
  const words = [process.execPath, path, ...args]
  const onTerminal = `stty cols ${terminal?.[0]} rows ${terminal?.[1]}; exec ${words.map(quoted).join(" ")}`
  const inPipe =
    stdout === undefined && stderr === undefined
      ? words
      : ["sh", "-c", `exec "$@" ${stdout ? `>${stdout}` : ""} ${stderr ? `2>${stderr}` : ""}`, "sh", ...words]
  const [command = "", ...rest] = terminal === undefined ? inPipe : ["script", "-qefc", onTerminal, "/dev/null"]
  const child = spawn(command, rest, {
    cwd,
    env: { ...inherited, TERM: "xterm", ...env },
    stdio: [terminal === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  return watch(child)
}

/** Runs the program to its end. */
export const run = async (...args: Parameters<typeof start>) => {
  const started = await start(...args)
  const exit = await started.exit
  return { exit, out: started.out(), err: started.err() }
}

export interface Line {
  readonly v: number
  readonly event: string
  readonly [field: string]: unknown
}

/** Returns the lines that `--json` printed. */
export const linesOf = (out: string): ReadonlyArray<Line> =>
  out
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Line => JSON.parse(line))
