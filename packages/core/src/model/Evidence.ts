/** What a vendor's answer says about a failure. */
import * as Schema from "effect/Schema"

/** What the vendor said. Safe to log: it never holds a token, a header or a row. */
export const Evidence = /* @__PURE__ */ Schema.Struct({
  /** The HTTP status. */
  status: Schema.optionalKey(Schema.Int),
  /** The vendor's error code or type, at most 100 characters. */
  code: Schema.optionalKey(Schema.String),
  /** The vendor's error message, at most 500 characters, without the token should the vendor echo it. */
  text: Schema.optionalKey(Schema.String),
  /** The vendor's id of the request, for its support. */
  requestId: Schema.optionalKey(Schema.String),
})
export interface Evidence extends Schema.Schema.Type<typeof Evidence> {}

/**
 * Whether the vendor carried a request out. `not-sent`: proven that it never left. `refused`: the vendor's clear no.
 * `unknown`: everything else, such as a lost connection, a time-out, a 5xx or an answer that cannot be decoded.
 */
export const Delivery = /* @__PURE__ */ Schema.Literals(["not-sent", "refused", "unknown"])
export type Delivery = typeof Delivery.Type
