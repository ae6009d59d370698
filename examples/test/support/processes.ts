/** Runs the examples as processes. */
import { spawn } from "node:child_process"
import { isAbsolute } from "node:path"
import { fileURLToPath } from "node:url"
import type { TestContext } from "vitest"
import { bundledProgram } from "../../../scripts/bundles.ts"
import { isLong } from "../../../scripts/forms.ts"
import { type Started, watch } from "../../../scripts/startedProcess.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))

const condition = "--conditions=@openretl/source"

/** Returns `examples/<file>` as a bundle. The long form starts the sources. */
export const bundled = async (file: string): Promise<string> => (isLong ? file : bundledProgram(`examples/${file}`))

/** Starts `examples/<file>`, or a bundle. The process is killed when the test ends. */
export const start = (
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  file: string,
  args: ReadonlyArray<string> = [],
  env: Readonly<Record<string, string>> = {},
): Started => {
  // Where CI is set, a new journal in a file logs a warning.
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...inherited } = process.env
  const program = isAbsolute(file) ? [file] : [condition, `examples/${file}`]
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  return watch(child)
}

/** Runs `examples/<file>`, or a bundle, to its end and returns its exit code and output. */
export const run = async (...args: Parameters<typeof start>) => {
  const started = start(...args)
  const exit = await started.exit
  return { exit, out: withoutLogs(started.out()), err: started.err() }
}

/** The log lines that core writes of each trigger and each end. */
const messages =
  "A trigger has ended|A run was adopted|A run has ended|The answer to a trigger was lost|A trigger may have"

const logLine = new RegExp(`^\\[[\\d:.]+\\] \\w+ \\(#\\d+\\): (?:${messages}).*?\\{(?:\\n(?: .*\\n)*|.*)\\}\\n`, "gm")

/** Returns an output without these lines, which Effect's default logger writes to standard output. */
const withoutLogs = (out: string): string => out.replaceAll(logLine, "")
