/** Runs another program and keeps what it printed. */
import { spawn } from "node:child_process"
import { delimiter, join } from "node:path"
import { root } from "./workspace.ts"

export interface Finished {
  /** Absent when it was killed or could not be started. */
  readonly code: number | null
  /** What it printed, both streams as they came. */
  readonly output: string
  readonly stdout: string
}

export interface Options {
  /** @default the root of the workspace */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Seconds until it is killed with all that it started. @default 300 */
  readonly limit?: number
}

const shell = process.platform === "win32"

/** Programs of the workspace come before those of the machine. */
const path = join(root, "node_modules", ".bin") + delimiter + (process.env["PATH"] ?? "")

export const run = (command: ReadonlyArray<string>, options: Options = {}): Promise<Finished> =>
  new Promise((done) => {
    const [program = "", ...args] = command
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, PATH: path, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that a program that hangs goes together with its workers.
      detached: !shell,
      shell,
    })
    let output = ""
    let stdout = ""
    const stop = (signal: NodeJS.Signals) => {
      if (child.pid === undefined) return
      try {
        process.kill(shell ? child.pid : -child.pid, signal)
      } catch {
        // It has ended meanwhile.
      }
    }
    const interrupted = () => {
      stop("SIGKILL")
      process.exit(130)
    }
    const limit = options.limit ?? 300
    const timer = setTimeout(() => {
      output += `\n${command.join(" ")} was stopped: it took more than ${limit} s\n`
      stop("SIGKILL")
    }, limit * 1000)
    const end = (code: number | null) => {
      clearTimeout(timer)
      process.off("SIGINT", interrupted)
      process.off("SIGTERM", interrupted)
      done({ code, output, stdout })
    }
    process.on("SIGINT", interrupted)
    process.on("SIGTERM", interrupted)
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8")
      stdout += chunk.toString("utf8")
    })
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8")
    })
    child.on("error", (error) => {
      output += `${program}: ${error.message}\n`
      end(null)
    })
    child.on("close", end)
  })

/** The pnpm of the workspace: the running one, or the pinned version by npx where there is none. */
export const pnpm = (pinned: string): ReadonlyArray<string> =>
  process.env["npm_config_user_agent"]?.startsWith("pnpm/") ? ["pnpm"] : ["npx", "--yes", pinned]
