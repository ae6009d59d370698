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

const weekdays = [0, 1, 2, 3, 4, 5, 6]

/** February has its leap day: it comes in some years. */
const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const minutesOfDay = 24 * 60

const minutesOfWeek = 7 * minutesOfDay

/** Returns the times of a day at which it fires, in minutes since midnight, ascending. */
export const timesOfDay = ({ hours, minutes }: Calendar): ReadonlyArray<number> =>
  hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))

const hasDateWhere = (holds: (month: number, day: number, weekday: number) => boolean): boolean =>
  monthLengths.some((length, month) =>
    Array.from({ length }, (_, day) => day + 1).some((day) =>
      weekdays.some((weekday) => holds(month + 1, day, weekday)),
    ),
  )

/** Returns whether some year has a day on which it fires. The 29th of February comes, the 30th never does. */
export const hasDay = ({ isDay }: Calendar): boolean => hasDateWhere(isDay)

/** Returns whether two calendars fire at the same local dates and times. */
export const isSame = (first: Calendar, second: Calendar): boolean =>
  `${first.minutes}` === `${second.minutes}` &&
  `${first.hours}` === `${second.hours}` &&
  !hasDateWhere((...date) => first.isDay(...date) !== second.isDay(...date))

/** Returns the weekdays on which it fires, ascending; `undefined` where the month or its day matters as well. */
export const weekdaysOf = ({ isDay }: Calendar): ReadonlyArray<number> | undefined => {
  const days = weekdays.filter((weekday) => isDay(1, 1, weekday))
  return hasDateWhere((month, day, weekday) => isDay(month, day, weekday) !== days.includes(weekday)) ? undefined : days
}

/** Returns the smallest number of days between two days on which it fires. */
const smallestGapInDays = ({ isDay }: Calendar): number => {
  let smallest = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  let today = 0
  // Weekdays fall on the same dates every 28 years, so 56 years have every gap of firings. 2000 began on a Saturday.
  for (let year = 2000; year < 2056; year++) {
    for (const [month, longest] of monthLengths.entries()) {
      const length = month === 1 && year % 4 !== 0 ? 28 : longest
      for (let day = 1; day <= length; day++, today++) {
        if (!isDay(month + 1, day, (today + 6) % 7)) continue
        smallest = Math.min(smallest, today - last)
        if (smallest === 1) return 1
        last = today
      }
    }
  }
  return smallest
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
