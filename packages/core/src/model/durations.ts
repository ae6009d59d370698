/** Durations that callers hand over, in JavaScript too: what is none is taken for nothing by `Duration` itself. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Reader from "./Reader.ts"

const units = ["weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"]

const isForm = (input: unknown): input is Duration.Input => {
  if (Duration.isDuration(input) || typeof input === "string" || typeof input === "bigint") return true
  if (typeof input === "number") return !Number.isNaN(input)
  if (Array.isArray(input)) return input.length === 2 && input.every(Number.isFinite)
  if (!Predicate.isObject(input) || !Object.keys(input).every((name) => units.includes(name))) return false
  const parts = units.map((unit): unknown => Reflect.get(input, unit)).filter((part) => part !== undefined)
  return parts.length > 0 && parts.every(Number.isFinite)
}

const isDuration = (input: unknown): input is Duration.Input => {
  const duration = isForm(input) ? Option.getOrUndefined(Duration.fromInput(input)) : undefined
  return duration !== undefined && Number.isFinite(Duration.toMillis(duration)) && !Duration.isNegative(duration)
}

/** A finite duration, not below zero. */
export const duration = Reader.is(isDuration, 'a finite duration, as in "5 minutes"')
