/** Time zones by their IANA names. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { excerpt } from "./excerpt.ts"

export const find = (name: string): DateTime.TimeZone.Named | undefined =>
  Option.getOrUndefined(DateTime.zoneMakeNamed(name))

/** What is wrong with a name. Runtimes forgive its case, many vendors do not. */
export const problem = (name: string): string | undefined => {
  const id = find(name)?.id
  if (id === undefined || !/^[A-Z]/i.test(name))
    return `Expected an IANA time zone, as in Europe/Berlin, found "${excerpt(name)}"`
  return id !== name && id.toLowerCase() === name.toLowerCase() ? `Expected ${id}, found ${name}` : undefined
}

/** One zone may have several names: `UTC` and `Etc/UTC`. */
export const isSame = (one: string, other: string): boolean =>
  one === other || (find(one) !== undefined && find(one)?.id === find(other)?.id)

/** A month, as far as looking for changes of a clock goes. */
const month = 30 * 86_400_000

/** Whether the clocks of two zones, from 2000 to 2050, are always a whole number of these minutes apart. */
export const isApartBy = (one: string, other: string, minutes: number): boolean => {
  const [zone, otherZone] = [find(one), find(other)]
  if (zone === undefined || otherZone === undefined) return false
  const start = 946_684_800_000
  return Array.from({ length: 600 }, (_, index) => start + index * month).every(
    (instant) => (offsetAt(zone, instant) - offsetAt(otherZone, instant)) % (minutes * 60_000) === 0,
  )
}

/** How far the local clock is ahead of UTC, in milliseconds. */
export const offsetAt = (zone: DateTime.TimeZone.Named, instant: number): number =>
  DateTime.zonedOffset(DateTime.makeZonedUnsafe(instant, { timeZone: zone }))
