/** Where intents are kept from before their request until their result is in the caller's hands. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { Intent } from "../model/Intent.ts"
import type { Resolution } from "../model/Trigger.ts"

/** As text, for a store of your own: `format` and `parse` of `@openretl/core/schema/IntentStore`. */
export interface IntentRecord {
  readonly intent: Intent
  /** What became of it, where that is known and the caller had gone. Absent while it is open. */
  readonly resolution?: Resolution
}

/** The store could not be read or written. A trigger whose intent cannot be written is not sent. */
export class IntentStoreError extends Data.TaggedError("IntentStoreError")<{ readonly message: string }> {}

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
