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

const minute = 60_000

const day = 1440 * minute

/** 2027-01-01: from when on zones are compared, unless the caller passes another instant. */
export const defaultFrom = 1_798_761_600_000

/** Within these days, about twelve years, each date falls on each weekday: a change comes on each date on which it can. */
const span = 4480 * day

/** A period in which the clock of one zone stays equally far ahead of the clock of another. In milliseconds. */
export interface Lead {
  readonly minutes: number
  readonly since: number
  readonly until: number
}

const leadAt = (name: string, otherName: string): ((instant: number) => number) => {
  const [zone, otherZone] = [find(name), find(otherName)]
  return (instant) => ((zone ? offsetAt(zone, instant) : 0) - (otherZone ? offsetAt(otherZone, instant) : 0)) / minute
}

/** Yields how far the clock of a zone is ahead of another's, for the twelve years after an instant. */
export function* leads(name: string, otherName: string, from = defaultFrom): Generator<Lead> {
  const at = leadAt(name, otherName)
  const end = from + span
  // A zone changes its clock for more than four weeks. Two zones that both do may be a week apart.
  const step = otherName === "UTC" ? 28 * day : 2 * day
  let since = from
  let minutes = at(from)
  for (let known = from; known < end; known += step) {
    const next = at(known + step)
    if (next === minutes) continue
    let [low, until] = [known, known + step]
    while (until - low > minute) {
      const middle = Math.floor((low + until) / 2)
      if (at(middle) === minutes) low = middle
      else until = middle
    }
    yield { minutes, since, until }
    since = until
    minutes = next
  }
  yield { minutes, since, until: end }
}

/**
 * Returns how far the clock of a zone is ahead of another's in standard time: the smallest lead that holds for a quarter
 * of the next two years. A fast of a month, for which Morocco sets its clock back, is no standard time.
 */
export const standardLead = (name: string, otherName: string, from = defaultFrom): number => {
  const at = leadAt(name, otherName)
  return Array.from({ length: 26 }, (_, index) => at(from + index * 28 * day)).toSorted((a, b) => a - b)[6] ?? 0
}

/** Returns how far the local clock is ahead of UTC at an instant. Both are in milliseconds. */
export const offsetAt = (zone: DateTime.TimeZone.Named, instant: number): number =>
  zone.id === "UTC" ? 0 : DateTime.zonedOffset(DateTime.makeZonedUnsafe(instant, { timeZone: zone }))
