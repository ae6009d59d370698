/** Intents that come from outside: handed to `resolve`, or kept by a store that gives back what it parsed. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as FieldIssue from "../model/FieldIssue.ts"
import type { Intent } from "../model/Intent.ts"
import * as Reader from "../model/Reader.ts"
import { runRef, type SyncRef, syncRef } from "../model/Ref.ts"
import { scope } from "../model/Scope.ts"
import type { Resolution } from "../model/Trigger.ts"
import { type IntentRecord, type IntentStore, IntentStoreError } from "./IntentStore.ts"

/** What a database gives back for nothing is nothing. */
const maybe = <A>(reader: Reader.Reader<A>): Reader.Optional<A> => ({
  optional: (value, issues) => (value === undefined || value === null ? undefined : reader(value, issues)),
})

const time = maybe(Reader.dateTime)

export const intent: Reader.Reader<Intent> = Reader.struct({
  version: Reader.literals([1]),
  id: Reader.string,
  sync: syncRef,
  scope: maybe(scope),
  exclusive: Reader.boolean,
  fence: Reader.struct({ runs: Reader.array(Reader.string), newest: time, asOf: time, complete: Reader.boolean }),
  sentAt: Reader.dateTime,
  lostAt: time,
})

const endings: Readonly<Record<Resolution["_tag"], Reader.Reader<Resolution>>> = {
  Started: Reader.struct({ _tag: Reader.literals(["Started"]), run: runRef, evidence: Reader.string }),
  NotStarted: Reader.struct({ _tag: Reader.literals(["NotStarted"]), evidence: Reader.string }),
  Ambiguous: Reader.struct({
    _tag: Reader.literals(["Ambiguous"]),
    candidates: Reader.array(runRef),
    why: Reader.string,
  }),
}

const tag = Reader.struct({ _tag: Reader.literals(["Started", "NotStarted", "Ambiguous"]) })

const resolution: Reader.Reader<Resolution> = (value, issues) => {
  const known = Reader.orUndefined(tag, value)
  return (known === undefined ? endings.NotStarted : endings[known._tag])(value, issues)
}

const record: Reader.Reader<IntentRecord> = Reader.struct({ intent, resolution: maybe(resolution) })

const owner = Reader.struct({ intent: Reader.struct({ sync: Reader.struct({ workspace: Reader.string }) }) })
const named = Reader.struct({ intent: Reader.struct({ id: Reader.string }) })
const about = Reader.struct({ intent: Reader.struct({ sync: syncRef }) })

/** What a store holds of one workspace. */
export interface Held {
  readonly records: ReadonlyArray<IntentRecord>
  /** What cannot be read, as a record of a later version; of which sync it is, where that much can. */
  readonly unread: ReadonlyArray<{ readonly sync: SyncRef | undefined; readonly why: string }>
}

/** Intents that were read before, by what a store gave for them: none ever changes. */
type Known = WeakMap<object, Intent>

/** The records of one workspace; what a shared store holds of others is left out, readable or not. */
export const held = (store: IntentStore, workspace: string): Effect.Effect<Held, IntentStoreError> => {
  const known: Known = new WeakMap()
  return Effect.flatMap(
    Effect.suspend(() => store.all(workspace)),
    (found: unknown) =>
      Array.isArray(found)
        ? Effect.succeed(readAll(found, workspace, known))
        : Effect.fail(new IntentStoreError({ message: "it gave no array of records" })),
  )
}

/** The parts of what may be a record. */
const rough = (one: unknown): { readonly intent: object | undefined; readonly resolution: unknown } => {
  if (!Predicate.isObject(one)) return { intent: undefined, resolution: undefined }
  const intent: unknown = Reflect.get(one, "intent")
  return { intent: Predicate.isObject(intent) ? intent : undefined, resolution: Reflect.get(one, "resolution") }
}

const readAll = (found: ReadonlyArray<unknown>, workspace: string, known: Known): Held => {
  const records: Array<IntentRecord> = []
  const unread: Array<Held["unread"][number]> = []
  for (const one of found) {
    const { intent: given, resolution: told } = rough(one)
    const before = given && known.get(given)
    const whose = before?.sync.workspace ?? Reader.orUndefined(owner, one)?.intent.sync.workspace
    if (whose !== undefined && whose !== workspace) continue
    if (before !== undefined && (told ?? undefined) === undefined) {
      records.push({ intent: before })
      continue
    }
    const read = Reader.read(record, one)
    if (Result.isSuccess(read)) {
      records.push(read.success)
      if (given !== undefined) known.set(given, read.success.intent)
    } else {
      const id = Reader.orUndefined(named, one)?.intent.id ?? "without an id"
      const why = `intent ${id}: ${FieldIssue.toText(read.failure)}`
      unread.push({ sync: Reader.orUndefined(about, one)?.intent.sync, why })
    }
  }
  return { records, unread }
}

/** The records, once it has been said what could not be read. */
export const told = <E>(workspace: string, what: Effect.Effect<Held, E>): Effect.Effect<Held["records"], E> =>
  Effect.flatMap(what, ({ records, unread }) =>
    Effect.forEach(unread, ({ why }) =>
      Effect.logWarning("an intent in the store cannot be read: settle it by hand, or remove it").pipe(
        Effect.annotateLogs({ workspace, why }),
      ),
    ).pipe(Effect.as(records)),
  )
