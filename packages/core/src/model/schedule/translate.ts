/** A schedule in the words of another vendor. */
import * as Duration from "effect/Duration"
import * as FieldIssue from "../FieldIssue.ts"
import * as Calendar from "./calendar.ts"
import * as Clock from "./clock.ts"
import * as Cron from "./cron.ts"
import { problems } from "./problems.ts"
import type { Translation } from "./results.ts"
import type { ScheduleForms } from "./ScheduleForms.ts"
import * as Text from "./text.ts"
import type { Cron as CronSchedule, Every, Schedule } from "./union.ts"
import * as Zone from "./zone.ts"

export interface TranslateOptions {
  /**
   * An IANA name. It is the zone of an expression that names none where the vendor needs one, and of an interval that
   * becomes clock times. `lost` says where it is used. A name of no zone makes the translation `Impossible`.
   *
   * @default "UTC"
   */
  readonly assumedTimeZone?: string
}

/** A schedule that may do, and what it loses, a sentence each. */
interface Candidate {
  readonly schedule: Schedule
  readonly lost: ReadonlyArray<string>
}

/**
 * Expresses a schedule in a vendor's forms. Where it has to choose, it takes what loses least: first the same times in
 * other words; then, for an interval, clock times that are equally far apart; then the nearest interval that the vendor
 * allows, the longer of two. The schedule that it returns has no `problems` at that vendor.
 *
 * Only `Manual` becomes `Manual`, and a `Job` becomes nothing else.
 */
export const translate = (schedule: Schedule, forms: ScheduleForms, options?: TranslateOptions): Translation => {
  const assumedTimeZone = options?.assumedTimeZone ?? "UTC"
  const wrong = problems(schedule)
  if (wrong.length > 0) {
    return { _tag: "Impossible", why: `The schedule itself is not valid: ${FieldIssue.toText(wrong)}.` }
  }
  const unsupported = problems(schedule, forms)
  if (unsupported.length === 0) return { _tag: "Exact", schedule }
  const zone = Zone.problem(assumedTimeZone)
  if (zone !== undefined) return { _tag: "Impossible", why: `The time zone to assume is none: ${zone}.` }
  const [best] = candidates(schedule, forms, assumedTimeZone)
    .filter((candidate) => problems(candidate.schedule, forms).length === 0)
    .toSorted((a, b) => a.lost.length - b.lost.length)
  if (best === undefined) return { _tag: "Impossible", why: whyNot(schedule, forms, unsupported) }
  return best.lost.length === 0 ? { _tag: "Exact", schedule: best.schedule } : { _tag: "Approximate", ...best }
}

const candidates = (schedule: Schedule, forms: ScheduleForms, assumedTimeZone: string): ReadonlyArray<Candidate> => {
  switch (schedule._tag) {
    case "Every":
      return ofEvery(schedule, forms, assumedTimeZone)
    case "OnDays":
      return onClock({ ...ofDays(schedule), timeZone: schedule.timeZone }, forms, assumedTimeZone)
    case "Cron":
      return onClock(schedule, forms, assumedTimeZone)
    default:
      return []
  }
}

const ofDays = ({ days, hours }: { readonly days: ReadonlyArray<number>; readonly hours: ReadonlyArray<number> }) => ({
  _tag: "Cron" as const,
  expression: Cron.ofDays(days, hours),
})

/** Cron says times, so does `OnDays`: an interval becomes the times of the clock that are so far apart. */
const ofEvery = (
  { every }: typeof Every.Type,
  forms: ScheduleForms,
  assumedTimeZone: string,
): ReadonlyArray<Candidate> => {
  const millis = Duration.toMillis(every)
  const timeZone = assumedBy(forms) ?? assumedTimeZone
  const atTimes = (minutes: number, lost: ReadonlyArray<string>) =>
    onClock({ _tag: "Cron", expression: Cron.ofLength(minutes), timeZone }, forms, assumedTimeZone).map(
      (candidate) => ({
        ...candidate,
        lost: [
          ...lost,
          `It fires at times of the clock in ${timeZone}, and does not count from the last run.`,
          ...candidate.lost,
        ],
      }),
    )
  const even = Cron.evenLengths.filter((minutes) => minutes * 60_000 === millis)
  const longer = millis < shortestCron(forms) ? shortestEven(forms) : undefined
  return [
    ...even.flatMap((minutes) => atTimes(minutes, [])),
    ...nearest(millis, forms),
    ...(longer === undefined ? [] : atTimes(longer, [apart(longer * 60_000, millis, tooShort(forms))])),
  ]
}

