/** The forms of four vendors: three like those that have an adapter, and one with intervals and days but no cron. */
import type { ScheduleForms } from "../../src/model/schedule/ScheduleForms.ts"

/** Every form; intervals and cron at least 15 minutes apart; each schedule names its zone. */
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

/** Intervals and cron, both at least 5 minutes apart; stores no zone. */
export const rudderStackLike: ScheduleForms = {
  vendor: "RudderStack",
  every: { shortest: "5 minutes", step: "1 minute", source: "RudderStack's documentation" },
  cron: { shortest: "5 minutes", timeZone: { assumed: "UTC" }, source: "RudderStack's documentation" },
}

/** Nothing but cron; stores no zone. */
export const zeotapLike: ScheduleForms = {
  vendor: "Zeotap",
  cron: { timeZone: { assumed: "UTC" }, source: "Zeotap's documentation" },
}

/** Intervals and days, without cron. */
export const withoutCron: ScheduleForms = {
  vendor: "Weekly",
  every: { shortest: "10 minutes", longest: "1 day", step: "1 minute", source: "Weekly's documentation" },
  onDays: { source: "Weekly's documentation" },
}

/** The forms of all four vendors. */
export const vendors: ReadonlyArray<ScheduleForms> = [segmentLike, rudderStackLike, zeotapLike, withoutCron]
