/** A point in time, as callers pass it, and as stores and JSON have it. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"

const expected = "a time, as in 2026-09-20T10:00:00Z"

const isoTime = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d/

const toUtc = (value: unknown): Option.Option<DateTime.Utc> => {
  const isTime =
    DateTime.isDateTime(value) || value instanceof Date || (typeof value === "string" && isoTime.test(value))
  return isTime ? Option.map(DateTime.make(value), DateTime.toUtc) : Option.none()
}

/**
 * A point in time. Its JSON form is ISO 8601 in UTC, as in `2026-09-20T10:00:00.000Z`. Decoding also accepts a
 * `DateTime` and a `Date`.
 */
export const Time = /* @__PURE__ */ Schema.declare((value): value is string => Option.isSome(toUtc(value)), {
  expected,
}).pipe(
  Schema.decodeTo(Schema.DateTimeUtc, {
    decode: SchemaGetter.transformEffect((value: string) =>
      Option.match(toUtc(value), {
        onNone: () => Effect.fail(new SchemaIssue.InvalidValue({ message: `Expected ${expected}` })),
        onSome: Effect.succeed,
      }),
    ),
    encode: SchemaGetter.transform(DateTime.formatIso),
  }),
)
