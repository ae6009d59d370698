/** Cron expressions of five fields. Effect's `Cron` reads each field; what the fields mean together is said here. */
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

/** The fields of an expression, without the space between them. */
export const split = (expression: string): ReadonlyArray<string> =>
  expression
    .trim()
    .split(/\s+/)
    .filter((field) => field !== "")

const readField = (text: string, index: number) =>
  Result.mapError(EffectCron.parse(fields.map((_, at) => (at === index ? text : "*")).join(" ")), () => {
    const [what, range] = fields[index] ?? fields[0]
    return `Expected ${what} (${range}; *, lists, ranges and steps), found "${excerpt(text)}"`
  })

const everyValue = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

/**
 * Reads an expression, or tells all that is wrong with it. As in crontab(5), a date has to be right by its day of the
 * month or by its day of the week where neither field begins with a star, and by both where one does, also with a step.
 */
export const parse = (expression: string): Result.Result<Calendar, ReadonlyArray<string>> => {
  const texts = split(expression)
  if (texts.length !== fields.length) {
    const seconds = texts.length === fields.length + 1 ? "; seconds are no part of it" : ""
    const names = "minute, hour, day of the month, month, day of the week"
    return Result.fail([`Expected five fields (${names}), found ${texts.length || "none"}${seconds}`])
  }
  const read = texts.map(readField)
  const wrong = read.flatMap((field) => (Result.isFailure(field) ? [field.failure] : []))
  if (wrong.length > 0) return Result.fail(wrong)
  // An empty set stands for every value.
  const [minutes, hours, days, months, weekdays] = read.map(Result.getOrThrow)
  const either = !texts[2]?.startsWith("*") && !texts[4]?.startsWith("*")
  const holds = (values: ReadonlySet<number> | undefined, value: number) => !values?.size || values.has(value)
  return Result.succeed({
    minutes: minutes?.minutes.size ? Array.from(minutes.minutes) : everyValue(0, 59),
    hours: hours?.hours.size ? Array.from(hours.hours) : everyValue(0, 23),
    isDay: (month, day, weekday) => {
      if (!holds(months?.months, month)) return false
      const isDayOfMonth = holds(days?.days, day)
      const isDayOfWeek = holds(weekdays?.weekdays, weekday)
      return either ? isDayOfMonth || isDayOfWeek : isDayOfMonth && isDayOfWeek
    },
  })
}

/** The expression of these days at these full hours. */
export const ofDays = (days: ReadonlyArray<number>, hours: ReadonlyArray<number>): string =>
  `0 ${field(hours, 24)} * * ${field(days, 7)}`

const field = (values: ReadonlyArray<number>, all: number): string =>
  values.length === all ? "*" : values.toSorted((a, b) => a - b).join(",")

/** Lengths in minutes that divide an hour, a day or a week evenly, so that one expression fires so often. */
export const evenLengths = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10_080]

/** The expression that fires so often. */
export const ofLength = (minutes: number): string => {
  if (minutes < 60) return `${step(minutes)} * * * *`
  if (minutes < 1440) return `0 ${step(minutes / 60)} * * *`
  return minutes === 1440 ? "0 0 * * *" : "0 0 * * 0"
}

const step = (by: number): string => (by === 1 ? "*" : `*/${by}`)
