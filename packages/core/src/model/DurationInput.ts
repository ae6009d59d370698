/** Durations that callers pass. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

const units = ["weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"]

const hasFormOfDuration = (input: unknown): input is Duration.Input => {
  if (Duration.isDuration(input) || typeof input === "string" || typeof input === "bigint") return true
  if (typeof input === "number") return !Number.isNaN(input)
  if (Array.isArray(input)) return input.length === 2 && input.every(Number.isFinite)
  if (!Predicate.isObject(input) || !Object.keys(input).every((name) => units.includes(name))) return false
  const lengths = units.map((unit): unknown => Reflect.get(input, unit)).filter((length) => length !== undefined)
  return lengths.length > 0 && lengths.every(Number.isFinite)
}

const isDurationInput = (input: unknown): input is Duration.Input => {
  const duration = hasFormOfDuration(input) ? Option.getOrUndefined(Duration.fromInput(input)) : undefined
  return duration !== undefined && Number.isFinite(Duration.toMillis(duration)) && !Duration.isNegative(duration)
}

/** A finite duration, not below zero, in any form that Effect takes, as in `"5 minutes"` or milliseconds. */
export const DurationInput = /* @__PURE__ */ Schema.declare(isDurationInput, {
  expected: 'a finite duration, as in "5 minutes"',
})
