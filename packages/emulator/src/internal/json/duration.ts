/** Durations as the control API and the command read them: milliseconds, or a text with a unit. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

type Written = Extract<Duration.Input, number | string>

const isWritten = (value: unknown): value is Written => {
  if (typeof value !== "number" && typeof value !== "string") return false
  const duration = Option.getOrUndefined(Duration.fromInput(value as Written))
  return duration !== undefined && Number.isFinite(Duration.toMillis(duration)) && !Duration.isNegative(duration)
}

const Written = Schema.declare(isWritten, { expected: 'a finite duration, as in "5 minutes" or in milliseconds' })

const isInput = (value: unknown): value is Duration.Input =>
  Option.isSome(Duration.fromInput(value as Duration.Input)) && !hasOtherFields(value)

/** Effect takes any object for a duration. One with other fields than units is something else, such as bounds. */
const hasOtherFields = (value: unknown): boolean =>
  Predicate.isObject(value) &&
  !Duration.isDuration(value) &&
  !Array.isArray(value) &&
  Object.keys(value).some((name) => !units.includes(name))

const units = ["weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"]

/** A duration in any form that Effect takes. In JSON it is a number of milliseconds, or a text such as `"5 minutes"`. */
export const DurationInput: Schema.Codec<Duration.Input, Written> = Written.pipe(
  Schema.decodeTo(Schema.declare(isInput, { expected: 'a duration, as in "5 minutes"' }), {
    decode: SchemaGetter.transform((written: Written): Duration.Input => written),
    encode: SchemaGetter.transform((input: Duration.Input): Written => Duration.toMillis(input)),
  }),
)
