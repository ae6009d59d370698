/** Expresses a schedule in the forms of another vendor. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as FieldIssue from "../FieldIssue.ts"
import * as Calendar from "./calendar.ts"
import * as CronText from "./cron.ts"
import { areForms } from "./formsShape.ts"
import { inZone } from "./inZone.ts"
import * as LocalTimes from "./localTimes.ts"
import { notForms, problems, validate } from "./problems.ts"
import type { Translation } from "./results.ts"
import type { ScheduleForms } from "./ScheduleForms.ts"
import * as Shape from "./shape.ts"
import * as Text from "./text.ts"
import type { Cron, Every, OnDays, Schedule } from "./union.ts"
import * as Zone from "./zone.ts"

/** What a schedule is translated with. */
export interface TranslateOptions {
  /**
   * An IANA name. Where the vendor needs a zone, it is the zone of an expression without one, and of an interval that
   * becomes clock times. `lost` says where it is used. A name of no zone makes the translation `Impossible`.
   *
   * @default "UTC"
   */
  readonly assumedTimeZone?: string
  /**
   * From when on the translation has to hold: zones are compared in the twelve years after it, and `lost` names the next
   * two changes of the clock. Pass the present for dates that are near.
   *
   * @default 2027-01-01
   */
  readonly from?: DateTime.DateTime
}

/**
 * Expresses a schedule in a vendor's forms. Where it has to choose, it takes what loses least: first the same times in
 * other words; then, for an interval, clock times that are equally far apart; then the nearest interval that the vendor
 * allows, the longer of two. The schedule that it returns has no `problems` at that vendor.
 *
 * Only `Manual` becomes `Manual`, and a `Job` becomes nothing else. Accepts any values: where one is not what it should be,
 * the translation is `Impossible`.
 */
export const translate = (schedule: Schedule, forms: ScheduleForms, options?: TranslateOptions): Translation => {
  const valid = validate(schedule)
  if (Result.isFailure(valid)) {
    return impossible(`The schedule itself is not valid: ${FieldIssue.toText(valid.failure)}.`)
  }
  if (!areForms(forms)) return impossible(`${notForms}.`)
  const unsupported = problems(valid.success, forms)
  if (unsupported.length === 0) return { _tag: "Exact", schedule }
  const assumedTimeZone = Shape.option(options, "assumedTimeZone") ?? "UTC"
  const zoneProblem = Zone.problem(assumedTimeZone)
  if (typeof assumedTimeZone !== "string" || zoneProblem !== undefined)
    return impossible(`The assumed time zone is not valid: ${zoneProblem}.`)
  const from = Shape.option(options, "from") ?? DateTime.makeUnsafe(Zone.defaultFrom)
  if (!Shape.isInstant(from)) return impossible("from is not a DateTime.")
  const [best] = candidates(valid.success, { forms, assumedTimeZone, from: from.epochMilliseconds })
    .filter((candidate) => problems(candidate.schedule, forms).length === 0)
    .toSorted((a, b) => a.lost.length - b.lost.length)
  if (best === undefined) return impossible(whyImpossible(valid.success, forms, unsupported))
  return best.lost.length === 0 ? { _tag: "Exact", schedule: best.schedule } : { _tag: "Approximate", ...best }
}

const impossible = (why: string): Translation => ({ _tag: "Impossible", why })

/** The vendor's forms, and the zone of schedules without one. */
interface Target {
  readonly forms: ScheduleForms
  readonly assumedTimeZone: string
  /** In milliseconds. */
  readonly from: number
}

/** A schedule that the vendor may be able to express, and what it loses, one sentence each. */
interface Candidate {
  readonly schedule: Schedule
  readonly lost: ReadonlyArray<string>
}

type Candidates = ReadonlyArray<Candidate>

/** Of two candidates that lose as many things, the earlier one wins. */
const candidates = (schedule: Schedule, target: Target): Candidates => {
  switch (schedule._tag) {
    case "Every":
      return ofEvery(schedule, target)
    case "OnDays":
      return ofCron(cronOfDays(schedule), target)
    case "Cron":
      return ofCron(schedule, target)
    default:
      return []
  }
}

