/** A trigger that was about to be sent, with all that is needed to find out later, anywhere, what became of it. */
import * as Schema from "effect/Schema"
import { SyncRef } from "./Ref.ts"
import { Scope } from "./Scope.ts"

/** What was there right before the request. Times are the vendor's: local clocks never enter. */
export const Fence = Schema.Struct({
  /** The runs that were there. */
  runs: Schema.Array(Schema.String),
  /** The newest start that the vendor told of. */
  newest: Schema.optionalKey(Schema.DateTimeUtcFromString),
  /** The vendor's clock when the list was read: a run that started before is older, however late it shows. */
  asOf: Schema.optionalKey(Schema.DateTimeUtcFromString),
  /** Whether the list was read to its end or was seen to be newest first. Without that, nothing is adopted. */
  complete: Schema.Boolean,
})
export type Fence = typeof Fence.Type

export const Intent = Schema.Struct({
  version: Schema.Literal(1),
  id: Schema.String,
  sync: SyncRef,
  scope: Schema.optionalKey(Scope),
  exclusive: Schema.Boolean,
  fence: Fence,
  /** When it was sent, by the clock of the sender. */
  sentAt: Schema.DateTimeUtcFromString,
  /** When its answer was given up, by the same clock; absent where that is not known. */
  lostAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
})
export type Intent = typeof Intent.Type

/** The codec between an intent and one line of JSON, without secrets, to be stored. */
export const IntentFromText = Schema.fromJsonString(Intent)

/** The line of JSON to store. */
export const format = Schema.encodeSync(IntentFromText)

/** Reads a stored intent; fails with a `SchemaError` that says what was expected. */
export const parse = Schema.decodeUnknownEffect(IntentFromText)
