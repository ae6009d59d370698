/** Where intents are kept from before their request until their result is in the caller's hands. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Intent } from "./Intent.ts"
import { Resolution } from "./Trigger.ts"

export const IntentRecord = Schema.Struct({
  intent: Intent,
  /** What became of it, where that is known and the caller had gone. Absent while it is open. */
  resolution: Schema.optionalKey(Resolution),
})
export type IntentRecord = typeof IntentRecord.Type

const IntentRecordFromText = Schema.fromJsonString(IntentRecord)

/** A record as one line of JSON, without secrets, for a store of your own. */
export const format = Schema.encodeSync(IntentRecordFromText)

/** Reads such a line back; fails with a `SchemaError` that says what was expected. */
export const parse = Schema.decodeUnknownEffect(IntentRecordFromText)

/** The store could not be read or written. A trigger whose intent cannot be written is not sent. */
export class IntentStoreError extends Schema.TaggedError<IntentStoreError>("@openretl/core/IntentStoreError")(
  "IntentStoreError",
  { message: Schema.String },
) {}

export interface IntentStore {
  /** Writes or replaces the record with this intent's id. */
  readonly put: (record: IntentRecord) => Effect.Effect<void, IntentStoreError>
  readonly remove: (id: string) => Effect.Effect<void, IntentStoreError>
  /** The records of one workspace, oldest first. */
  readonly all: (workspace: string) => Effect.Effect<ReadonlyArray<IntentRecord>, IntentStoreError>
}

/** Keeps records in memory: they outlive an interrupted trigger, not the process. */
export const memory = (): IntentStore => {
  const records = new Map<string, IntentRecord>()
  return {
    put: (record) => Effect.sync(() => void records.set(record.intent.id, record)),
    remove: (id) => Effect.sync(() => void records.delete(id)),
    all: (workspace) =>
      Effect.sync(() => Array.from(records.values()).filter((record) => record.intent.sync.workspace === workspace)),
  }
}
