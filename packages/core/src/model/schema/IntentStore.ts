/** A record of an intent store as one line of JSON, without secrets, for a store of your own. */
import * as Schema from "effect/Schema"
import * as Plain from "../../journal/IntentStore.ts"
import { ofTagged } from "../ofClass.ts"
import { Intent } from "./Intent.ts"
import { Resolution } from "./Trigger.ts"

export type IntentRecord = Plain.IntentRecord
export const IntentRecord = Schema.Struct({ intent: Intent, resolution: Schema.optionalKey(Resolution) })

export const IntentRecordFromText = Schema.fromJsonString(IntentRecord)

/** The line of JSON to store. */
export const format: (record: Plain.IntentRecord) => string = Schema.encodeSync(IntentRecordFromText)

/** Reads such a line back; fails with a `SchemaError` that says what was expected. */
export const parse = Schema.decodeUnknownEffect(IntentRecordFromText)

const intentStoreError = ofTagged("IntentStoreError", Plain.IntentStoreError, { message: Schema.String })

export type IntentStoreError = Plain.IntentStoreError
export interface IntentStoreErrorEncoded extends Schema.Codec.Encoded<typeof intentStoreError> {}
export const IntentStoreError: Schema.Codec<IntentStoreError, IntentStoreErrorEncoded> = intentStoreError
