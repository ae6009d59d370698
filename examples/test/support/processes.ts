/** Runs the examples as processes. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { isAbsolute, join } from "node:path"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import type { TestContext } from "vitest"
import { isLong } from "../../../scripts/forms.ts"

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

const root = fileURLToPath(new URL("../../../", import.meta.url))

const condition = "--conditions=@openretl/source"

/** Packages are CommonJS in part, and require the modules of Node. */
const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'

/** The programs that were bundled, by their path in `examples`. */
const bundles = new Map<string, string>()

/**
 * Returns `examples/<file>` as one file, which starts in half the time: for programs that many tests start, or that start
 * themselves. The long form starts the sources.
 */
export const bundled = (file: string): string => {
  if (isLong) return file
  const known = bundles.get(file)
  if (known !== undefined) return known
  const folder = mkdtempSync(join(tmpdir(), "openretl-examples-"))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  const outfile = join(folder, "program.mjs")
  buildSync({
    entryPoints: [join(root, "examples", file)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@openretl/source"],
    banner: { js: banner },
  })
  bundles.set(file, outfile)
  return outfile
}

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
  let [out, err] = ["", ""]
  const checks = new Set<() => void>()
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text
    for (const check of Array.from(checks)) check()
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
