/** The schema of an `Intent`, and its form as one line of JSON, without secrets, to be stored. */
import * as Schema from "effect/Schema"
import type * as Plain from "../Intent.ts"
import { SyncRef } from "./Ref.ts"
import { Scope } from "./Scope.ts"

export type Fence = Plain.Fence
export const Fence = Schema.Struct({
  runs: Schema.Array(Schema.String),
  newest: Schema.optionalKey(Schema.DateTimeUtcFromString),
  asOf: Schema.optionalKey(Schema.DateTimeUtcFromString),
  complete: Schema.Boolean,
})

export type Intent = Plain.Intent
export const Intent = Schema.Struct({
  version: Schema.Literal(1),
  id: Schema.String,
  sync: SyncRef,
  scope: Schema.optionalKey(Scope),
  exclusive: Schema.Boolean,
  fence: Fence,
  sentAt: Schema.DateTimeUtcFromString,
  lostAt: Schema.optionalKey(Schema.DateTimeUtcFromString),
})

export const IntentFromText = Schema.fromJsonString(Intent)

/** The line of JSON to store. */
export const format: (intent: Plain.Intent) => string = Schema.encodeSync(IntentFromText)

/** Reads a stored intent; fails with a `SchemaError` that says what was expected. */
export const parse = Schema.decodeUnknownEffect(IntentFromText)
