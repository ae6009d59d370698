/**
 * How long a program waits for its imports: fresh processes, one import each, taking turns.
 *
 * OpenRETL is measured as it is published, compiled: `npm run build` first. Without that there is nothing to measure, and
 * the benchmark says so.
 */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Benchmark, Report } from "../report/benchmark.ts"
import { atMost } from "../report/budget.ts"
import { median } from "../report/numbers.ts"

const processes = 7

const openretl = "OpenRETL for Segment"
const sdk = "@segment/public-api-sdk-typescript"

const candidates: Readonly<Record<string, ReadonlyArray<string>>> = {
  nothing: [],
  ky: ["ky"],
  "effect/Effect": ["effect/Effect"],
  [openretl]: ["effect/Effect", "@openretl/core/Runs", "@openretl/segment/Segment"],
  [sdk]: ["@segment/public-api-sdk-typescript"],
}

/** Times what the official SDK takes. */
const mostOfSdk = 2

const here = fileURLToPath(new URL(".", import.meta.url))
const compiled = ["core", "segment"].map((name) =>
  fileURLToPath(new URL(`../../packages/${name}/dist`, import.meta.url)),
)

export const benchmark: Benchmark = async () => {
  if (!compiled.every((path) => existsSync(path))) {
    return { tables: [{ title: "not measured: nothing is compiled yet (npm run build)", rows: [] }], budgets: [] }
  }
  const taken = new Map(Object.keys(candidates).map((name) => [name, [] as Import[]]))
  // The first round finds the files on disk and does not count.
  for (let round = 0; round <= processes; round++) {
    for (const [name, modules] of Object.entries(candidates)) {
      const one = await importOf(modules)
      if (round > 0) taken.get(name)?.push(one)
    }
  }
  return report(
    Array.from(taken, ([name, all]) => ({
      name,
      millis: median(all.map(({ millis }) => millis)),
      megabytes: median(all.map(({ rss }) => rss / 1_048_576)),
    })),
  )
}

interface Import {
  readonly millis: number
  /** Bytes of the whole process afterwards. */
  readonly rss: number
}

const importOf = async (modules: ReadonlyArray<string>): Promise<Import> => {
  const script = `
    const began = performance.now()
    ${modules.map((name) => `await import(${JSON.stringify(name)})`).join("\n")}
    console.log(JSON.stringify({ millis: performance.now() - began, rss: process.memoryUsage().rss }))`
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: here,
    env: { ...process.env, NODE_OPTIONS: "" },
  })
  return JSON.parse(stdout)
}

const report = (all: ReadonlyArray<{ name: string; millis: number; megabytes: number }>): Report => {
  const of = (name: string) => all.find((one) => one.name === name)?.millis ?? Number.NaN
  return {
    tables: [
      {
        title: `cold import, median of ${processes} fresh processes`,
        rows: all.map(({ name, millis, megabytes }) => ({
          import: name,
          ms: Math.round(millis),
          "process MB": Math.round(megabytes),
        })),
      },
    ],
    budgets: [atMost("import time, against that of the official SDK", of(openretl) / of(sdk), mostOfSdk)],
  }
}
