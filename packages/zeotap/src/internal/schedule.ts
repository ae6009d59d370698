/** Schedules as Zeotap writes them: a cron expression, or nothing. Pure. */
import type { Snapshot } from "@openretl/core/driver/Catalog"
import * as Wire from "@openretl/core/driver/Wire"
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"

/**
 * The schedules that Zeotap can express. The app also has intervals, whose form in the API is not documented. Whether an
 * expression is read in the workspace's time zone or in UTC is not documented either.
 */
export const schedules: ScheduleForms = {
  vendor: "Zeotap",
  cron: { source: "the older edition's scheduling page", timeZone: { assumed: "UTC" } },
}

/** Decodes a schedule. Absent, null and empty stand for none. */
export const decode = (wire: unknown): Pick<Snapshot, "schedule" | "unreadSchedule"> => {
  const text = typeof wire === "string" ? wire.trim() : wire
  if (text === undefined || text === null || text === "") return { schedule: Schedule.manual }
  if (typeof text === "string") {
    const schedule = Schedule.cron(text)
    if (Schedule.problems(schedule).length === 0) return { schedule }
  }
  return { unreadSchedule: Wire.oneLine(wire) }
}

/** Encodes a schedule; manual becomes an empty text. What Zeotap cannot express becomes a text that the client refuses. */
export const encode = (schedule: Schedule.Schedule): string => {
  if (schedule._tag === "Manual") return ""
  return schedule._tag === "Cron" ? toDocumented(schedule.expression) : Schedule.describe(schedule)
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

/** The last value of each field. Among weekdays 7 is Sunday once more, which Zeotap does not document. */
const lastValues = [59, 23, 31, 12, 7]

/** Returns the same expression in documented characters: names as numbers, Sunday as 0, no step without a range. */
const toDocumented = (expression: string): string =>
  expression
    .trim()
    .split(/\s+/)
    .map((field, index) =>
      field
        .replace(/[a-z]{3}|\d+/gi, toNumber)
        .split(",")
        .map((entry) => toDocumentedEntry(entry, index))
        .join(","),
    )
    .join(" ")

const toNumber = (word: string): string => {
  const name = word.toLowerCase()
  if (weekdays.includes(name)) return String(weekdays.indexOf(name))
  return months.includes(name) ? String(months.indexOf(name) + 1) : String(Number(word))
}

const toDocumentedEntry = (entry: string, index: number): string => {
  const [, from, to, step] = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(entry) ?? []
  if (from === undefined) return entry
  const end = to ?? (step === undefined ? from : String(lastValues[index]))
  const isWeekday = index === 4
  if (!isWeekday) return step === undefined ? entry : `${from}-${end}/${step}`
  if (step === undefined && end !== "7") return entry
  const days: Array<number> = []
  for (let day = Number(from); day <= Number(end); day += Number(step ?? 1)) days.push(day % 7)
  return days.join(",")
}
