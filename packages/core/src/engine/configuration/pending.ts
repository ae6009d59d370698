/**
 * What changes have left in the journal: listing them, finding out what became of one, and concluding it by hand. Nothing here
 * changes anything at the vendor.
 */
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Change, Stored } from "../../journal/Journal.ts"
import { type ChangeResolution, ChangeSettlement } from "../../model/Change.ts"
import { type ChangeEntry, EntryId } from "../../model/JournalEntry.ts"
import { InvalidRequest, TriggerBusy } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Logging from "../../telemetry/logging.ts"
import * as Entries from "../entries.ts"
import { observed as observedIn } from "../observing.ts"
import * as Call from "../trigger/call.ts"
import * as Open from "../trigger/open.ts"
import * as ChangeCall from "./changeCall.ts"
import { type ChangeContext, notSent, readSync } from "./changeContext.ts"
import * as Detached from "./detached.ts"
import * as OpenCreate from "./openCreate.ts"

/** The entry of a change that somebody may still have to look after. */
export interface PendingChange {
  readonly entry: ChangeEntry
  /** When the journal was read, by the store's clock. */
  readonly readAt: DateTime.Utc
  /** Whether the call that owns the entry is at work. */
  readonly isOwnerAlive: boolean
}

/** What of a passed entry counts: it may come as JSON, and the journal has the rest. */
const NamedEntry = /* @__PURE__ */ Schema.Struct({ id: EntryId })

const isChange = (entry: Stored["entry"]): entry is ChangeEntry => entry.kind !== "trigger"

