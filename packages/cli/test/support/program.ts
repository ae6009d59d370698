/** Starts the command line as its users do: the bundle, as a process, in a pipe or on a pseudo terminal. */
import { type ChildProcess, fork, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import type { TestContext } from "vitest"
import { bundledCommandLine } from "../../../../scripts/commandLine.ts"
import { isLong } from "../../../../scripts/forms.ts"
import { type Started, watch } from "../../../../scripts/startedProcess.ts"
import type { Answer, Order } from "./resident.ts"

export type Test = Pick<TestContext, "onTestFinished">

let bundle: ReturnType<typeof bundledCommandLine> | undefined

const bundled = (): ReturnType<typeof bundledCommandLine> => {
  bundle ??= bundledCommandLine()
  return bundle
}

/** Returns the path of the program, bundled once for the same sources. */
export const program = async (): Promise<string> => (await bundled()).program

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

/** Returns the environment of a command. */
const environment = (env: Readonly<Record<string, string>>) => {
  // Where CI is set, a new journal in a file logs a warning.
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, OPENRETL_CONFIG: ____, ...inherited } = process.env
  return { ...inherited, TERM: "xterm", ...env }
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** Starts the program. The process is killed when the test ends. */
export const start = async (
  { onTestFinished }: Test,
  args: ReadonlyArray<string>,
  { cwd, env = {}, terminal, stdout, stderr }: StartOptions,
): Promise<Started> => {
  const path = await program()
  const words = [process.execPath, path, ...args]
  const onTerminal = `stty cols ${terminal?.[0]} rows ${terminal?.[1]}; exec ${words.map(quoted).join(" ")}`
  const inPipe =
    stdout === undefined && stderr === undefined
      ? words
      : ["sh", "-c", `exec "$@" ${stdout ? `>${stdout}` : ""} ${stderr ? `2>${stderr}` : ""}`, "sh", ...words]
  const [command = "", ...rest] = terminal === undefined ? inPipe : ["script", "-qefc", onTerminal, "/dev/null"]
  const child = spawn(command, rest, {
    cwd,
    env: environment(env),
    stdio: [terminal === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  return watch(child)
}

/** Processes that have run a command, and wait for the next one. */
const idle: Array<ChildProcess> = []

/** Runs the program to its end in a process that has run other commands, and that runs more. */
const runInResident = async (args: ReadonlyArray<string>, { cwd, env = {} }: StartOptions): Promise<Answer> => {
  const { resident } = await bundled()
  const child =
    idle.pop() ?? fork(resident, [], { env: environment({}), stdio: ["ignore", "inherit", "inherit", "ipc"] })
  child.ref()
  child.channel?.ref()
  const answer = await new Promise<Answer>((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the process of ${args.join(" ")} ended with ${code}`))
    child.once("exit", onExit)
    child.once("message", (answer: Answer) => {
      child.off("exit", onExit)
      resolve(answer)
    })
    child.send({ args, cwd, env: environment(env) } satisfies Order)
  })
  // It does not keep the tests from ending, and ends with them.
  child.unref()
  child.channel?.unref()
  idle.push(child)
  return answer
}

/**
 * Runs the program to its end. In the short form a command in a pipe has no process of its own, which takes a third of a second to
 * start, unless it asks for one.
 */
export const run = async (
  test: Test,
  args: ReadonlyArray<string>,
  options: StartOptions & { readonly inOwnProcess?: boolean },
) => {
  const { terminal, stdout, stderr, env, inOwnProcess = isLong } = options
  const isOrdinary =
    terminal === undefined && stdout === undefined && stderr === undefined && env?.["NODE_OPTIONS"] === undefined
  if (isOrdinary && !inOwnProcess) return await runInResident(args, options)
  const started = await start(test, args, options)
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
