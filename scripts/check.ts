/**
 * Runs every check that a change has to pass. CI runs the same command.
 *
 *     npm test [-- --only tests,types] [--json]
 *
 * Prints one line per step, and the output of each step that fails. The last line counts tests; any other step that
 * fails counts as one failed test.
 */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { type Report, schedule } from "./check/schedule.ts"
import { selected, steps } from "./check/steps.ts"
import { type Counts, countTests, forget } from "./check/tests.ts"

const { values } = parseArgs({
  options: { only: { type: "string" }, json: { type: "boolean", default: false } },
})

const chosen = selected(values.only?.split(","))
const colored = process.stdout.isTTY && process.env["NO_COLOR"] === undefined

const marks = { passed: "✓", failed: "✗", skipped: "-" } as const
const colors = { passed: 32, failed: 31, skipped: 33 } as const
const width = Math.max(...steps.map(({ name }) => name.length)) + 2

const print = ({ name, status, seconds, note }: Report): void => {
  const mark = colored ? `\u001b[${colors[status]}m${marks[status]}\u001b[0m` : marks[status]
  const time = status === "skipped" ? "" : `${seconds.toFixed(1)} s`
  console.log(`${mark} ${name.padEnd(width)}${time.padStart(7)}  ${note}`.trimEnd())
}

forget()
const started = performance.now()
const reports = await schedule(chosen, {
  lanes: Math.min(4, availableParallelism()),
  colored,
  onReport: values.json ? () => {} : print,
})
const seconds = (performance.now() - started) / 1000

const failures = reports.filter(({ status }) => status === "failed")
const tests: Counts = reports.some(({ name }) => name === "tests") ? countTests() : { passed: 0, failed: 0, skipped: 0 }
// The step may fail without a failing test: an error outside of any test.
const otherFailures = failures.filter(({ name }) => name !== "tests" || tests.failed === 0).length
const counts = { passed: tests.passed, failed: tests.failed + otherFailures }

if (values.json) {
  console.log(JSON.stringify({ ok: failures.length === 0, ...counts, seconds, steps: reports }, undefined, 2))
} else {
  for (const { name, output } of failures) console.log(`\n${name} failed\n\n${output.trim()}`)
  console.log("")
  if (failures.length > 0) console.log(`Failed: ${failures.map(({ name }) => name).join(", ")}`)
  console.log(`${reports.length} steps in ${seconds.toFixed(1)} s`)
  console.log(`${counts.passed} passed, ${counts.failed} failed`)
}
process.exitCode = failures.length === 0 ? 0 : 1
