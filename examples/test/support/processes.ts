/** Running the examples as what they are: processes. */
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { TestContext } from "vitest"

export interface Started {
  readonly child: ChildProcess
  /** What it has written so far. */
  readonly out: () => string
  readonly err: () => string
  /** The exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals | null>
  /** Resolves once its output holds a match so many times; rejects when it ends before. */
  readonly until: (pattern: RegExp, times?: number) => Promise<void>
}

const root = fileURLToPath(new URL("../../../", import.meta.url))

/** Starts `examples/<file>`; it is killed when the test is over. */
export const start = (
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  file: string,
  args: ReadonlyArray<string> = [],
  env: Readonly<Record<string, string>> = {},
): Started => {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
  const child = spawn(process.execPath, ["--conditions=@openretl/source", `examples/${file}`, ...args], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  let [out, err] = ["", ""]
  const waiting = new Set<() => void>()
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text
    for (const look of Array.from(waiting)) look()
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
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
        const look = () => {
          if ((out.match(all)?.length ?? 0) < times) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
        void exit.then((code) => reject(new Error(`ended with ${code} before ${pattern}:\n${out}\n${err}`)))
      }),
  }
}

/** Runs it to its end. */
export const run = async (...how: Parameters<typeof start>) => {
  const started = start(...how)
  const exit = await started.exit
  return { exit, out: started.out(), err: started.err() }
}
