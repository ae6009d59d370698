/**
 * Measures how long a fresh process takes to import each candidate. The candidates take turns.
 *
 * OpenRETL is measured compiled, as it is published, so run `npm run build` first. Without the build, the benchmark reports
 * that it measured nothing.
 */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Benchmark, Report } from "../report/benchmark.ts"
import { atMost } from "../report/budget.ts"
import { median } from "../report/numbers.ts"

const processes = 9

const openretl = "OpenRETL for Segment"
const sdk = "@segment/public-api-sdk-typescript"

const modulesOf: Readonly<Record<string, ReadonlyArray<string>>> = {
  nothing: [],
  ky: ["ky"],
  "effect/Effect": ["effect/Effect"],
  [openretl]: ["effect/Effect", "@openretl/core/Runs", "@openretl/segment/Segment"],
  [sdk]: ["@segment/public-api-sdk-typescript"],
}

/** How many times the import time of the official SDK. */
const maxRatioToSdk = 2

const folder = fileURLToPath(new URL(".", import.meta.url))
const compiled = ["core", "segment"].map((name) =>
  fileURLToPath(new URL(`../../packages/${name}/dist`, import.meta.url)),
)

export const benchmark: Benchmark = async () => {
  if (!compiled.every((path) => existsSync(path))) {
    return { tables: [{ title: "not measured: run `npm run build` first", rows: [] }], budgets: [] }
  }
  const measurements = new Map(Object.keys(modulesOf).map((name) => [name, [] as Measurement[]]))
  // The first round fills the disk cache and is not counted.
  for (let round = 0; round <= processes; round++) {
    for (const [name, modules] of Object.entries(modulesOf)) {
      const measurement = await measureImport(modules)
      if (round > 0) measurements.get(name)?.push(measurement)
    }
  }
  return report(
    Array.from(measurements, ([name, ofCandidate]) => ({
      name,
      // Other work on the machine only makes an import longer.
      millis: Math.min(...ofCandidate.map(({ millis }) => millis)),
      megabytes: median(ofCandidate.map(({ rss }) => rss / 1_048_576)),
    })),
  )
}

interface Measurement {
  readonly millis: number
  /** Resident memory of the process after the import, in bytes. */
  readonly rss: number
}

/** Imports the modules in a fresh process. */
const measureImport = async (modules: ReadonlyArray<string>): Promise<Measurement> => {
  const script = `
    const startedAt = performance.now()
    ${modules.map((name) => `await import(${JSON.stringify(name)})`).join("\n")}
    console.log(JSON.stringify({ millis: performance.now() - startedAt, rss: process.memoryUsage().rss }))`
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "" },
  })
  return JSON.parse(stdout)
}

const report = (candidates: ReadonlyArray<{ name: string; millis: number; megabytes: number }>): Report => {
  const millisOf = (name: string) => candidates.find((candidate) => candidate.name === name)?.millis ?? Number.NaN
  return {
    tables: [
      {
        title: `cold import, shortest of ${processes} fresh processes`,
        rows: candidates.map(({ name, millis, megabytes }) => ({
          import: name,
          ms: Math.round(millis),
          "process MB": Math.round(megabytes),
        })),
      },
    ],
    budgets: [
      atMost("import time per import time of the official SDK", millisOf(openretl) / millisOf(sdk), maxRatioToSdk),
    ],
  }
}
