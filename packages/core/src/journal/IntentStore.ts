/** Where intents are kept from before their request until their result is in the caller's hands. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Input from "../model/Input.ts"
import { Intent } from "../model/Intent.ts"
import { Resolution } from "../model/Trigger.ts"

/** An intent and what became of it. */
export const IntentRecord = /* @__PURE__ */ Schema.Struct({
  intent: Intent,
  /** What became of it, where that is settled and no caller has received it. Absent while it is open. */
  resolution: Input.nullable(Resolution),
})
export interface IntentRecord extends Schema.Schema.Type<typeof IntentRecord> {}

/** The codec between a record and one line of JSON, without secrets, for a store of your own. */
export const IntentRecordFromText = /* @__PURE__ */ Schema.fromJsonString(IntentRecord)

/** Returns the line of JSON to store. */
export const format: (record: IntentRecord) => string = /* @__PURE__ */ Schema.encodeSync(IntentRecordFromText)

/** Decodes such a line. Fails with a `SchemaError` that says what was expected. */
export const parse = /* @__PURE__ */ Schema.decodeUnknownEffect(IntentRecordFromText)

/** The store could not be read or written. A trigger whose intent cannot be written is not sent. */
export class IntentStoreError extends /* @__PURE__ */ Schema.TaggedError<IntentStoreError>()("IntentStoreError", {
  message: Schema.String,
}) {}

/** A store of intents. */
export interface IntentStore {
  /** Writes or replaces the record with this intent's id. */
  readonly put: (record: IntentRecord) => Effect.Effect<void, IntentStoreError>
  /** Removes the record with this intent's id, where there is one. */
  readonly remove: (id: string) => Effect.Effect<void, IntentStoreError>
  /** Returns the records of one workspace, oldest first. */
  readonly all: (workspace: string) => Effect.Effect<ReadonlyArray<IntentRecord>, IntentStoreError>
}

/** Creates a store in memory: its records outlive an interrupted trigger, not the process. */
export const memory = (): IntentStore => {
  const records = new Map<string, IntentRecord>()
  return {
    put: (record) => Effect.sync(() => void records.set(record.intent.id, record)),
    remove: (id) => Effect.sync(() => void records.delete(id)),
    all: (workspace) =>
      Effect.sync(() => Array.from(records.values()).filter((record) => record.intent.sync.workspace === workspace)),
  }
}