export const make = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
) => {
  const { context } = changes
  const { store } = context
  const observed = observedIn(context)

  const listPending = Effect.fn("Administration.pending")(
    function* (): Effect.fn.Return<ReadonlyArray<PendingChange>, RetlError> {
      const entries = yield* Entries.list(context)
      return entries.flatMap(({ entry, readAt, isOwnerAlive }) =>
        isChange(entry) ? [{ entry, readAt, isOwnerAlive }] : [],
      )
    },
    Effect.mapError((error) => error.with({ operation: "pendingChanges" })),
    (listing) => observed("Administration.pending", "pending")(listing),
  )

  /** Reads an entry anew. Fails unless it is a change's of this workspace. */
  const read = Effect.fnUntraced(function* (
    operation: string,
    input: ChangeEntry | string,
  ): Effect.fn.Return<{ readonly stored: Stored; readonly entry: ChangeEntry }, RetlError> {
    const given = typeof input === "string" ? { id: input } : input
    const { id } = yield* context.decodeInput(operation, NamedEntry, given, ["entry"], { excess: "ignore" })
    const record = yield* store.get(id)
    if (record?._tag === "Unreadable") return yield* context.unreadableRecord(operation, record)
    if (record === undefined || !isChange(record.entry)) {
      const message = "Expected the entry of a change in this workspace's journal: it has none with this id"
      return yield* context.error(operation, new InvalidRequest({ issues: [{ path: ["entry", "id"], message }] }))
    }
    const { entry } = record
    yield* Entries.requireOurs(context, operation, entry)
    return { stored: record, entry }
  })

  const subjectOf = (operation: string, { kind, identity, fingerprint, sync }: ChangeEntry): ChangeCall.Subject => ({
    ...{ kind, operation, identity, fingerprint },
    ...(sync !== undefined && { sync }),
  })

  const resolve = Effect.fn("Administration.resolve")(
    function* (input: ChangeEntry | string): Effect.fn.Return<ChangeResolution, RetlError> {
      const operation = "resolveChange"
      const { entry: first } = yield* read(operation, input)
      return yield* ChangeCall.within(
        context,
        subjectOf(operation, first),
        yield* Call.generateOwner,
        (request) => request,
        (call) =>
          Effect.gen(function* () {
            const { stored, entry } = yield* read(operation, first)
            if (!OpenCreate.isOpenChange(entry)) return resolutionOf(entry)
            if (entry.kind === "create") {
              const { resolution } = yield* OpenCreate.conclude(changes, call, stored, entry, entry.fingerprint.ends)
              return resolution
            }
            return yield* lookUp(call, stored, entry)
          }),
      ).pipe(Effect.mapError(notSent))
    },
    (resolving) => observed("Administration.resolve", "resolve")(resolving),
  )

  /** Reads whether an update or a delete shows, once it can have had its effect. */
  const lookUp = Effect.fnUntraced(function* (
    call: ChangeCall.ChangeCall,
    { readAt }: Stored,
    entry: OpenCreate.OpenChange,
  ): Effect.fn.Return<ChangeResolution, RetlError> {
    const { sync, fingerprint } = entry
    const unclear = (why: string): ChangeResolution => ({ _tag: "Ambiguous", candidates: [], why })
    const isDecidable =
      entry.kind === "delete" || (fingerprint.fields ?? ["part"]).every((field) => field === "enabled")
    if (fingerprint.fields?.includes("switchOver") === true) {
      return unclear("a switch-over ended on its way: call it again, or with the two syncs exchanged to undo it")
    }
    if (sync === undefined || !isDecidable)
      return unclear("the journal does not keep what was requested: read the sync")
    yield* OpenCreate.untilShown(context, entry, readAt)
    const shown = yield* context.withIds("resolveChange", sync, (ids: Ids) => readSync(changes, "resolveChange", ids))
    const isOn = shown?.isSwitchedOn ?? (shown?.state === "unknown" ? undefined : shown && shown.state === "enabled")
    if (entry.kind === "update" && isOn === undefined) {
      return unclear(shown === undefined ? "the sync does not exist any more" : "the vendor does not show its state")
    }
    const isDone = entry.kind === "delete" ? shown === undefined : isOn === fingerprint.enabled
    const change: Change = isDone ? { state: "finished" } : { state: "not-started" }
    yield* store.update(entry, change, call.owner)
    const evidence = shown === undefined ? "the sync does not exist" : `the sync is ${shown.state}`
    return isDone ? { _tag: "Done", sync, evidence } : { _tag: "NotDone", evidence }
  })

  const settle = Effect.fn("Administration.settle")(
    function* (input: ChangeEntry | string, settlement: ChangeSettlement): Effect.fn.Return<void, RetlError> {
      const operation = "settleChange"
      const decided = yield* context.decodeInput(operation, ChangeSettlement, settlement, ["settlement"], {
        excess: "ignore",
      })
      const { stored, entry } = yield* read(operation, input)
      const refuse = (path: ReadonlyArray<string>, message: string) =>
        context.error(operation, new InvalidRequest({ issues: [{ path, message }] }))
      // The vendor accepted the create, and did not say which sync it made.
      const isUnnamed = entry.kind === "create" && entry.state === "started" && entry.created === undefined
      if (isUnnamed && decided === "abandoned") {
        return yield* refuse(["settlement"], "Expected { created } or not-done: the vendor has accepted this create")
      }
      if (!OpenCreate.isOpenChange(entry) && !isUnnamed) {
        return yield* refuse(["entry", "state"], `Expected an entry that is open, found one that is ${entry.state}`)
      }
      if (OpenCreate.isOpenChange(entry) && (stored.isOwnerAlive || Open.concludableIn(entry, stored.readAt) > 0)) {
        const freeAt = Open.concludableFrom(entry)
        return yield* context.error(operation, new TriggerBusy({ owner: entry.owner, entry: entry.id, freeAt }))
      }
      if (typeof decided !== "string" && entry.kind !== "create") {
        return yield* refuse(["settlement", "created"], `Expected no created sync: the entry is of ${entry.kind}`)
      }
      if (decided === "done" && entry.kind === "create") {
        return yield* refuse(["settlement"], "Expected the sync that the create made, as { created }")
      }
      if (typeof decided !== "string") yield* context.requireSync(operation, decided.created)
      const updated = yield* store.update(entry, changeOf(decided), yield* Call.generateOwner)
      if (updated._tag !== "Updated") {
        return yield* refuse(["entry"], "Expected the entry as it was: another call has concluded it meanwhile")
      }
      yield* Logging.info("The entry of a change was settled by hand", {
        ...Detached.annotationsOf(context, subjectOf(operation, entry)),
        entry: entry.id,
        settlement: typeof decided === "string" ? decided : String(decided.created),
      })
    },
    (settling) => observed("Administration.settle", "settle")(settling),
  )

  return { pending: Effect.suspend(() => listPending()), resolve, settle }
}

const changeOf = (settlement: ChangeSettlement): Change => {
  if (typeof settlement !== "string") return { state: "finished", created: settlement.created }
  if (settlement === "done") return { state: "finished" }
  return settlement === "not-done" ? { state: "not-started" } : { state: "abandoned", candidates: [] }
}

/** Returns what an entry that is not open says itself. */
const resolutionOf = (entry: ChangeEntry): ChangeResolution => {
  switch (entry.state) {
    case "started":
    case "finished": {
      if (entry.kind === "create" && entry.created === undefined) {
        return { _tag: "Ambiguous", candidates: [], why: "the vendor accepted it, and no read has shown its sync" }
      }
      const sync: SyncRef | undefined = entry.created ?? entry.sync
      return {
        _tag: "Done",
        ...(sync !== undefined && { sync }),
        evidence: "the vendor accepted it, or reads showed it",
      }
    }
    case "abandoned":
      return {
        _tag: "Ambiguous",
        candidates: entry.candidates.filter((candidate) => "ids" in candidate),
        why: "it was given up",
      }
    case "refused":
      return { _tag: "NotDone", evidence: "the vendor refused it" }
    default:
      return { _tag: "NotDone", evidence: "its request had no effect, or was not sent" }
  }
}
