/** The key of a create: one sync for each key, however often and wherever it is called. The caller holds the lease of its ends. */
import * as Effect from "effect/Effect"
import type { Snapshot } from "../../driver/Catalog.ts"
import type { JournalRecord, Version } from "../../journal/Journal.ts"
import type { ChangeEntry } from "../../model/JournalEntry.ts"
import { InvalidRequest, NotFound, TriggerBusy } from "../../model/Reason.ts"
import { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Entries from "../entries.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Call from "../trigger/call.ts"
import * as ChangeCall from "./changeCall.ts"
import { notSent, orMissing, readCurrent } from "./changeContext.ts"
import type { Course } from "./createCourse.ts"

/** What a key has led to. */
export type Earlier<Ids, Native> =
  /** Nothing: this call has claimed the key, or has none. */
  | { readonly _tag: "Nothing" }
  /** The vendor accepted the create, and no read has shown since which sync it made. `before` are the syncs before it. */
  | { readonly _tag: "Accepted"; readonly before: ReadonlyArray<SyncRef> }
  /** This sync. `isWhole` says that nothing is left to send. */
  | {
      readonly _tag: "Created"
      readonly snapshot: Snapshot<Ids, Native>
      readonly entry: string
      readonly isWhole: boolean
    }

const operation = "createSync"

/** Claims the key, or returns what it has led to. */
export const take = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  course: Course<Ids, Native, Spec, ChangedSpec>,
): Effect.fn.Return<Earlier<Ids, Native>, RetlError> {
  const { changes, call } = course
  const { context } = changes
  const { key, identity } = { key: call.subject.key, identity: call.identity }
  if (key === undefined) return { _tag: "Nothing" }
  const record = yield* context.store.find(identity, key)
  if (record === undefined) return yield* claim(course)
  const entry = yield* requireSame(course, record)
  if (entry.state === "claimed") return yield* takeOver(course, entry)
  if (entry.state !== "started" && entry.state !== "finished") return yield* claim(course, entry)
  call.entry = entry
  const { created } = entry
  if (created === undefined) return { _tag: "Accepted", before: entry.request?.fence.syncs ?? [] }
  const snapshot = yield* context.withIds(operation, homed(context.name, created), (ids: Ids) =>
    Effect.mapError(orMissing(readCurrent(changes, operation, ids, false)), notSent),
  )
  if (snapshot === undefined) {
    const gone = context.error(operation, new NotFound({ what: "sync" }), "not-sent", goneText)
    return yield* gone.about(created)
  }
  return { _tag: "Created", snapshot, entry: entry.id, isWhole: entry.state === "finished" }
})

const goneText = "the sync that this key made does not exist any more: another needs another key"

/** Returns a ref under the workspace's own name: the entry may be of a workspace with another name. */
const homed = (workspace: string, { vendor, ids }: SyncRef): SyncRef => new SyncRef({ workspace, vendor, ids })

/** Fails where the key has made another definition, or its entry cannot be decoded. */
const requireSame = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { changes: { context }, call }: Course<Ids, Native, Spec, ChangedSpec>,
  record: JournalRecord,
): Effect.fn.Return<ChangeEntry, RetlError> {
  if (record._tag === "Unreadable") return yield* context.unreadableRecord(operation, record)
  const { entry } = record
  if (entry.kind === "create" && entry.fingerprint.digest === call.subject.fingerprint.digest) return entry
  const message = "Expected a key of this definition: the journal has it with another one"
  return yield* context.error(operation, new InvalidRequest({ issues: [{ path: ["options", "key"], message }] }))
})

const claim = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { changes: { context }, call }: Course<Ids, Native, Spec, ChangedSpec>,
  after?: Version,
): Effect.fn.Return<Earlier<Ids, Native>, RetlError> {
  const { store, journalLease: lease, closing } = context
  const { owner } = call
  const draft = ChangeCall.draftOf(context, call, yield* Call.generateId)
  const undo = closing.background(Entries.undo(context, owner, draft.id, "claimed"))
  yield* Effect.uninterruptibleMask((restore) =>
    restore(store.claim({ draft, owner, lease, ...(after !== undefined && { after }) })).pipe(
      Effect.onInterrupt(() => undo),
      Effect.flatMap((claimed) => {
        if (claimed._tag === "Exists") return Effect.fail(context.error(operation, new TriggerBusy({})))
        call.entry = claimed.stored.entry
        return Effect.void
      }),
    ),
  )
  return { _tag: "Nothing" }
})

/** Takes over the claim of a call that has ended: this one holds the lease. Its claim expires within a lease. */
const takeOver = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { changes: { context }, call }: Course<Ids, Native, Spec, ChangedSpec>,
  entry: Version,
): Effect.fn.Return<Earlier<Ids, Native>, RetlError> {
  const { store, journalLease } = context
  const taken = yield* RetryLoop.until(
    journalLease,
    Effect.map(store.takeOver(entry, { owner: call.owner, lease: journalLease }), (result) =>
      result._tag === "Claimed" ? result : undefined,
    ),
    RetryLoop.steady,
  )
  if (taken === undefined) return yield* context.error(operation, new TriggerBusy({}))
  call.entry = taken.stored.entry
  return { _tag: "Nothing" }
})
