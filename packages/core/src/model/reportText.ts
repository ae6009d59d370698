/** The report on a batch as a text for a chat message. */
import * as Duration from "effect/Duration"
import { counts, type Rows } from "./Run.ts"

/** What the text shows of a job. */
interface ShownJob {
  readonly name: string
  readonly sync: object
  readonly verdict: string
  readonly isGreen: boolean
  readonly how?: string
  readonly rows?: Rows
  readonly code?: string
  readonly guidance?: string
  readonly run?: object
  readonly entry?: string
  readonly duration: Duration.Duration
}

/** What the text shows of a report. */
interface ShownReport {
  readonly key?: string
  readonly duration: Duration.Duration
  readonly counts: {
    readonly jobs: number
    readonly green: number
    readonly byVerdict: Readonly<Record<string, number>>
  }
  readonly jobs: ReadonlyArray<ShownJob>
}

/** A chat shows no more: the JSON has all jobs. */
const maxShown = 50

const maxName = 40

/** Returns the text: a line of counts, the jobs that are not green, and the green ones. */
export const text = (report: ShownReport): string => {
  const width = Math.min(maxName, Math.max(...report.jobs.map(({ name }) => name.length), 0))
  const verdictWidth = Math.max(...report.jobs.map(({ verdict }) => verdict.length), 0)
  const lineOf = ({ name, verdict, how, rows, duration }: ShownJob) =>
    [
      shortened(name).padEnd(width),
      verdict.padEnd(verdictWidth),
      (how ?? "").padEnd("remembered".length),
      durationText(duration).padStart("59m 59s".length),
      rowsText(rows),
    ]
      .join("  ")
      .trimEnd()
  const red = report.jobs.filter(({ isGreen }) => !isGreen)
  const green = report.jobs.filter(({ isGreen }) => isGreen)
  return [
    headline(report),
    ...red.slice(0, maxShown).flatMap((job) => [lineOf(job), ...detailsOf(job)]),
    ...more(red.length, "not green"),
    ...green.slice(0, maxShown).map(lineOf),
    ...more(green.length, "green"),
  ].join("\n")
}

const more = (jobs: number, what: string) => (jobs > maxShown ? [`and ${jobs - maxShown} more that are ${what}`] : [])

/** As in `nightly/2026-11-28: 10 of 12 jobs are green, 1 partial, 1 not-run; 14m 3s`. */
const headline = ({ key, jobs, counts: { green, jobs: all }, duration }: ShownReport): string => {
  const notGreen = new Map<string, number>()
  for (const { verdict, isGreen } of jobs) if (!isGreen) notGreen.set(verdict, (notGreen.get(verdict) ?? 0) + 1)
  const others = [...notGreen].map(([verdict, count]) => `, ${count} ${verdict}`).join("")
  const name = key === undefined ? "" : `${key}: `
  const subject = green === all ? `all ${all} jobs are green` : `${green} of ${all} jobs are green`
  return `${name}${subject}${others}; ${durationText(duration)}`
}

const detailsOf = ({ code = "", guidance = "", sync, run, entry }: ShownJob): ReadonlyArray<string> => [
  `  ${code}: ${guidance}`,
  run === undefined ? `  sync: ${sync}` : `  run: ${run}`,
  ...(entry === undefined ? [] : [`  entry: ${entry}`]),
]

const shortened = (name: string): string => (name.length > maxName ? `${name.slice(0, maxName - 1)}…` : name)

/** As in `640 delivered, 12 failed`. A count that the vendor does not report is left out. */
const rowsText = (rows: Rows = {}): string =>
  counts
    .flatMap((name) => {
      const count = rows[name]
      if (count === undefined || name === "total" || (count === 0 && name !== "succeeded")) return []
      return [`${count} ${name === "succeeded" ? "delivered" : name}`]
    })
    .join(", ")

/** As in `2m 3s`, in whole seconds; below one second, `0s`. */
const durationText = (duration: Duration.Duration): string => {
  const seconds = Math.floor(Duration.toSeconds(duration))
  return seconds === 0 ? "0s" : Duration.format(Duration.seconds(seconds))
}
