/**
 * When a sync fires by itself: one union for all vendors.
 *
 * Each vendor can express a part of it, within bounds; each adapter publishes that part as a `ScheduleForms`.
 * `problems` checks a schedule in itself and against a vendor's forms, `translate` expresses it in them, `equivalent`
 * compares two schedules, `occurrences` computes when one fires, and `describe` says it in one line.
 */
export { equivalent } from "./equivalent.ts"
export { type OccurrencesOptions, occurrences } from "./occurrences.ts"
export { problems } from "./problems.ts"
export { Approximate, Exact, Impossible, Known, Occurrences, Translation, Unknown } from "./results.ts"
export { describe } from "./text.ts"
export { type TranslateOptions, translate } from "./translate.ts"
export { Cron, cron, Every, every, Job, job, Manual, manual, OnDays, onDays, Schedule } from "./union.ts"
