/** The records that a store has of one workspace: those that decode, and those that do not. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Wire from "../http/Wire.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import type { Intent } from "../model/Intent.ts"
import { SyncRef } from "../model/Ref.ts"
import { IntentRecord, type IntentStore, IntentStoreError } from "./IntentStore.ts"

/** The records that a store has of one workspace. */
export interface StoredIntents {
  /** The records that decode, oldest first. */
  readonly records: ReadonlyArray<IntentRecord>
  /**
   * The records that do not decode, such as those of a later version: their sync, where it decodes, and the problem.
   */
  readonly unreadable: ReadonlyArray<{ readonly sync: SyncRef | undefined; readonly why: string }>
}

/** Decoded intents, by the objects that the store returned for them: an intent never changes. */
type Decoded = WeakMap<object, Intent>

const Intended = <S extends Schema.Constraint>(intent: S) => Schema.Struct({ intent })

const workspaceOf = /* @__PURE__ */ Wire.orUndefined(
  Intended(Schema.Struct({ sync: Schema.Struct({ workspace: Schema.String }) })),
)
const idOf = /* @__PURE__ */ Wire.orUndefined(Intended(Schema.Struct({ id: Schema.String })))
const syncOf = /* @__PURE__ */ Wire.orUndefined(Intended(Schema.Struct({ sync: SyncRef })))
const decodeRecord = /* @__PURE__ */ Wire.decoder(IntentRecord)

/**
 * Reads the records of one workspace, and ignores those of others, which a shared store may return. Fails with
 * `IntentStoreError` where the store does, and where it returns no array.
 */
export const read = (store: IntentStore, workspace: string): Effect.Effect<StoredIntents, IntentStoreError> => {
  const decoded: Decoded = new WeakMap()
  return Effect.flatMap(
    Effect.suspend(() => store.all(workspace)),
    (values: unknown) =>
      Array.isArray(values)
        ? Effect.succeed(decodeAll(values, workspace, decoded))
        : Effect.fail(new IntentStoreError({ message: "it returned no array of records" })),
  )
}

const intentIn = (record: unknown): object | undefined => {
  const intent: unknown = Predicate.isObject(record) ? Reflect.get(record, "intent") : undefined
  return Predicate.isObject(intent) ? intent : undefined
}

const isResolved = (record: unknown): boolean =>
  Predicate.isObject(record) && (Reflect.get(record, "resolution") ?? undefined) !== undefined

const decodeAll = (values: ReadonlyArray<unknown>, workspace: string, decoded: Decoded): StoredIntents => {
  const records: Array<IntentRecord> = []
  const unreadable: Array<StoredIntents["unreadable"][number]> = []
  for (const value of values) {
    const intentObject = intentIn(value)
    const cached = intentObject && decoded.get(intentObject)
    const owner = cached?.sync.workspace ?? workspaceOf(value)?.intent.sync.workspace
    if (owner !== undefined && owner !== workspace) continue
    if (cached !== undefined && !isResolved(value)) {
      records.push({ intent: cached })
      continue
    }
    const record = decodeRecord(value)
    if (Result.isSuccess(record)) {
      records.push(record.success)
      if (intentObject !== undefined) decoded.set(intentObject, record.success.intent)
    } else {
      const id = idOf(value)?.intent.id ?? "without an id"
      unreadable.push({ sync: syncOf(value)?.intent.sync, why: `intent ${id}: ${FieldIssue.toText(record.failure)}` })
    }
  }
  return { records, unreadable }
}

/** Logs a warning for each record that does not decode, and returns the decoded records. */
export const reportUnreadable = <E>(
  workspace: string,
  stored: Effect.Effect<StoredIntents, E>,
): Effect.Effect<StoredIntents["records"], E> =>
  Effect.flatMap(stored, ({ records, unreadable }) =>
    Effect.forEach(unreadable, ({ why }) =>
      Effect.logWarning("An intent in the store cannot be decoded: settle it by hand, or remove it").pipe(
        Effect.annotateLogs({ workspace, why }),
      ),
    ).pipe(Effect.as(records)),
  )
