/** Says a cron expression of one zone in another zone. */
import * as DateTime from "effect/DateTime"
import * as LocalTimes from "./localTimes.ts"
import { shift } from "./shift.ts"
import type { Cron } from "./union.ts"
import * as Zone from "./zone.ts"

/** An expression in another zone, and what it loses, one sentence each. */
export interface InZone {
  readonly schedule: typeof Cron.Type
  readonly lost: ReadonlyArray<string>
}

/**
 * Returns the expression that fires at the same instants in another zone, or the nearest one. Where one of the clocks
 * changes for daylight saving, it keeps the standard time. Both zones have to be valid, and so has the expression.
 *
 * @param why a clause that says why the zone has to change, such as `RudderStack stores no time zone`
 */
export const inZone = (
  expression: string,
  timeZone: string,
  otherZone: string,
  { from, why }: { readonly from: number; readonly why: string },
): InZone => {
  const times = LocalTimes.ofSchedule({ _tag: "Cron", expression, timeZone })
  if (times === undefined || Zone.isSame(timeZone, otherZone)) {
    return { schedule: { _tag: "Cron", expression, timeZone: otherZone }, lost: [] }
  }
  const lead = LocalTimes.leadOf(times.calendar, timeZone, from)
  const otherLead = lead === undefined ? undefined : LocalTimes.leadOf(times.calendar, otherZone, from, lead)
  const isOne = lead !== undefined && otherLead !== undefined
  const standard = isOne ? lead - otherLead : Zone.standardLead(timeZone, otherZone, from)
  const { expression: shifted, late } = shift(expression, -standard)
  const unsaid = `no cron expression in ${otherZone} fires at these times on these days`
  return {
    schedule: { _tag: "Cron", expression: shifted, timeZone: otherZone },
    lost: [
      ...(late === 0 ? [] : [`Runs are ${lateness(late)}: ${why}, and ${unsaid}.`]),
      ...(isOne
        ? []
        : [
            `Runs keep the standard time of ${timeZone}, because ${why}: ` +
              `they are ${changesOf(timeZone, otherZone, { from, late: late - standard }).join(" and ")}.`,
          ]),
    ],
  }
}

const lateness = (minutes: number): string =>
  minutes === 0 ? "on time" : `${Math.abs(minutes)} minutes ${minutes < 0 ? "early" : "late"}`

/** Returns how late runs are in the next two periods in which a clock does not show standard time. */
const changesOf = (
  timeZone: string,
  otherZone: string,
  { from, late }: { readonly from: number; readonly late: number },
): ReadonlyArray<string> => {
  const standard = Zone.standardLead(timeZone, otherZone, from)
  const changes: Array<string> = []
  let last = ""
  for (const { minutes, since, until } of Zone.leads(timeZone, otherZone, from)) {
    if (minutes === standard) continue
    const how = lateness(minutes + late)
    const start = since === from ? "" : `from ${dateOf(timeZone, since)} `
    changes.push(`${how === last ? "" : `${how} `}${start}${start === "" ? "until" : "to"} ${dateOf(timeZone, until)}`)
    last = how
    if (changes.length === 2) break
  }
  return changes
}

const dateOf = (timeZone: string, instant: number): string =>
  DateTime.formatIsoDate(DateTime.makeZonedUnsafe(instant, { timeZone }))