const onClock = (
  { expression, timeZone }: typeof CronSchedule.Type,
  forms: ScheduleForms,
  assumedTimeZone: string,
): ReadonlyArray<Candidate> => {
  const clock = Clock.ofSchedule({ _tag: "Cron", expression })
  if (clock === undefined) return []
  const named = timeZone ?? assumedTimeZone
  const unnamed = timeZone === undefined ? [`The expression names no time zone: ${named} is assumed.`] : []
  const gap = Calendar.evenGap(clock.calendar)
  const millis = gap === undefined ? undefined : gap * 60_000
  const longer = millis !== undefined && millis < shortestCron(forms) ? shortestEven(forms) : undefined
  const days = Calendar.weekdaysOf(clock.calendar)
  const { hours, minutes } = clock.calendar
  const inCron = (expression: string, lost: ReadonlyArray<string>) =>
    cronIn(expression, timeZone, forms, lost, { timeZone: named, lost: unnamed })
  return [
    ...inCron(expression, []),
    ...(forms.onDays !== undefined && days !== undefined && `${minutes}` === "0"
      ? [{ schedule: { _tag: "OnDays" as const, days, hours, timeZone: named }, lost: unnamed }]
      : []),
    ...(longer === undefined || millis === undefined
      ? []
      : inCron(Cron.ofLength(longer), [apart(longer * 60_000, millis, tooShort(forms))])),
    ...(millis === undefined
      ? []
      : nearest(millis, forms).map(({ schedule, lost }) => ({
          schedule,
          lost: [...lost, `It counts as ${forms.vendor} counts, not by the clock: the times of the day are lost.`],
        }))),
  ]
}

/** The expression, in the zone that the vendor names or is taken to read it in. */
const cronIn = (
  expression: string,
  timeZone: string | undefined,
  { cron, vendor }: ScheduleForms,
  lost: ReadonlyArray<string>,
  otherwise: { readonly timeZone: string; readonly lost: ReadonlyArray<string> },
): ReadonlyArray<Candidate> => {
  if (cron === undefined) return []
  const known = cron.timeZone
  if (known === "named") {
    const schedule = { _tag: "Cron" as const, expression, timeZone: otherwise.timeZone }
    return [{ schedule, lost: [...lost, ...otherwise.lost] }]
  }
  if (timeZone === undefined) return [{ schedule: { _tag: "Cron", expression }, lost }]
  const clock = Clock.ofSchedule({ _tag: "Cron", expression })
  const isSame = clock !== undefined && Clock.isSameIn(clock.calendar, timeZone, known.assumed)
  const moved = `It fires at these times in ${known.assumed}, not in ${timeZone}: ${vendor} stores no time zone (${cron.source}).`
  return [{ schedule: { _tag: "Cron", expression, timeZone: known.assumed }, lost: isSame ? lost : [...lost, moved] }]
}

/** The nearest length between runs that the vendor allows; of two between steps, the longer. */
const nearest = (millis: number, { every, vendor }: ScheduleForms): ReadonlyArray<Candidate> => {
  if (every === undefined) return []
  const step = Duration.toMillis(every.step)
  const shortest = Math.ceil(Duration.toMillis(every.shortest) / step) * step
  const longest = every.longest === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(every.longest)
  const last = every.longestIsExcluded ? Math.ceil(longest / step) * step - step : Math.floor(longest / step) * step
  const length = Math.min(Math.max(Math.ceil(millis / step) * step, shortest), last)
  const reason =
    millis < shortest
      ? `allows nothing shorter`
      : millis > last
        ? `allows nothing longer`
        : `counts in steps of ${Text.duration(step)}`
  return [
    {
      schedule: { _tag: "Every", every: Duration.millis(length) },
      lost: length === millis ? [] : [apart(length, millis, `${vendor} ${reason} (${every.source})`)],
    },
  ]
}

const apart = (now: number, before: number, why: string): string =>
  `Runs are ${Text.duration(now)} apart, not ${Text.duration(before)}: ${why}.`

const assumedBy = ({ cron }: ScheduleForms): string | undefined =>
  cron === undefined || cron.timeZone === "named" ? undefined : cron.timeZone.assumed

/** No expression fires more often than once a minute. */
const shortestCron = ({ cron }: ScheduleForms): number => Math.max(60_000, Duration.toMillis(cron?.shortest ?? 0))

const shortestEven = (forms: ScheduleForms): number | undefined =>
  Cron.evenLengths.find((minutes) => minutes * 60_000 >= shortestCron(forms))

const tooShort = ({ cron, vendor }: ScheduleForms): string =>
  cron?.shortest === undefined
    ? "an expression cannot fire more often"
    : `${vendor} allows nothing shorter (${cron.source})`

const whyNot = (
  schedule: Schedule,
  forms: ScheduleForms,
  unsupported: ReadonlyArray<FieldIssue.FieldIssue>,
): string => {
  const why = `${forms.vendor} cannot fire ${Text.describe(schedule)}: ${FieldIssue.toText(unsupported)}.`
  if (schedule._tag === "Job") return `${why} No clock tells when a job is done.`
  if (schedule._tag !== "Every" || forms.cron === undefined) return why
  const millis = Duration.toMillis(schedule.every)
  const below = Cron.evenLengths.findLast((minutes) => minutes * 60_000 < millis)
  const above = Cron.evenLengths.find((minutes) => minutes * 60_000 > millis)
  const near = [below, above].flatMap((minutes) => (minutes === undefined ? [] : [Text.duration(minutes * 60_000)]))
  return `${why} No expression fires so often at an even distance; the nearest lengths that one can are ${near.join(" and ")}.`
}
