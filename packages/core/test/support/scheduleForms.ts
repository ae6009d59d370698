/** What four vendors can express: three like those that there are adapters for, and one that knows days and lengths. */
import type { ScheduleForms } from "../../src/model/schedule/ScheduleForms.ts"

export const segmentLike: ScheduleForms = {
  vendor: "Segment",
  every: {
    shortest: "15 minutes",
    longest: "168 hours",
    longestIsExcluded: true,
    step: "1 second",
    source: "Segment's documentation",
  },
  onDays: { source: "Segment's documentation" },
  cron: { shortest: "15 minutes", timeZone: "named", source: "Segment's documentation" },
  jobs: { "dbt-cloud": ["jobId", "accountId"] },
}

export const rudderStackLike: ScheduleForms = {
  vendor: "RudderStack",
  every: { shortest: "5 minutes", step: "1 minute", source: "RudderStack's documentation" },
  cron: { shortest: "5 minutes", timeZone: { assumed: "UTC" }, source: "RudderStack's documentation" },
}

export const zeotapLike: ScheduleForms = {
  vendor: "Zeotap",
  cron: { timeZone: { assumed: "UTC" }, source: "Zeotap's documentation" },
}

export const withoutCron: ScheduleForms = {
  vendor: "Weekly",
  every: { shortest: "10 minutes", longest: "1 day", step: "1 minute", source: "Weekly's documentation" },
  onDays: { source: "Weekly's documentation" },
}

export const all: ReadonlyArray<ScheduleForms> = [segmentLike, rudderStackLike, zeotapLike, withoutCron]
