/** Time zones by their IANA names. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { excerpt } from "./excerpt.ts"

/** Returns the zone of this name, in any case; `undefined` where there is none. Accepts any value. */
export const find = (name: unknown): DateTime.TimeZone.Named | undefined =>
  typeof name === "string" ? Option.getOrUndefined(DateTime.zoneMakeNamed(name)) : undefined

/** Returns the message about a name for which `find` returns nothing. */
export const notFound = (name: unknown): string =>
  `Expected an IANA time zone, as in Europe/Berlin, found ${typeof name === "string" ? `"${excerpt(name)}"` : "no text"}`

/**
 * Returns what is wrong with a name; `undefined` where nothing is. It rejects a name in the wrong case: runtimes accept
 * it, many vendors do not. Accepts any value.
 */
export const problem = (name: unknown): string | undefined => {
  const id = find(name)?.id
  if (typeof name !== "string" || id === undefined || !/^[A-Z]/i.test(name)) return notFound(name)
  return id !== name && id.toLowerCase() === name.toLowerCase() ? `Expected ${id}, found ${name}` : undefined
}

/** Returns whether two names mean one zone, as `UTC` and `Etc/UTC` do. */
export const isSame = (name: string, otherName: string): boolean =>
  name === otherName || (find(name) !== undefined && find(name)?.id === find(otherName)?.id)

const startOf2000 = 946_684_800_000

/** A zone changes its clock for longer than this, so that a look at each of these months sees each change. */
const month = 30 * 86_400_000

/** Returns whether the clocks of two zones, from 2000 to 2049, always differ by a multiple of these minutes. */
export const isApartBy = (name: string, otherName: string, minutes: number): boolean => {
  const [zone, otherZone] = [find(name), find(otherName)]
  if (zone === undefined || otherZone === undefined) return false
  return Array.from({ length: 600 }, (_, index) => startOf2000 + index * month).every(
    (instant) => (offsetAt(zone, instant) - offsetAt(otherZone, instant)) % (minutes * 60_000) === 0,
  )
}

/** Returns how far the local clock is ahead of UTC at an instant. Both are in milliseconds. */
export const offsetAt = (zone: DateTime.TimeZone.Named, instant: number): number =>
  DateTime.zonedOffset(DateTime.makeZonedUnsafe(instant, { timeZone: zone }))