const cronOfDays = ({ days, hours, timeZone }: typeof OnDays.Type): typeof Cron.Type => ({
  _tag: "Cron",
  expression: CronText.ofDays(days, hours),
  timeZone,
})

/** An interval stays an interval, or becomes clock times at that distance. */
const ofEvery = ({ every }: typeof Every.Type, target: Target): Candidates => {
  const millis = Duration.toMillis(every)
  const even = CronText.evenIntervals.filter((minutes) => minutes * 60_000 === millis)
  return [
    ...even.flatMap((minutes) => atClockTimes(minutes, target, [])),
    ...nearestInterval(millis, target.forms),
    ...longerForCron(millis, target.forms).flatMap(({ minutes, lost }) => atClockTimes(minutes, target, lost)),
  ]
}

/** Clock times that are these minutes apart, as cron or as days with hours. */
const atClockTimes = (minutes: number, target: Target, lost: ReadonlyArray<string>): Candidates => {
  const timeZone = assumedByVendor(target.forms) ?? target.assumedTimeZone
  const moved = `It fires at clock times in ${timeZone} and does not count from the last run.`
  return ofCron({ _tag: "Cron", expression: CronText.ofInterval(minutes), timeZone }, target).map((candidate) => ({
    ...candidate,
    lost: [...lost, moved, ...candidate.lost],
  }))
}

/** Clock times stay what they are, become days with hours or, where they are evenly apart, an interval. */
const ofCron = ({ expression, timeZone }: typeof Cron.Type, target: Target): Candidates => {
  const times = LocalTimes.ofSchedule({ _tag: "Cron", expression })
  if (times === undefined) return []
  const gap = Calendar.evenGap(times.calendar)
  const millis = gap === undefined ? undefined : gap * 60_000
  return [
    ...inCron(expression, timeZone, target, []),
    ...inDays(times.calendar, timeZone, target),
    ...(millis === undefined
      ? []
      : [
          ...longerForCron(millis, target.forms).flatMap(({ minutes, lost }) =>
            inCron(CronText.ofInterval(minutes), timeZone, target, lost),
          ),
          ...inInterval(millis, target.forms),
        ]),
  ]
}

/** The expression in its zone, or moved to the zone in which the vendor is assumed to read it. */
const inCron = (
  expression: string,
  timeZone: string | undefined,
  target: Target,
  lost: ReadonlyArray<string>,
): Candidates => {
  const { cron, vendor } = target.forms
  if (cron === undefined) return []
  if (cron.timeZone === "named") {
    const named = withZone(timeZone, target)
    return [{ schedule: { _tag: "Cron", expression, timeZone: named.timeZone }, lost: [...lost, ...named.lost] }]
  }
  if (timeZone === undefined) return [{ schedule: { _tag: "Cron", expression }, lost }]
  const why = `${vendor} stores no time zone (${cron.source})`
  const moved = inZone(expression, timeZone, cron.timeZone.assumed, { from: target.from, why })
  return [{ ...moved, lost: [...lost, ...moved.lost] }]
}

const inDays = (calendar: Calendar.Calendar, timeZone: string | undefined, target: Target): Candidates => {
  const { hours, minutes } = calendar
  const days = Calendar.weekdaysOf(calendar)
  if (target.forms.onDays === undefined || days === undefined || `${minutes}` !== "0") return []
  const named = withZone(timeZone, target)
  return [{ schedule: { _tag: "OnDays", days, hours, timeZone: named.timeZone }, lost: named.lost }]
}

const inInterval = (millis: number, forms: ScheduleForms): Candidates =>
  nearestInterval(millis, forms).map(({ schedule, lost }) => ({
    schedule,
    lost: [...lost, `${forms.vendor} counts the interval, not by the clock: the times of day are lost.`],
  }))

