/** Runs mutants in sessions, one after the other: a session whose mutant hangs, or leaves something behind, is followed by another. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type Line, type Plan, variable } from "./plan.ts"

/** What became of a mutant. */
export type Result =
  | { readonly _tag: "Killed"; readonly test: string; readonly error: string }
  | { readonly _tag: "Survived"; readonly tests: number }

export interface Results {
  readonly byNumber: ReadonlyMap<number, Result>
  /** The tests that fail without a mutant, with their errors. */
  readonly broken: ReadonlyArray<string>
  readonly sessions: number
}

/** How long a session may take to load everything and to run all tests once, in milliseconds. */
const maxStart = 600_000

/** How many sessions in a row may end without a result. */
const maxFailures = 3

/** Runs the mutants of a plan. A mutant with which the process of a session ends is run again, and is killed the second time. */
export const runAll = async (plan: Omit<Plan, "report">, onResult: () => void): Promise<Results> => {
  const byNumber = new Map<number, Result>()
  const broken = new Set<string>()
  const fatal = new Set<number>()
  let sessions = 0
  let failures = 0
  while (byNumber.size < plan.mutants.length && broken.size === 0) {
    const before = byNumber.size
    const mutants = plan.mutants.filter(({ number }) => !byNumber.has(number))
    sessions++
    const { unfinished, problem } = await session({ ...plan, mutants }, (line) => {
      if (line._tag === "Killed" || line._tag === "Survived") {
        byNumber.set(line.number, line)
        onResult()
      }
      if (line._tag === "Broken") broken.add(`${line.test}: ${line.error}`)
    })
    if (unfinished === undefined) {
      failures = byNumber.size === before ? failures + 1 : 0
      if (failures === maxFailures) throw new Error(`A session of mutants ended without a result\n${problem}`)
    } else if (fatal.has(unfinished.number)) {
      byNumber.set(unfinished.number, { _tag: "Killed", test: unfinished.test, error: "its process ends" })
      onResult()
    } else fatal.add(unfinished.number)
  }
  return { byNumber, broken: [...broken], sessions }
}

type Begun = Extract<Line, { readonly _tag: "Begun" }>

/** How a session ended. */
interface Ended {
  /** The mutant and the test at which its process ended by itself. */
  readonly unfinished: Begun | undefined
  /** What it wrote to its standard error. */
  readonly problem: string
}

/** Runs one session, and ends it where a mutant hangs. */
const session = async (plan: Omit<Plan, "report">, onLine: (line: Line) => void): Promise<Ended> => {
  const folder = mkdtempSync(join(tmpdir(), "openretl-mutants-"))
  const report = join(folder, "report")
  const planFile = join(folder, "plan.json")
  writeFileSync(planFile, JSON.stringify({ ...plan, report }))
  const child = spawn(process.execPath, [join(import.meta.dirname, "worker.ts")], {
    cwd: plan.root,
    env: { ...process.env, [variable]: planFile, NODE_OPTIONS: "--conditions=@openretl/source" },
    stdio: ["ignore", "ignore", "pipe"],
  })
  let problem = ""
  child.stderr?.on("data", (text) => {
    problem = `${problem}${text}`.slice(-5_000)
  })
  let linesRead = 0
  let results = 0
  let begun: Begun | undefined
  let deadline = Date.now() + maxStart
  const read = (): void => {
    const lines = existsSync(report) ? readFileSync(report, "utf8").split("\n").slice(0, -1) : []
    for (const text of lines.slice(linesRead)) {
      const line: Line = JSON.parse(text)
      begun = line._tag === "Begun" ? line : undefined
      // The runner ends what takes too long, where it can: this is for what blocks its thread.
      deadline = Date.now() + 20_000 + 20 * (begun?.millis ?? 0)
      if (line._tag === "Killed" || line._tag === "Survived") results++
      onLine(line)
    }
    linesRead = lines.length
  }
  try {
    while (isAlive(child)) {
      await sleep(200)
      read()
      if (Date.now() < deadline) continue
      child.kill("SIGKILL")
      // What a killed mutant left behind blocks the thread: another session goes on.
      if (begun === undefined && results > 0) return { unfinished: undefined, problem }
      if (begun === undefined) throw new Error(`A session of mutants does not go on\n${problem}`)
      onLine({ _tag: "Killed", number: begun.number, test: begun.test, error: "it blocks its thread" })
      return { unfinished: undefined, problem }
    }
    read()
    return { unfinished: begun, problem: `${problem}\nexit code ${child.exitCode}, signal ${child.signalCode}` }
  } finally {
    child.kill("SIGKILL")
    rmSync(folder, { recursive: true, force: true })
  }
}

const isAlive = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null
