/** What schedules become at each vendor, printed from the code that translates them. */
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"

/** One or two of each kind. */
const kinds: ReadonlyArray<Schedule.Schedule> = [
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
  Schedule.cron("*/5 * * * *", "UTC"),
  Schedule.job("dbt-cloud", { jobId: "1", accountId: "2" }),
]

const becomes = (schedule: Schedule.Schedule, forms: ScheduleForms): string => {
  const there = Schedule.translate(schedule, forms)
  switch (there._tag) {
    case "Exact": {
      const text = Schedule.describe(there.schedule)
      return text === Schedule.describe(schedule) ? "the same" : `the same, as ${text}`
    }
    case "Approximate":
      return `${Schedule.describe(there.schedule)}. ${there.lost.join(" ")}`
    case "Impossible":
      return `impossible. ${there.why}`
  }
}

/** Rows of cells: the schedule, then what becomes of it at each. */
export const schedulesTable = (vendors: ReadonlyArray<ScheduleForms>): ReadonlyArray<ReadonlyArray<string>> =>
  kinds.map((schedule) => [Schedule.describe(schedule), ...vendors.map((forms) => becomes(schedule, forms))])
