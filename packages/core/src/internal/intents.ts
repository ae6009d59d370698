/** Intents that come from outside: handed to `resolve`, or kept by a store that gives back what it parsed. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as FieldIssue from "../FieldIssue.ts"
import type { Intent } from "../Intent.ts"
import { type IntentRecord, type IntentStore, IntentStoreError } from "../IntentStore.ts"
import * as Reader from "../Reader.ts"
import { runRef, type SyncRef, syncRef } from "../Ref.ts"
import { scope } from "../Scope.ts"
import type { Resolution } from "../Trigger.ts"

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

/** The records of one workspace; what a shared store holds of others is left out, readable or not. */
export const held = (store: IntentStore, workspace: string): Effect.Effect<Held, IntentStoreError> =>
  Effect.flatMap(
    Effect.suspend(() => store.all(workspace)),
    (found: unknown) =>
      Array.isArray(found)
        ? Effect.succeed(readAll(found, workspace))
        : Effect.fail(new IntentStoreError({ message: "it gave no array of records" })),
  )

const readAll = (found: ReadonlyArray<unknown>, workspace: string): Held => {
  const records: Array<IntentRecord> = []
  const unread: Array<Held["unread"][number]> = []
  for (const one of found) {
    const whose = Reader.orUndefined(owner, one)
    if (whose !== undefined && whose.intent.sync.workspace !== workspace) continue
    const read = Reader.read(record, one)
    if (Result.isSuccess(read)) records.push(read.success)
    else {
      const id = Reader.orUndefined(named, one)?.intent.id ?? "without an id"
      const why = `intent ${id}: ${FieldIssue.toText(read.failure)}`
      unread.push({ sync: Reader.orUndefined(about, one)?.intent.sync, why })
    }
  }
  return { records, unread }
}
