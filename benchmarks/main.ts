/**
 * What OpenRETL costs, beside what else there is. README.md says what the figures mean.
 *
 *     npm run bench -- [--json] [--only calls,waiting] [--triggers 10000]
 */
import { cpus } from "node:os"
import { parseArgs } from "node:util"
import { benchmark as calls } from "./calls/benchmark.ts"
import { benchmark as imports } from "./imports/benchmark.ts"
import { benchmark as listing } from "./listing/benchmark.ts"
import type { Benchmark, Report } from "./report/benchmark.ts"
import { print } from "./report/print.ts"
import { benchmark as triggers } from "./triggers/benchmark.ts"
import { benchmark as waiting } from "./waiting/benchmark.ts"

const benchmarks: Readonly<Record<string, Benchmark>> = { imports, calls, listing, waiting, triggers }

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: Object.keys(benchmarks).join() },
    triggers: { type: "string", default: "2000" },
  },
})
const names = values.only.split(",")
const unknown = names.filter((name) => benchmarks[name] === undefined)
const count = Number(values.triggers)
if (unknown.length > 0 || !(Number.isSafeInteger(count) && count > 0)) {
  console.error(`--only takes ${Object.keys(benchmarks).join()}; --triggers a whole number above 0`)
  process.exit(2)
}

const machine = `${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`
if (!values.json) console.log(machine)

const reports: Record<string, Report> = {}
for (const name of names) {
  const began = performance.now()
  const report = await benchmarks[name]?.({ triggers: count })
  if (report === undefined) continue
  reports[name] = report
  if (!values.json) print(name, (performance.now() - began) / 1_000, report)
}

const broken = Object.values(reports)
  .flatMap(({ budgets }) => budgets)
  .filter(({ holds }) => !holds)
if (values.json) console.log(JSON.stringify({ machine, reports }, undefined, 2))
else console.log(broken.length === 0 ? "\nall budgets are kept" : `\nbudgets broken: ${broken.length}`)
if (broken.length > 0) process.exitCode = 1