/** The nearest interval that the vendor allows; of two between steps, the longer. */
const nearestInterval = (millis: number, { every, vendor }: ScheduleForms): Candidates => {
  if (every === undefined) return []
  const step = Duration.toMillis(every.step)
  const shortest = Math.ceil(Duration.toMillis(every.shortest) / step) * step
  const longest = longestOf(every)
  const nearest = Math.min(Math.max(Math.ceil(millis / step) * step, shortest), longest)
  const reason = (): string => {
    if (millis < shortest) return "allows nothing shorter"
    return millis > longest ? "allows nothing longer" : `counts in steps of ${Text.duration(step)}`
  }
  return [
    {
      schedule: { _tag: "Every", every: Duration.millis(nearest) },
      lost: nearest === millis ? [] : [apart(nearest, millis, `${vendor} ${reason()} (${every.source})`)],
    },
  ]
}

/** The longest allowed interval that is a whole number of steps, in milliseconds. */
const longestOf = ({ longest, longestIsExcluded, step }: NonNullable<ScheduleForms["every"]>): number => {
  if (longest === undefined) return Number.POSITIVE_INFINITY
  const stepMillis = Duration.toMillis(step)
  const steps = Duration.toMillis(longest) / stepMillis
  return (longestIsExcluded ? Math.ceil(steps) - 1 : Math.floor(steps)) * stepMillis
}

/** The shortest interval that the vendor's cron allows, where this one is shorter. */
const longerForCron = (
  millis: number,
  forms: ScheduleForms,
): ReadonlyArray<{ readonly minutes: number; readonly lost: ReadonlyArray<string> }> => {
  const shortest = shortestInCron(forms)
  const minutes = CronText.evenIntervals.find((even) => even * 60_000 >= shortest)
  if (millis >= shortest || minutes === undefined) return []
  const reason =
    forms.cron?.shortest === undefined
      ? "an expression cannot fire more often"
      : `${forms.vendor} allows nothing shorter (${forms.cron.source})`
  return [{ minutes, lost: [apart(minutes * 60_000, millis, reason)] }]
}

/** In milliseconds. No expression fires more often than once a minute. */
const shortestInCron = ({ cron }: ScheduleForms): number => Math.max(60_000, Duration.toMillis(cron?.shortest ?? 0))

const apart = (after: number, before: number, reason: string): string =>
  `Runs are ${Text.duration(after)} apart, not ${Text.duration(before)}: ${reason}.`

const assumedByVendor = ({ cron }: ScheduleForms): string | undefined =>
  cron === undefined || cron.timeZone === "named" ? undefined : cron.timeZone.assumed

/** The zone of a schedule, or the assumed one and the sentence that says so. */
const withZone = (
  timeZone: string | undefined,
  { assumedTimeZone }: Target,
): { readonly timeZone: string; readonly lost: ReadonlyArray<string> } =>
  timeZone === undefined
    ? { timeZone: assumedTimeZone, lost: [`The expression names no time zone: ${assumedTimeZone} is assumed.`] }
    : { timeZone, lost: [] }

const whyImpossible = (
  schedule: Schedule,
  forms: ScheduleForms,
  unsupported: ReadonlyArray<FieldIssue.FieldIssue>,
): string => {
  const why = `${forms.vendor} cannot fire ${Text.describe(schedule)}: ${FieldIssue.toText(unsupported)}.`
  if (schedule._tag === "Job") return `${why} No clock predicts when a job ends.`
  if (schedule._tag !== "Every" || forms.cron === undefined) return why
  return `${why} ${whyNoExpression(Duration.toMillis(schedule.every))}`
}

const whyNoExpression = (millis: number): string => {
  const shorter = CronText.evenIntervals.findLast((minutes) => minutes * 60_000 < millis)
  const longer = CronText.evenIntervals.find((minutes) => minutes * 60_000 > millis)
  const nearest = [shorter, longer].flatMap((minutes) =>
    minutes === undefined ? [] : [Text.duration(minutes * 60_000)],
  )
  const verb = nearest.length === 1 ? "is" : "are"
  return `No cron expression fires at this interval; the nearest ${verb} ${nearest.join(" and ")}.`
}
