/** The page with the charts, drawn from the JSON that `npm run bench -- --json` prints. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Report, Table } from "../benchmarks/report/benchmark.ts"
import { read } from "../scripts/workspace.ts"
import { type Bar, bars, type Point, scatter } from "./charts.ts"

interface Figures {
  readonly machine: string
  readonly reports: { readonly waiting: Report; readonly calls: Report }
}

/** The number that a cell begins with, as in `12.8 s` or `1,621`. */
const numberIn = (cell: string | number | undefined): number => Number.parseFloat(String(cell).replaceAll(",", ""))

const tableOf = ({ tables }: Report, title: RegExp): Table => {
  const table = tables.find((table) => title.test(table.title))
  if (table === undefined) throw new Error(`benchmarks/figures.json has no table ${title}`)
  return table
}

/** Requests against delay, a point for each way to wait. */
const delays = (rows: Table["rows"], delay: string): string => {
  const points = rows.map((row): Point => {
    const name = String(row["waiting"]).replace(/^as many requests: |^sigma [\d.]+: /, "")
    return { name, x: numberIn(row["requests/run"]), y: numberIn(row[delay]), isOurs: name.startsWith("OpenRETL") }
  })
  const x = { name: "requests for one run (logarithmic)", isLogarithmic: true }
  return scatter(points, x, { name: `${delay}, seconds` })
}

/** The rows about runs whose lengths differ as much as `sigma` says: each has the rows after it that it is compared with. */
const rowsOf = ({ rows }: Table, sigma: string): Table["rows"] => {
  const first = (text: string) => rows.findIndex(({ waiting }) => String(waiting).startsWith(text))
  const from = first(`sigma ${sigma}`)
  const to = rows.findIndex(
    ({ waiting }, index) =>
      index > from && /^sigma/.test(String(waiting)) && !String(waiting).startsWith(`sigma ${sigma}`),
  )
  return rows.slice(from, to < 0 ? rows.length : to)
}

/** What a call costs, as a multiple of `fetch` in the same round. */
const costs = (calls: Report): string => {
  const tables = [/one at a time/, /32 at once/].map((title) => tableOf(calls, title))
  const groups = (tables[0]?.rows ?? []).map((row): Bar => {
    const name = String(row["client"])
    const rows = tables.map((table) => table.rows.find(({ client }) => client === name))
    return { name, values: rows.map((row) => numberIn(row?.["CPU per fetch"])) }
  })
  return bars(["one at a time", "32 at once"], groups, { name: "CPU time per CPU time of fetch" })
}

/** A chart as a block of HTML. A blank line would end the block. */
const figure = (description: string, svg: string): string =>
  `<div role="img" aria-label="${description}">\n${svg.replace(/\n\s*\n/g, "\n").trim()}\n</div>`

/** Writes the page with its charts to a folder. */
export const writeFigures = (folder: string): void => {
  const { machine, reports } = JSON.parse(read("benchmarks/figures.json")) as Figures
  const waits = tableOf(reports.waiting, /one per sync/)
  // The others are found by what they have in common with OpenRETL: beside it, they say nothing new.
  const ways = waits.rows.filter(({ waiting }) => !String(waiting).startsWith("same "))
  const learned = tableOf(reports.waiting, /with 20 past runs of their sync/)
  const charts = {
    learned: figure(
      "Requests against the median delay, with past runs",
      delays(rowsOf(learned, "0.2"), "median delay"),
    ),
    median: figure("Requests against the median delay of each way to wait", delays(ways, "median delay")),
    p95: figure("Requests against the p95 delay of each way to wait", delays(ways, "p95 delay")),
    calls: figure("CPU time of each client per CPU time of fetch", costs(reports.calls)),
  }

  const lines = [
    "# Figures",
    "",
    "The charts are drawn from what `npm run bench -- --only waiting,calls --json` printed on",
    `one machine: ${machine}. [Benchmarks](../../benchmarks/README.md) says how each figure is measured, and has all of them.`,
    "",
    "## Waiting: requests against delay",
    "",
    `${waits.title}, with no past runs. Further left costs less, further down sees the end sooner. The waits run on a virtual clock:`,
    "these figures are the same on every machine.",
    "",
    charts.median,
    "",
    "At its p95, fixed polling with as many requests sees the ends of long runs sooner, and OpenRETL those of short runs. As a part",
    "of the run's length, OpenRETL's p95 is a third of that of fixed polling.",
    "",
    charts.p95,
    "",
    "## Waiting with past runs",
    "",
    `${learned.title}. The lengths of a sync's runs differ by about a fifth. Each way to wait is next to`,
    "others with as many requests.",
    "",
    charts.learned,
    "",
    "## Calls: what one read costs",
    "",
    "CPU time of this process for one read of a run over loopback, next to a bare `fetch` in the same round: the median over rounds",
    "in which all clients take turns. `fetch` and `undici` validate nothing and have no deadline.",
    `Measured on ${machine}, with much other work on it: read differences of a few tenths as none.`,
    "",
    charts.calls,
    "",
  ]
  writeFileSync(join(folder, "figures.md"), lines.join("\n"))
}
