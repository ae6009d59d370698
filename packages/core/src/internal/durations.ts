/** Durations that callers hand over, in JavaScript too: what is none is taken for nothing by `Duration` itself. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Reader from "../Reader.ts"

const isForm = (input: unknown): input is Duration.Input => {
  if (Duration.isDuration(input) || typeof input === "string" || typeof input === "bigint") return true
  if (typeof input === "number") return !Number.isNaN(input)
  if (!Predicate.isObject(input)) return false
  const parts: ReadonlyArray<unknown> = Object.values(input)
  return parts.length > 0 && parts.every((part) => part === undefined || Number.isFinite(part))
}

const isDuration = (input: unknown): input is Duration.Input => {
  const duration = isForm(input) ? Option.getOrUndefined(Duration.fromInput(input)) : undefined
  return duration !== undefined && Duration.isFinite(duration) && !Duration.isNegative(duration)
}

/** A finite duration, not below zero. */
export const duration = Reader.is(isDuration, 'a finite duration, as in "5 minutes"')
