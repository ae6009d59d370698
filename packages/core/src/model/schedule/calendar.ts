/** The local dates and times at which a schedule fires: what days with hours and cron expressions have in common. */

/** It fires at each of these minutes of each of these hours of every day for which `isDay` holds. */
export interface Calendar {
  /** 0 to 59. Ascending, each once. */
  readonly minutes: ReadonlyArray<number>
  /** 0 to 23. Ascending, each once. */
  readonly hours: ReadonlyArray<number>
  /** Month 1 to 12, day from 1, weekday from 0 for Sunday. */
  readonly isDay: (month: number, day: number, weekday: number) => boolean
}

const minutesOfDay = 24 * 60

const minutesOfWeek = 7 * minutesOfDay

/** Returns the times of a day at which it fires, in minutes since midnight, ascending. */
export const timesOfDay = ({ hours, minutes }: Calendar): ReadonlyArray<number> =>
  hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))

/** The days of 28 years from 2000 on. After them, weekdays fall on the same dates again. */
export const cycleDays = 10_227

/**
 * Returns whether it holds for a date of the cycle, in order, with the number of days since 2000-01-01. Every date comes
 * on every weekday, the 29th of February too.
 */
export const someDate = (
  holds: (month: number, day: number, weekday: number, index: number) => boolean | undefined,
): boolean => {
  for (let index = 0, year = 2000; year < 2028; year++) {
    for (let month = 1; month <= 12; month++) {
      const length = month === 2 ? (year % 4 === 0 ? 29 : 28) : 31 - (((month - 1) % 7) % 2)
      // 2000 began on a Saturday.
      for (let day = 1; day <= length; day++, index++) if (holds(month, day, (index + 6) % 7, index)) return true
    }
  }
  return false
}

/** Returns whether some year has a day on which it fires. The 29th of February comes, the 30th never does. */
export const hasDay = ({ isDay }: Calendar): boolean => someDate(isDay)

/** Returns for each day of the cycle whether it fires on that day. */
export const daysOf = ({ isDay }: Calendar): ReadonlyArray<boolean> => {
  const days: Array<boolean> = []
  someDate((month, day, weekday) => {
    days.push(isDay(month, day, weekday))
    return false
  })
  return days
}

/** Returns the remainder that is not negative. */
export const modulo = (value: number, by: number): number => ((value % by) + by) % by

/** Returns whether the days are those of `other`, so many days later. The cycle has neither beginning nor end. */
export const areDaysLater = (days: ReadonlyArray<boolean>, other: ReadonlyArray<boolean>, by: number): boolean =>
  days.every((isDay, index) => isDay === other[modulo(index - by, cycleDays)])

/**
 * Returns whether two calendars fire at the same instants where the clock of the first is `lead` minutes ahead of the
 * clock of the second.
 */
export const isSame = (first: Calendar, second: Calendar, lead = 0): boolean => {
  const times = timesOfDay(first).map((time) => time - lead)
  if (`${times.map((time) => modulo(time, minutesOfDay)).toSorted((a, b) => a - b)}` !== `${timesOfDay(second)}`)
    return false
  const [days, otherDays] = [daysOf(first), daysOf(second)]
  return Array.from(new Set(times.map(dayOf))).every((by) => areDaysLater(otherDays, days, by))
}

/** Returns how many days after this one a time comes that is past midnight, or before this day. */
export const dayOf = (time: number): number => Math.floor(time / minutesOfDay)

const weekdays = [0, 1, 2, 3, 4, 5, 6]

/** Returns the weekdays on which it fires, ascending; `undefined` where the month or its day matters as well. */
export const weekdaysOf = ({ isDay }: Calendar): ReadonlyArray<number> | undefined => {
  const isWeekday = weekdays.map((weekday) => isDay(1, 1, weekday))
  return someDate((month, day, weekday) => isDay(month, day, weekday) !== isWeekday[weekday])
    ? undefined
    : weekdays.filter((weekday) => isWeekday[weekday])
}

/** Returns the smallest number of days between two days on which it fires. */
const smallestGapInDays = ({ isDay }: Calendar): number => {
  let smallest = Number.POSITIVE_INFINITY
  let first: number | undefined
  let last = Number.NEGATIVE_INFINITY
  someDate((month, day, weekday, index) => {
    if (!isDay(month, day, weekday)) return false
    smallest = Math.min(smallest, index - last)
    first ??= index
    last = index
    return smallest === 1
  })
  return Math.min(smallest, (first ?? 0) + cycleDays - last)
}

/**
 * Returns the smallest number of minutes between two firings by the local clock: within a day, or over midnight into
 * the next day that fires.
 */
export const smallestGap = (calendar: Calendar): number => {
  const times = timesOfDay(calendar)
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  const overnight = smallestGapInDays(calendar) * minutesOfDay + (times[0] ?? 0) - (times.at(-1) ?? 0)
  return gaps.reduce((smallest, gap) => Math.min(smallest, gap), overnight)
}

/** Returns the minutes between any two firings of a week; `undefined` where they are not always the same. */
export const evenGap = (calendar: Calendar): number | undefined => {
  const times = weekdaysOf(calendar)?.flatMap((weekday) =>
    timesOfDay(calendar).map((time) => weekday * minutesOfDay + time),
  )
  if (times === undefined || times.length === 0) return undefined
  const gap = minutesOfWeek / times.length
  return times.every((time, index) => time === (times[0] ?? 0) + index * gap) ? gap : undefined
}
