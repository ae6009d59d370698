/** The schedules that a mapping can have, as data. */
import type { ScheduleForms } from "@openretl/core/ScheduleForms"

/** The schedules that a mapping can have. */
export const forms: ScheduleForms = {
  vendor: "Segment",
  every: {
    source: "Segment docs, Reverse ETL system page; Segment Public API docs, Reverse ETL page",
    shortest: "15 minutes",
    longest: "168 hours",
    longestIsExcluded: true,
    step: "1 second",
  },
  onDays: { source: "Segment Public API docs, Reverse ETL page" },
  cron: { source: "Segment Public API docs, Reverse ETL page", shortest: "15 minutes", timeZone: "named" },
  jobs: { "dbt-cloud": ["accountId", "jobId"] },
}
