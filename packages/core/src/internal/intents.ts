/** Intents that come from outside: handed to `resolve`, or kept by a store that gives back what it parsed. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as FieldIssue from "../FieldIssue.ts"
import type { Intent } from "../Intent.ts"
import { type IntentRecord, type IntentStore, IntentStoreError } from "../IntentStore.ts"
import * as Reader from "../Reader.ts"
import { runRef, syncRef } from "../Ref.ts"
import { scope } from "../Scope.ts"
import type { Resolution } from "../Trigger.ts"

const time = Reader.optional(Reader.dateTime)

export const intent: Reader.Reader<Intent> = Reader.struct({
  version: Reader.literals([1]),
  id: Reader.string,
  sync: syncRef,
  scope: Reader.optional(scope),
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
  const before = issues.length
  const { _tag } = tag(value, issues)
  return endings[issues.length > before ? "NotStarted" : _tag](value, issues)
}

const record: Reader.Reader<IntentRecord> = Reader.struct({ intent, resolution: Reader.optional(resolution) })

/** The store, whose records are read. One that is none makes the store unreadable: it may be an open trigger. */
export const checked = (store: IntentStore): IntentStore => ({
  put: (one) => store.put(one),
  remove: (id) => store.remove(id),
  all: (workspace) =>
    Effect.flatMap(store.all(workspace), (records) => {
      const read = Reader.read(Reader.array(record), records)
      return Result.isSuccess(read)
        ? Effect.succeed(read.success)
        : Effect.fail(new IntentStoreError({ message: `a record that is none: ${FieldIssue.toText(read.failure)}` }))
    }),
})
