/** Durations in a configuration file. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/** A duration as text, as in `90 seconds`. */
export const DurationText = Schema.String.check(
  Schema.isPattern(/^\d{1,9}(?:\.\d{1,9})? (?:milli|second|minute|hour|day)s?$/, {
    expected: 'a duration, as in "90 seconds"',
  }),
).pipe(Schema.decodeTo(Schema.DurationFromString))

const units = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1_000, milli: 1 }

/** Returns a duration as text, in the largest unit of which it is a whole number. */
export const durationText = (duration: Duration.Duration): string => {
  const millis = Duration.toMillis(duration)
  const [unit, length] = Object.entries(units).find(([, length]) => millis % length === 0) ?? ["milli", 1]
  const count = millis / length
  return `${count} ${unit}${count === 1 ? "" : "s"}`
}
