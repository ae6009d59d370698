/** Translates example schedules to each vendor's schedules, with the code that the library uses. */
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"

/** One or two of each kind. */
const examples: ReadonlyArray<Schedule.Schedule> = [
  Schedule.manual,
  Schedule.every("5 minutes"),
  Schedule.every("15 minutes"),
  Schedule.every("6 hours"),
  Schedule.every("90 minutes"),
  Schedule.every("10 days"),
  Schedule.onDays({ days: [1, 3], hours: [9, 17], timeZone: "UTC" }),
  Schedule.onDays({ days: [1, 3], hours: [9, 17], timeZone: "Europe/Berlin" }),
  Schedule.cron("0 6 * * 1-5", "UTC"),
  Schedule.cron("0 6 * * 1-5", "Europe/Berlin"),
  Schedule.cron("0 6 * * 1-5", "Asia/Tokyo"),
  Schedule.cron("0 9 * * *", "Asia/Kolkata"),
  Schedule.cron("0 6 1 * *", "Asia/Tokyo"),
  Schedule.cron("*/5 * * * *", "UTC"),
  Schedule.job("dbt-cloud", { jobId: "1", accountId: "2" }),
]

/** Returns the cell for a schedule at a vendor. */
const cellOf = (schedule: Schedule.Schedule, forms: ScheduleForms): string => {
  const translation = Schedule.translate(schedule, forms)
  switch (translation._tag) {
    case "Exact": {
      const text = Schedule.describe(translation.schedule)
      return text === Schedule.describe(schedule) ? "the same" : `the same, as ${text}`
    }
    case "Approximate":
      return `${Schedule.describe(translation.schedule)}. ${translation.lost.join(" ")}`
    case "Impossible":
      return `impossible. ${translation.why}`
  }
}

/** Returns one row per schedule: the schedule, then its translation for each vendor. */
export const schedulesTable = (vendors: ReadonlyArray<ScheduleForms>): ReadonlyArray<ReadonlyArray<string>> =>
  examples.map((schedule) => [Schedule.describe(schedule), ...vendors.map((forms) => cellOf(schedule, forms))])
