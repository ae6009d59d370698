/** Runs the examples as processes. */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { isAbsolute, join } from "node:path"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import type { TestContext } from "vitest"
import { isLong } from "../../../scripts/forms.ts"
import { type Started, watch } from "../../../scripts/startedProcess.ts"

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
