/** Matches cron expressions without any library: the tests hold the code against it. */

/** Parses a field without any library: numbers, ranges, lists, and steps over a star or a range. */
const valuesOf = (field: string, first: number, last: number): ReadonlySet<number> =>
  new Set(
    field.split(",").flatMap((part) => {
      const [range = "", step = "1"] = part.split("/")
      const [low, high = low] = range === "*" ? [first, last] : range.split("-").map(Number)
      const values: Array<number> = []
      for (let value = low ?? first; value <= (high ?? last); value += Number(step)) values.push(value)
      return values
    }),
  )

/** Returns when an expression fires, by its fields alone. */
export const matcherOf = (expression: string) => {
  const [minutes = "", hours = "", dates = "", months = "", weekdays = ""] = expression.split(" ")
  const isEither = !dates.startsWith("*") && !weekdays.startsWith("*")
  const sets = {
    minute: valuesOf(minutes, 0, 59),
    hour: valuesOf(hours, 0, 23),
    date: valuesOf(dates, 1, 31),
    month: valuesOf(months, 1, 12),
    weekday: new Set(Array.from(valuesOf(weekdays, 0, 6), (day) => day % 7)),
  }
  const isTime = (time: number) => sets.minute.has(time % 60) && sets.hour.has(Math.floor(time / 60))
  const isDay = (day: number) => {
    const date = new Date(day * 86_400_000)
    if (!sets.month.has(date.getUTCMonth() + 1)) return false
    const [byDate, byWeekday] = [sets.date.has(date.getUTCDate()), sets.weekday.has(date.getUTCDay())]
    return isEither ? byDate || byWeekday : byDate && byWeekday
  }
  return {
    isHourly: sets.hour.size === 24,
    /** A time of day, in minutes. */
    isTime,
    /** A local date, in days since 1970. */
    isDay,
    /** A local time, in minutes since 1970. */
    holds: (local: number) => isTime(local % 1440) && isDay(Math.floor(local / 1440)),
  }
}
