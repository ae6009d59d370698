/** Moves a cron expression by minutes, as between two zones whose clocks are that far apart. */
import * as Result from "effect/Result"
import * as Calendar from "./calendar.ts"
import * as CronText from "./cron.ts"

/** An expression that was moved, and how many minutes after the exact times it fires; negative where before them. */
export interface Shifted {
  readonly expression: string
  readonly late: number
}

/**
 * Returns the expression that fires so many minutes later, or the nearest one: all its firings are as many minutes late
 * or early. The expression has to be valid.
 *
 * Some shifts cannot be said in one expression: the first of a month that becomes the last day of the month before,
 * Mondays of which some times become Sunday, and 09:00 and 09:30 that become 03:30 and 04:00. Then it moves whole hours
 * only, or no further than to the end of the day.
 */
export const shift = (expression: string, by: number): Shifted => {
  const parsed = Result.getOrUndefined(CronText.parse(expression))
  if (parsed === undefined || by === 0) return { expression, late: 0 }
  const [first = 0, last = 0] = [parsed.hours[0], parsed.hours.at(-1)]
  const withinDay = by < 0 ? -60 * first : 60 * (23 - last)
  const nearest = [by, Math.ceil(by / 60) * 60, Math.floor(by / 60) * 60, withinDay].toSorted(
    (a, b) => Math.abs(a - by) - Math.abs(b - by),
  )
  for (const minutes of nearest) {
    const shifted = exactly(expression, parsed, minutes)
    if (shifted !== undefined) return { expression: shifted, late: minutes - by }
  }
  return { expression, late: -by }
}

const exactly = (expression: string, parsed: CronText.Parsed, by: number): string | undefined => {
  if (by === 0) return expression
  const texts = CronText.splitFields(expression)
  const times = Calendar.timesOfDay(parsed).map((time) => time + by)
  const timesOfDay = times.map((time) => Calendar.modulo(time, 1440))
  const minutes = unique(timesOfDay.map((time) => time % 60))
  const hours = unique(timesOfDay.map((time) => Math.floor(time / 60)))
  if (minutes.length * hours.length !== times.length) return undefined
  const dates = datesLater(texts, parsed, unique(times.map(Calendar.dayOf)))
  return (
    dates && [field(texts[0], parsed.minutes, minutes, 60), field(texts[1], parsed.hours, hours, 24), dates].join(" ")
  )
}

const unique = (values: ReadonlyArray<number>): ReadonlyArray<number> =>
  Array.from(new Set(values)).sort((a, b) => a - b)

/** A field whose values stay keeps its text. */
const field = (
  text: string | undefined,
  before: ReadonlyArray<number>,
  after: ReadonlyArray<number>,
  all: number,
): string => (text !== undefined && `${before}` === `${after}` ? text : CronText.list(after, all))

/** Returns the three fields of the dates that come so many days later; `undefined` where no fields say them. */
const datesLater = (
  texts: ReadonlyArray<string>,
  parsed: CronText.Parsed,
  by: ReadonlyArray<number>,
): string | undefined => {
  const days = Calendar.daysOf(parsed)
  const same = texts.slice(2).join(" ")
  if (by.every((count) => count === 0) || days.every(Boolean)) return same
  // Where some times change their day and others do not, one expression has two kinds of days.
  const [count = 0] = by
  if (by.length > 1) return undefined
  const isSaid = (dates: string): boolean => {
    const candidate = CronText.parse(`0 0 ${dates}`)
    return Result.isSuccess(candidate) && Calendar.areDaysLater(Calendar.daysOf(candidate.success), days, count)
  }
  return datesOf(parsed, days, count).find(isSaid)
}

/** Returns fields that may say the dates. Stars with steps are among them: they demand both the day and the weekday. */
const datesOf = (
  { months, weekdays, ...parsed }: CronText.Parsed,
  days: ReadonlyArray<boolean>,
  by: number,
): ReadonlyArray<string> => {
  const later = weekdays.map((weekday) => Calendar.modulo(weekday + by, 7))
  if (weekdays.length < 7) {
    return withSteps(unique(parsed.days.map((day) => (parsed.days.length === 31 ? day : day + by))), 1, 31).flatMap(
      (day) => withSteps(unique(later), 0, 7).map((weekday) => `${day} ${CronText.list(months, 12)} ${weekday}`),
    )
  }
  const [dates, datesMonths] = [new Set<number>(), new Set<number>()]
  Calendar.someDate((month, day, _, index) => {
    if (days[Calendar.modulo(index - by, Calendar.cycleDays)]) {
      dates.add(day)
      datesMonths.add(month)
    }
    return false
  })
  return [`${CronText.list([...dates], 31)} ${CronText.list([...datesMonths], 12)} *`]
}

/** Returns the values as a list, and as a star with a step where they are one. */
const withSteps = (values: ReadonlyArray<number>, first: number, count: number): ReadonlyArray<string> => {
  const step = (values[1] ?? 0) - first
  const isStep = values[0] === first && values.every((value, index) => value === first + index * step)
  return [
    CronText.list(values, count),
    ...(isStep && first + values.length * step >= first + count ? [`*/${step}`] : []),
  ]
}
