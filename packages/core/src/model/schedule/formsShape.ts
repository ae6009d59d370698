/** Checks the forms of a vendor that a caller without a type checker passes. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type { ScheduleForms } from "./ScheduleForms.ts"
import * as Zone from "./zone.ts"

const isText = (value: unknown): boolean => typeof value === "string"

const isBound = (value: unknown): boolean => Option.isSome(Duration.fromInput(value as Duration.Input))

/** Returns whether a value is the forms of a vendor. Accepts any value. */
export const areForms = (forms: unknown): forms is ScheduleForms => {
  try {
    const { cron, every, jobs = {}, onDays, vendor } = forms as ScheduleForms
    const sources = [every, onDays, cron].filter((form) => form !== undefined).map(({ source }) => source)
    const bounds = [
      ...(every === undefined ? [] : [every.shortest, every.step]),
      ...[every?.longest, cron?.shortest].filter((bound) => bound !== undefined),
    ]
    return (
      [vendor, ...sources].every(isText) &&
      bounds.every(isBound) &&
      (cron === undefined || cron.timeZone === "named" || Zone.find(cron.timeZone.assumed) !== undefined) &&
      Object.values(jobs).every((names) => names.every(isText))
    )
  } catch {
    return false
  }
}
