/**
 * Measures what OpenRETL costs, next to alternatives. README.md explains the figures.
 *
 *     npm run bench -- [--json] [--only calls,waiting] [--triggers 10000]
 */
import { cpus } from "node:os"
import { parseArgs } from "node:util"
import type { Benchmark, Report } from "./report/benchmark.ts"
import { print } from "./report/print.ts"

/** Each is loaded when it runs. */
const benchmarks: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  imports: () => import("./imports/benchmark.ts"),
  startUp: () => import("./startUp/benchmark.ts"),
  calls: () => import("./calls/benchmark.ts"),
  listing: () => import("./listing/benchmark.ts"),
  waiting: () => import("./waiting/benchmark.ts"),
  triggers: () => import("./triggers/benchmark.ts"),
  retries: () => import("./retries/benchmark.ts"),
}

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: Object.keys(benchmarks).join() },
    triggers: { type: "string", default: "2000" },
  },
})
const names = values.only.split(",")
const unknownNames = names.filter((name) => benchmarks[name] === undefined)
const triggerCount = Number(values.triggers)
if (unknownNames.length > 0 || !(Number.isSafeInteger(triggerCount) && triggerCount > 0)) {
  console.error(
    `--only: Expected some of ${Object.keys(benchmarks).join()}; --triggers: Expected a whole number above 0`,
  )
  process.exit(2)
}

const machine = `${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`
// Log lines of what is measured go to standard error: standard output is JSON alone.
if (values.json) console.log = console.error
else console.log(machine)

const reports: Record<string, Report> = {}
for (const name of names) {
  const startedAt = performance.now()
  const loaded = await benchmarks[name]?.()
  if (loaded === undefined) continue
  const report = await loaded.benchmark({ triggers: triggerCount })
  reports[name] = report
  if (!values.json) print(name, (performance.now() - startedAt) / 1_000, report)
}

const exceeded = Object.values(reports)
  .flatMap(({ budgets }) => budgets)
  .filter(({ isKept }) => !isKept)
if (values.json) process.stdout.write(`${JSON.stringify({ machine, reports }, undefined, 2)}\n`)
else console.log(exceeded.length === 0 ? "\nall budgets hold" : `\nbudgets exceeded: ${exceeded.length}`)
if (exceeded.length > 0) process.exitCode = 1
