/**
 * What OpenRETL costs, beside what else there is. README.md says what the figures mean.
 *
 *     npm run bench -- [--json] [--only calls,waiting] [--triggers 10000]
 */
import { cpus } from "node:os"
import { parseArgs } from "node:util"
import { room as calls } from "./calls/room.ts"
import { room as imports } from "./imports/room.ts"
import { room as listing } from "./listing/room.ts"
import { print } from "./report/print.ts"
import type { Report, Room } from "./report/room.ts"
import { room as triggers } from "./triggers/room.ts"
import { room as waiting } from "./waiting/room.ts"

const rooms: Readonly<Record<string, Room>> = { imports, calls, listing, waiting, triggers }

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: Object.keys(rooms).join() },
    triggers: { type: "string", default: "2000" },
  },
})
const names = values.only.split(",")
const unknown = names.filter((name) => rooms[name] === undefined)
const count = Number(values.triggers)
if (unknown.length > 0 || !(Number.isSafeInteger(count) && count > 0)) {
  console.error(`--only takes ${Object.keys(rooms).join()}; --triggers a whole number above 0`)
  process.exit(2)
}

const machine = `${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`
if (!values.json) console.log(machine)

const reports: Record<string, Report> = {}
for (const name of names) {
  const began = performance.now()
  const report = await rooms[name]?.({ triggers: count })
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
