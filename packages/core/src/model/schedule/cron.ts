/**
 * Cron expressions of five fields. Effect's `Cron` parses each field; this module says what the fields mean together.
 */
import * as EffectCron from "effect/Cron"
import * as Result from "effect/Result"
import type { Calendar } from "./calendar.ts"
import { excerpt } from "./excerpt.ts"
import { otherForm } from "./otherForms.ts"

const fields = [
  ["minutes", "a minute", "0 to 59", 0, 59],
  ["hours", "an hour", "0 to 23", 0, 23],
  ["days", "a day of the month", "1 to 31", 1, 31],
  ["months", "a month", "1 to 12", 1, 12],
  ["weekdays", "a day of the week", "0 to 7, Sunday is 0 or 7", 0, 6],
] as const

/** Returns the fields of an expression, without the space around them. */
export const splitFields = (expression: string): ReadonlyArray<string> =>
  expression
    .trim()
    .split(/\s+/)
    .filter((field) => field !== "")

/** Parses one field as an expression in which all other fields are stars. Returns its values, ascending. */
const parseField = ([set, name, range, first, last]: (typeof fields)[number], index: number, text = "*") =>
  Result.mapBoth(EffectCron.parse(fields.map((_, other) => (other === index ? text : "*")).join(" ")), {
    onFailure: () => `Expected ${name} (${range}; *, lists, ranges and steps), found "${excerpt(text)}"`,
    // In what Effect parses, an empty set stands for every value.
    onSuccess: ({ [set]: values }) =>
      values.size > 0
        ? Array.from(values).sort((a, b) => a - b)
        : Array.from({ length: last - first + 1 }, (_, offset) => first + offset),
  })

/** When an expression fires, and the values of its fields for dates, ascending. */
export interface Parsed extends Calendar {
  readonly days: ReadonlyArray<number>
  readonly months: ReadonlyArray<number>
  readonly weekdays: ReadonlyArray<number>
}

/**
 * Parses an expression, or returns everything that is wrong with it. As in crontab(5), a date has to match by its day
 * of the month or by its day of the week; where one of these two fields begins with a star, also one with a step, it
 * has to match by both.
 */
export const parse = (expression: string): Result.Result<Parsed, ReadonlyArray<string>> => {
  const texts = splitFields(expression)
  const other = otherForm(expression)
  if (other !== undefined || texts.length !== fields.length) {
    const found = other === undefined ? texts.length || "none" : excerpt(other, 200)
    return Result.fail([
      `Expected five fields (minute, hour, day of the month, month, day of the week), found ${found}`,
    ])
  }
  const parsed = fields.map((field, index) => parseField(field, index, texts[index]))
  const issues = parsed.flatMap((field) => (Result.isFailure(field) ? [field.failure] : []))
  if (issues.length > 0) return Result.fail(issues)
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = parsed.map(Result.getOrThrow)
  const isEither = !texts[2]?.startsWith("*") && !texts[4]?.startsWith("*")
  const [isDayOfMonth, isMonth, isWeekday] = [days, months, weekdays].map(memberships)
  return Result.succeed({
    minutes,
    hours,
    days,
    months,
    weekdays,
    isDay: (month, day, weekday) => {
      if (isMonth?.[month] !== true) return false
      const isOfMonth = isDayOfMonth?.[day] === true
      const isOfWeek = isWeekday?.[weekday] === true
      return isEither ? isOfMonth || isOfWeek : isOfMonth && isOfWeek
    },
  })
}

/** Returns for each number whether it is one of these: a search in each of ten thousand days would take long. */
const memberships = (values: ReadonlyArray<number>): ReadonlyArray<boolean> =>
  Array.from({ length: Math.max(0, ...values) + 1 }, (_, value) => values.includes(value))

/** Returns the expression that fires on these days of the week at these full hours. */
export const ofDays = (days: ReadonlyArray<number>, hours: ReadonlyArray<number>): string =>
  `0 ${list(hours, 24)} * * ${list(days, 7)}`

/** Returns a field with these values, a star for all of them. Three or more in a row become a range. */
export const list = (values: ReadonlyArray<number>, all: number): string => {
  if (values.length === all) return "*"
  const runs: Array<Array<number>> = []
  for (const value of values.toSorted((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run?.at(-1) === value - 1) run.push(value)
    else runs.push([value])
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(","))).join(",")
}

/** The intervals, in minutes, that divide an hour, a day or a week evenly. One expression can fire at each of them. */
export const evenIntervals = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10_080]

/** Returns the expression that fires at this interval, one of `evenIntervals`. */
export const ofInterval = (minutes: number): string => {
  if (minutes < 60) return `${step(minutes)} * * * *`
  if (minutes < 1440) return `0 ${step(minutes / 60)} * * *`
  return minutes === 1440 ? "0 0 * * *" : "0 0 * * 0"
}

const step = (by: number): string => (by === 1 ? "*" : `*/${by}`)
