import * as Schema from "effect/Schema"

/** What the vendor said. Safe to log: no token, header or row is ever in it. */
export const Evidence = Schema.Struct({
  /** The HTTP status. */
  status: Schema.optionalKey(Schema.Int),
  /** The vendor's own error code or type. */
  code: Schema.optionalKey(Schema.String),
  /** The vendor's error message, at most 500 characters, the token cut out should it be echoed. */
  text: Schema.optionalKey(Schema.String),
  /** The vendor's id of the request, for its support. */
  requestId: Schema.optionalKey(Schema.String),
})
export type Evidence = typeof Evidence.Type

/**
 * Whether a request was carried out: `not-sent` is proven (it never left), `refused` is the vendor's clear no, and
 * `unknown` is everything else: a lost connection, a time-out, a 5xx, an answer nobody can read.
 */
export const Delivery = Schema.Literals(["not-sent", "refused", "unknown"])
export type Delivery = typeof Delivery.Type
