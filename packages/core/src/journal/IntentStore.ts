/**
 * The journal of triggers: a store of intents. Core writes an intent before its request is sent, and removes it once a
 * caller has received the result.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Input from "../model/Input.ts"
import { Intent } from "../model/Intent.ts"
import { Resolution } from "../model/Trigger.ts"

/** An intent, and what became of it. */
export const IntentRecord = /* @__PURE__ */ Schema.Struct({
  /** The trigger that was about to be sent. */
  intent: Intent,
  /** What became of it, where that is settled and no caller has received it; absent while the intent is open. */
  resolution: Input.nullable(Resolution),
})
export interface IntentRecord extends Schema.Schema.Type<typeof IntentRecord> {}

/** The codec between a record and one line of JSON, for your own store. The line holds no secret. */
export const IntentRecordFromText = /* @__PURE__ */ Schema.fromJsonString(IntentRecord)

/** Returns a record as one line of JSON. */
export const format: (record: IntentRecord) => string = /* @__PURE__ */ Schema.encodeSync(IntentRecordFromText)

/** Decodes such a line. Fails with a `SchemaError` that says what was expected. */
export const parse = /* @__PURE__ */ Schema.decodeUnknownEffect(IntentRecordFromText)

/** The store could not be read or written. A trigger whose intent cannot be written is not sent. */
export class IntentStoreError extends /* @__PURE__ */ Schema.TaggedError<IntentStoreError>()("IntentStoreError", {
  /** What went wrong, in one sentence. It may appear in logs: leave secrets out. */
  message: Schema.String,
}) {}

/**
 * A store of intents. Records may come back as parsed JSON; core decodes them. One process at a time uses a workspace's
 * records.
 */
export interface IntentStore {
  /** Writes the record, in the place of a record with the same intent's id. */
  readonly put: (record: IntentRecord) => Effect.Effect<void, IntentStoreError>
  /** Removes the record with this intent's id. Does nothing where the store has none. */
  readonly remove: (id: string) => Effect.Effect<void, IntentStoreError>
  /** Returns the records of one workspace, oldest first. Core ignores records of other workspaces. */
  readonly all: (workspace: string) => Effect.Effect<ReadonlyArray<IntentRecord>, IntentStoreError>
}

/** Creates a store in memory. Its records outlive an interrupted trigger, and end with the process. */
export const memory = (): IntentStore => {
  const records = new Map<string, IntentRecord>()
  return {
    put: (record) => Effect.sync(() => void records.set(record.intent.id, record)),
    remove: (id) => Effect.sync(() => void records.delete(id)),
    all: (workspace) =>
      Effect.sync(() => Array.from(records.values()).filter((record) => record.intent.sync.workspace === workspace)),
  }
}
