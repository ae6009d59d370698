/**
 * Measures how long the command line takes from its start to its end, bundled as it is published, next to a process of Node that
 * does nothing. The candidates take turns.
 */
import { execFile, spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { bundleCommandLine } from "../../scripts/commandLine.ts"
import type { Benchmark } from "../report/benchmark.ts"
import { atMost } from "../report/budget.ts"
import { median } from "../report/numbers.ts"

const processes = 25

/** How many times a process that does nothing: benchmarks/README.md says what the second one is made of. */
const maxRatios = { help: 5.2, runs: 5.2 }

const emulatorCommand = fileURLToPath(new URL("../../packages/emulator/src/internal/command/main.ts", import.meta.url))

/** Serves a vendor with one sync from another process, and returns its configuration. */
const serve = async (folder: string) => {
  const file = join(folder, "openretl.json")
  const args = ["rudderstack", "--syncs", "1", "--configuration", file, "--end-with-stdin"]
  const emulator = spawn(process.execPath, ["--conditions=@openretl/source", emulatorCommand, ...args], {
    stdio: ["pipe", "pipe", "ignore"],
  })
  const line = await new Promise<string>((resolve) => createInterface(emulator.stdout).once("line", resolve))
  const { token }: { readonly token: string } = JSON.parse(line)
  return { token, end: () => emulator.stdin.end() }
}

export const benchmark: Benchmark = async () => {
  const folder = mkdtempSync(join(tmpdir(), "openretl-start-up-"))
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }')
  await bundleCommandLine(folder, true, true)
  const { token, end } = await serve(folder)
  const program = join(folder, "openretl.js")
  const candidates: Readonly<Record<string, ReadonlyArray<string>>> = {
    "node -e 0": ["-e", "0"],
    "openretl --help": [program, "--help"],
    "openretl runs": [program, "runs", "--journal", "memory"],
  }
  const millis = new Map(Object.keys(candidates).map((name) => [name, [] as Array<number>]))
  // The first round fills the disk cache and Node's cache of compiled code, and is not counted.
  for (let round = 0; round <= processes; round++) {
    for (const [name, args] of Object.entries(candidates)) {
      const startedAt = performance.now()
      await promisify(execFile)(process.execPath, [...args], {
        cwd: folder,
        env: { ...process.env, NODE_OPTIONS: "", RUDDERSTACK_TOKEN: token },
      })
      if (round > 0) millis.get(name)?.push(performance.now() - startedAt)
    }
  }
  end()
  rmSync(folder, { recursive: true, force: true })
  // Other work on the machine only makes a process take longer.
  const least = (name: string) => Math.min(...(millis.get(name) ?? []))
  const bare = least("node -e 0")
  return {
    tables: [
      {
        title: `the command line, shortest and median of ${processes} fresh processes`,
        rows: Array.from(millis, ([name, all]) => ({
          command: name,
          "ms, shortest": Math.round(Math.min(...all)),
          "ms, median": Math.round(median(all)),
          "times node -e 0": (Math.min(...all) / bare).toFixed(1),
        })),
        notes: ["runs reads the list of one sync from an emulator in another process."],
      },
    ],
    budgets: [
      atMost("openretl --help per node -e 0", least("openretl --help") / bare, maxRatios.help),
      atMost("openretl runs per node -e 0", least("openretl runs") / bare, maxRatios.runs),
    ],
  }
}
