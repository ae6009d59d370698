/** Local times at which a schedule fires: what days with hours and cron expressions have in common. */

export interface Calendar {
  /** Ascending, each once. */
  readonly minutes: ReadonlyArray<number>
  readonly hours: ReadonlyArray<number>
  /** Month 1 to 12, day from 1, weekday from 0 for Sunday. */
  readonly isDay: (month: number, day: number, weekday: number) => boolean
}

const weekdays = [0, 1, 2, 3, 4, 5, 6]

const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const minutesOfDay = 24 * 60

const minutesOfWeek = 7 * minutesOfDay

/** The minutes of a day at which it fires, ascending. */
export const times = ({ hours, minutes }: Calendar): ReadonlyArray<number> =>
  hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))

/** Whether a date holds for some day that some year has; the 29th of February is one. */
const someDay = (holds: (month: number, day: number, weekday: number) => boolean): boolean =>
  monthLengths.some((length, month) =>
    Array.from({ length }, (_, day) => day + 1).some((day) =>
      weekdays.some((weekday) => holds(month + 1, day, weekday)),
    ),
  )

/** Whether it ever fires: the 30th of February never comes. */
export const fires = ({ isDay }: Calendar): boolean => someDay(isDay)

/** Whether two fire at the same local times. */
export const isSame = (one: Calendar, other: Calendar): boolean =>
  `${one.minutes}` === `${other.minutes}` &&
  `${one.hours}` === `${other.hours}` &&
  !someDay((...date) => one.isDay(...date) !== other.isDay(...date))

/** The weekdays on which it fires, where nothing else decides. */
export const weekdaysOf = ({ isDay }: Calendar): ReadonlyArray<number> | undefined => {
  const days = weekdays.filter((weekday) => isDay(1, 1, weekday))
  return someDay((month, day, weekday) => isDay(month, day, weekday) !== days.includes(weekday)) ? undefined : days
}

/** Days between two days on which it fires, at least. */
const fewestDays = ({ isDay }: Calendar): number => {
  let fewest = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  let today = 0
  // Weekdays fall on the same dates every 28 years, so that 56 hold every neighborhood. 2000 began on a Saturday.
  for (let year = 2000; year < 2056; year++) {
    for (const [month, longest] of monthLengths.entries()) {
      const length = month === 1 && year % 4 !== 0 ? 28 : longest
      for (let day = 1; day <= length; day++, today++) {
        if (!isDay(month + 1, day, (today + 6) % 7)) continue
        fewest = Math.min(fewest, today - last)
        if (fewest === 1) return 1
        last = today
      }
    }
  }
  return fewest
}

/** Minutes between two firings, at least, by the local clock: within a day, and over midnight into the next that fires. */
export const smallestGap = (calendar: Calendar): number => {
  const all = times(calendar)
  const within = all.slice(1).map((time, index) => time - (all[index] ?? 0))
  const overnight = fewestDays(calendar) * minutesOfDay + (all[0] ?? 0) - (all.at(-1) ?? 0)
  return within.reduce((least, gap) => Math.min(least, gap), overnight)
}

/** The minutes between any two firings of a week, where they are always the same. */
export const evenGap = (calendar: Calendar): number | undefined => {
  const all = weekdaysOf(calendar)?.flatMap((weekday) => times(calendar).map((time) => weekday * minutesOfDay + time))
  if (all === undefined || all.length === 0) return undefined
  const gap = minutesOfWeek / all.length
  return all.every((time, index) => time === (all[0] ?? 0) + index * gap) ? gap : undefined
}
