/** A trigger that was about to be sent, with all that is needed to find out later, anywhere, what became of it. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { SyncRef } from "./Ref.ts"
import { Scope } from "./Scope.ts"
import { Time } from "./Time.ts"

/** The runs of a sync right before the request. Times are the vendor's: local clocks never enter. */
export const Fence = /* @__PURE__ */ Schema.Struct({
  /** The ids of the runs in the list. */
  runs: Schema.Array(Schema.String),
  /** The newest start that the vendor reported. */
  newest: Input.nullable(Time),
  /** The vendor's clock when the list was read: a run that started before is older, however late it shows. */
  asOf: Input.nullable(Time),
  /** Whether the list was read to its end or was seen to be newest first. Without that, no run is adopted. */
  complete: Schema.Boolean,
})
export interface Fence extends Schema.Schema.Type<typeof Fence> {}

/** A trigger that was about to be sent. Its JSON form holds no secret. */
export const Intent = /* @__PURE__ */ Schema.Struct({
  /** The version of this shape. */
  version: Schema.Literal(1),
  id: Schema.String,
  sync: SyncRef,
  scope: Input.nullable(Scope),
  /** The caller's word that nothing else triggers the sync. */
  exclusive: Schema.Boolean,
  fence: Fence,
  /** When the request was sent, by the sender's clock. */
  sentAt: Time,
  /** When its answer was given up, by the same clock; absent where no process recorded it. */
  lostAt: Input.nullable(Time),
})
export interface Intent extends Schema.Schema.Type<typeof Intent> {}

/** The codec between an `Intent` and one line of JSON. */
export const IntentFromText = /* @__PURE__ */ Schema.fromJsonString(Intent)

/** Returns the line of JSON to store. */
export const format: (intent: Intent) => string = /* @__PURE__ */ Schema.encodeSync(IntentFromText)

/** Decodes a stored intent. Fails with a `SchemaError` that says what was expected. */
export const parse = /* @__PURE__ */ Schema.decodeUnknownEffect(IntentFromText)
