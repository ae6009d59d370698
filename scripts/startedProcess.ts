/** A process that a test starts: what it has written, how it ended, and waiting for what it writes. */
import type { ChildProcess } from "node:child_process"

export interface Started {
  readonly child: ChildProcess
  /** What the process has written to standard output so far. */
  readonly out: () => string
  /** What the process has written to standard error so far. */
  readonly err: () => string
  /** The exit code, or the signal that ended the process. */
  readonly exit: Promise<number | NodeJS.Signals | null>
  /** Resolves once standard output matches `times` times. Rejects when the process ends before. */
  readonly until: (pattern: RegExp, times?: number) => Promise<void>
}

/** Reads what a process writes from now on. Its output streams have to be pipes. */
export const watch = (child: ChildProcess): Started => {
  let [out, err] = ["", ""]
  const checks = new Set<() => void>()
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text
    for (const check of Array.from(checks)) check()
  })
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text
  })
  const exit = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal))
  })
  return {
    child,
    out: () => out,
    err: () => err,
    exit,
    until: (pattern, times = 1) =>
      new Promise<void>((resolve, reject) => {
        const all = new RegExp(pattern, `${pattern.flags.replace("g", "")}g`)
        const check = () => {
          if ((out.match(all)?.length ?? 0) < times) return
          checks.delete(check)
          resolve()
        }
        checks.add(check)
        check()
        void exit.then((code) => reject(new Error(`ended with ${code} before ${pattern}:\n${out}\n${err}`)))
      }),
  }
}
