/**
 * Cron expressions of five fields. Effect's `Cron` parses each field; this module says what the fields mean together.
 */
import * as EffectCron from "effect/Cron"
import * as Result from "effect/Result"
import type { Calendar } from "./calendar.ts"
import { excerpt } from "./excerpt.ts"

const fields = [
  ["a minute", "0 to 59"],
  ["an hour", "0 to 23"],
  ["a day of the month", "1 to 31"],
  ["a month", "1 to 12"],
  ["a day of the week", "0 to 7, Sunday is 0 or 7"],
] as const

/** Returns the fields of an expression, without the space around them. */
export const splitFields = (expression: string): ReadonlyArray<string> =>
  expression
    .trim()
    .split(/\s+/)
    .filter((field) => field !== "")

/** Parses one field as an expression in which all other fields are stars. */
const parseField = (text: string, index: number) =>
  Result.mapError(EffectCron.parse(fields.map((_, other) => (other === index ? text : "*")).join(" ")), () => {
    const [name, range] = fields[index] ?? fields[0]
    return `Expected ${name} (${range}; *, lists, ranges and steps), found "${excerpt(text)}"`
  })

/**
 * Parses an expression, or returns everything that is wrong with it. As in crontab(5), a date has to match by its day
 * of the month or by its day of the week; where one of these two fields begins with a star, also one with a step, it
 * has to match by both.
 */
export const parse = (expression: string): Result.Result<Calendar, ReadonlyArray<string>> => {
  const texts = splitFields(expression)
  if (texts.length !== fields.length) return Result.fail([wrongCount(texts.length)])
  const parsed = texts.map(parseField)
  const issues = parsed.flatMap((field) => (Result.isFailure(field) ? [field.failure] : []))
  if (issues.length > 0) return Result.fail(issues)
  const [minutes, hours, days, months, weekdays] = parsed.map(Result.getOrThrow)
  const isEither = !texts[2]?.startsWith("*") && !texts[4]?.startsWith("*")
  return Result.succeed({
    minutes: valuesOf(minutes?.minutes, 0, 59),
    hours: valuesOf(hours?.hours, 0, 23),
    isDay: (month, day, weekday) => {
      if (!holds(months?.months, month)) return false
      const isDayOfMonth = holds(days?.days, day)
      const isDayOfWeek = holds(weekdays?.weekdays, weekday)
      return isEither ? isDayOfMonth || isDayOfWeek : isDayOfMonth && isDayOfWeek
    },
  })
}

const wrongCount = (count: number): string => {
  const names = "minute, hour, day of the month, month, day of the week"
  const seconds = count === fields.length + 1 ? "; an expression has no field for seconds" : ""
  return `Expected five fields (${names}), found ${count || "none"}${seconds}`
}

// In what Effect parses, an empty set stands for every value.

const holds = (values: ReadonlySet<number> | undefined, value: number): boolean => !values?.size || values.has(value)

const valuesOf = (values: ReadonlySet<number> | undefined, first: number, last: number): ReadonlyArray<number> =>
  values?.size ? Array.from(values) : Array.from({ length: last - first + 1 }, (_, index) => first + index)

/** Returns the expression that fires on these days of the week at these full hours. */
export const ofDays = (days: ReadonlyArray<number>, hours: ReadonlyArray<number>): string =>
  `0 ${list(hours, 24)} * * ${list(days, 7)}`

const list = (values: ReadonlyArray<number>, all: number): string =>
  values.length === all ? "*" : values.toSorted((a, b) => a - b).join(",")

/** The intervals, in minutes, that divide an hour, a day or a week evenly. One expression can fire at each of them. */
export const evenIntervals = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10_080]

/** Returns the expression that fires at this interval, one of `evenIntervals`. */
export const ofInterval = (minutes: number): string => {
  if (minutes < 60) return `${step(minutes)} * * * *`
  if (minutes < 1440) return `0 ${step(minutes / 60)} * * *`
  return minutes === 1440 ? "0 0 * * *" : "0 0 * * 0"
}

const step = (by: number): string => (by === 1 ? "*" : `*/${by}`)
