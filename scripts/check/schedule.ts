/** Runs steps side by side. A step starts when the steps that it comes after have ended. */
import { run } from "../command.ts"
import type { Step } from "./steps.ts"

export interface Report {
  readonly name: string
  readonly status: "passed" | "failed" | "skipped"
  readonly seconds: number
  /** One line: a summary, or the reason for skipping. */
  readonly note: string
  readonly output: string
}

export interface Options {
  /** How many steps run at once. */
  readonly lanes: number
  readonly colored: boolean
  /** Called when a step has ended. */
  readonly onReport: (report: Report) => void
}

export const schedule = async (steps: ReadonlyArray<Step>, options: Options): Promise<ReadonlyArray<Report>> => {
  const reports = new Map<string, Report>()
  const waiting = [...steps]
  const running = new Map<string, Promise<void>>()

  const start = (step: Step): void => {
    const blocker = step.after?.map((name) => reports.get(name)).find((report) => report?.status !== "passed")
    const report = blocker === undefined ? perform(step, options.colored) : Promise.resolve(skippedAfter(step, blocker))
    const ended = report.then((report) => {
      reports.set(step.name, report)
      running.delete(step.name)
      options.onReport(report)
    })
    running.set(step.name, ended)
  }

  while (waiting.length > 0 || running.size > 0) {
    const free = options.lanes - running.size
    const ready = waiting.filter(({ after = [] }) => after.every((name) => reports.has(name))).slice(0, free)
    for (const step of ready) {
      waiting.splice(waiting.indexOf(step), 1)
      start(step)
    }
    await Promise.race(running.values())
  }
  return [...reports.values()]
}

const perform = async ({ name, command, note, impossible }: Step, colored: boolean): Promise<Report> => {
  if (impossible !== undefined) return { name, status: "skipped", seconds: 0, note: impossible, output: "" }
  const started = performance.now()
  // A busy machine makes the tests slow, not wrong.
  const options = { limit: 1_800, env: colored ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" } }
  const { code, output } = await run(command, options)
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) return { name, status: "failed", seconds, note: "", output }

  const last = output.trim().split("\n").at(-1) ?? ""
  return last.startsWith("skipped: ")
    ? { name, status: "skipped", seconds, note: last.slice("skipped: ".length), output }
    : { name, status: "passed", seconds, note: note?.(output) ?? last, output }
}

const skippedAfter = ({ name }: Step, blocker: Report): Report => ({
  name,
  status: "skipped",
  seconds: 0,
  note: blocker.status === "failed" ? `${blocker.name} failed` : blocker.note,
  output: "",
})
