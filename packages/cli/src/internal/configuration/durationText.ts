/** Durations in a configuration file. */
import * as Schema from "effect/Schema"

/** A duration as text, as in `90 seconds`. */
export const DurationText = Schema.String.check(
  Schema.isPattern(/^\d{1,9}(?:\.\d{1,9})? (?:milli|second|minute|hour|day)s?$/, {
    expected: 'a duration, as in "90 seconds"',
  }),
).pipe(Schema.decodeTo(Schema.DurationFromString))
