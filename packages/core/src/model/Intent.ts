/**
 * Intents: triggers about to be sent, with all that `resolve` needs to find out later, in any process, what became of
 * them.
 */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { SyncRef } from "./Ref.ts"
import { Scope } from "./Scope.ts"
import { Time } from "./Time.ts"

/** The runs of a sync right before the request. All times are the vendor's; local clocks never enter. */
export const Fence = /* @__PURE__ */ Schema.Struct({
  /** The ids of the listed runs. */
  runs: Schema.Array(Schema.String),
  /** The newest start that the vendor reported. */
  newest: Input.nullable(Time),
  /**
   * The vendor's clock when the list was read. A run that started before it is older than the fence, however late it
   * shows.
   */
  asOf: Input.nullable(Time),
  /**
   * Whether the list was read to its end, or showed itself newest first. Core adopts no run past an incomplete fence.
   */
  complete: Schema.Boolean,
})
export interface Fence extends Schema.Schema.Type<typeof Fence> {}

/** A trigger about to be sent. It holds no secret. */
export const Intent = /* @__PURE__ */ Schema.Struct({
  /** The version of this shape. */
  version: Schema.Literal(1),
  /** A random id that no other intent has. */
  id: Schema.String,
  sync: SyncRef,
  /** What the run covers; absent where the vendor has no scopes. */
  scope: Input.nullable(Scope),
  /** The caller's assurance that nothing else triggers the sync. */
  exclusive: Schema.Boolean,
  /** The runs right before the request. */
  fence: Fence,
  /** When the request was sent, by the sender's clock. */
  sentAt: Time,
  /** When core gave up on its answer, by the same clock; absent where no process recorded it. */
  lostAt: Input.nullable(Time),
})
export interface Intent extends Schema.Schema.Type<typeof Intent> {}

/** The codec between an `Intent` and one line of JSON. */
export const IntentFromText = /* @__PURE__ */ Schema.fromJsonString(Intent)

/** Returns an intent as one line of JSON. */
export const format: (intent: Intent) => string = /* @__PURE__ */ Schema.encodeSync(IntentFromText)

/** Decodes such a line. Fails with a `SchemaError` that says what was expected. */
export const parse = /* @__PURE__ */ Schema.decodeUnknownEffect(IntentFromText)
