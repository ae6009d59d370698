/**
 * What others have left: listing pending entries, finding out what became of one, going on with its run, and concluding
 * it by hand. Nothing here sends a trigger.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Stored, TriggerChange } from "../../journal/Journal.ts"
import * as Input from "../../model/Input.ts"
import { EntryId, Key, type TriggerEntry } from "../../model/JournalEntry.ts"
import { type Finished, judge } from "../../model/Outcome.ts"
import { InvalidRequest, TriggerBusy } from "../../model/Reason.ts"
import { type RunRef, SyncRef, VendorName, WorkspaceName } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { Run } from "../../model/Run.ts"
import { type How, type Resolution, Settlement, TriggerIndeterminate } from "../../model/Trigger.ts"
import type * as Wait from "../../model/Wait.ts"
import * as Logging from "../../telemetry/logging.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Entries from "../entries.ts"
import { observed as observedIn } from "../observing.ts"
import * as Call from "./call.ts"
import * as Claims from "./claims.ts"
import * as Hold from "./hold.ts"
import * as Open from "./open.ts"

/** An entry that somebody may still have to go on with. */
export interface Pending {
  readonly entry: TriggerEntry
  /** When the journal was read, by the store's clock. */
  readonly readAt: DateTime.Utc
  /** Whether the call that owns the entry is at work; false once the run has started. */
  readonly isOwnerAlive: boolean
}

/** How `resume` ends when it does not fail. */
export type Resumed =
  /** The run has ended. */
  | { readonly _tag: "Finished"; readonly finished: Finished }
  /** The entry started no run; its key, if it has one, is free. */
  | { readonly _tag: "NotStarted"; readonly evidence: string }

/** What a caller may pass to name an entry: the entry, or the sync and the key. */
export type Named = TriggerEntry | { readonly sync: SyncRef; readonly key: string }

/** Waits for the end of a run, and judges it. */
export type AwaitFinished = (
  run: RunRef,
  options: Wait.Options,
  how: How,
) => Effect.Effect<Finished, RetlError | Wait.Unended>

/** What of a passed entry counts: it may come as JSON, and the journal has the rest. */
const NamedEntry = /* @__PURE__ */ Schema.Struct({
  kind: Schema.Literal("trigger"),
  id: EntryId,
  vendor: VendorName,
  baseUrl: Schema.String,
  workspace: WorkspaceName,
  sync: SyncRef,
})
interface NamedEntry extends Schema.Schema.Type<typeof NamedEntry> {}

export const make = (context: WorkspaceContext, wait: AwaitFinished) => {
  const { store, closing } = context
  const observed = observedIn(context)
  /** Returns what ends a call that is about an entry. */
  const ofEntry =
    (...[name, operation]: Parameters<typeof observed>) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>, named: Named): Effect.Effect<A, E, R> =>
      observed(name, operation)(effect, Input.field(named, "sync") as SyncRef | undefined)

  const listPending = Effect.fn("Runs.pending")(
    function* (): Effect.fn.Return<ReadonlyArray<Pending>, RetlError> {
      const entries = yield* Entries.list(context)
      return entries.flatMap(({ entry, readAt, isOwnerAlive }) =>
        entry.kind === "trigger" ? [{ entry, readAt, isOwnerAlive }] : [],
      )
    },
    Effect.mapError((error) => error.with({ operation: "pending" })),
    (listing) => observed("Runs.pending", "pending")(listing),
  )

  /** Reads an entry anew. Fails unless it is a trigger's of this workspace. */
  const read = Effect.fnUntraced(function* (
    operation: string,
    input: TriggerEntry,
  ): Effect.fn.Return<{ readonly stored: Stored; readonly entry: TriggerEntry }, RetlError> {
    const passed = yield* context.decodeInput(operation, NamedEntry, input, ["entry"], { excess: "ignore" })
    yield* requireOurs(operation, passed)
    const found = yield* readAgain(operation, passed.id)
    yield* requireOurs(operation, found.entry)
    yield* Tracing.annotate(() => ({ "openretl.entry.id": passed.id }))
    return found
  })

  const readAgain = Effect.fnUntraced(function* (
    operation: string,
    id: string,
  ): Effect.fn.Return<{ readonly stored: Stored; readonly entry: TriggerEntry }, RetlError> {
    const record = yield* store.get(id)
    if (record?._tag === "Unreadable") return yield* context.unreadableRecord(operation, record)
    if (record?._tag !== "Stored" || record.entry.kind !== "trigger") {
      const message = "Expected an entry of this workspace's journal: it has none with this id"
      return yield* context.error(operation, new InvalidRequest({ issues: [{ path: ["entry", "id"], message }] }))
    }
    return { stored: record, entry: record.entry }
  })

  const requireOurs = Effect.fnUntraced(function* (operation: string, entry: NamedEntry) {
    yield* Entries.requireOurs(context, operation, entry)
    yield* context.requireSync(operation, entry.sync)
  })

  /** Looks an open entry up, in its sync's turn and lease. Any other entry says itself what became of it. */
  const resolveStored = Effect.fnUntraced(function* (
    entry: TriggerEntry,
    sync: SyncRef,
  ): Effect.fn.Return<Resolution, RetlError> {
    const call = yield* Call.make(context, sync, { whenRunning: "fail", scope: entry.scope })
    return yield* Hold.within(context, call, () =>
      closing.until(
        Effect.gen(function* () {
          const { stored, entry: current } = yield* readAgain("resolve", entry.id)
          if (!Open.isOpenTrigger(current)) return Open.resolutionOf(stored)
          return yield* Open.conclude(context, call, stored, current)
        }),
      ),
    )
  })

  const resolve = Effect.fn("Runs.resolve")(
    function* (input: TriggerEntry): Effect.fn.Return<Resolution, RetlError> {
      const { stored, entry } = yield* read("resolve", input)
      return Open.isOpenTrigger(entry) ? yield* resolveStored(entry, entry.sync) : Open.resolutionOf(stored)
    },
    ofEntry("Runs.resolve", "resolve"),
  )

  const find = Effect.fnUntraced(function* (named: Named) {
    if (!Predicate.isObject(named) || !("key" in named) || "kind" in named) {
      const found = yield* read("resume", named as TriggerEntry)
      return { ...found, sync: found.entry.sync }
    }
    const sync = yield* context.requireSync("resume", named.sync)
    const key = yield* context.decodeInput("resume", Key, named.key, ["key"])
    yield* Tracing.annotate(() => ({ "openretl.key": key }))
    const record = yield* store.find(context.identityOf(sync), key)
    if (record?._tag === "Unreadable") return yield* context.unreadableRecord("resume", record)
    if (record?._tag === "Stored" && record.entry.kind === "trigger") {
      return { stored: record, entry: record.entry, sync }
    }
    const message = `Expected a key that the journal has at this sync, found "${key}"`
    return yield* context.error("resume", new InvalidRequest({ issues: [{ path: ["key"], message }] }))
  })

  const resume = Effect.fn("Runs.resume")(
    function* (
      named: Named,
      options: Wait.Options = {},
    ): Effect.fn.Return<Resumed, RetlError | Wait.Unended | TriggerIndeterminate> {
      // The key may be of another workspace of the account, with another name: the call's own ref of the sync counts.
      const { sync, ...found } = yield* find(named)
      let { stored, entry } = found
      if (entry.state === "claimed") return yield* dropClaimed(entry)
      if (Open.isOpenTrigger(entry)) {
        const resolution = yield* resolveStored(entry, sync)
        if (resolution._tag === "NotStarted") return resolution
        if (resolution._tag === "Ambiguous") {
          const { candidates, why } = resolution
          return yield* new TriggerIndeterminate({ entry, candidates, why, delivery: "not-sent" })
        }
        const again = yield* readAgain("resume", entry.id)
        stored = again.stored
        entry = again.entry
      }
      switch (entry.state) {
        case "started": {
          Claims.claim(context, entry.run, entry.id)
          const finished = yield* wait(
            Call.homed({ sync }, entry.run),
            options,
            entry.adopted === undefined ? "joined" : "adopted",
          )
          return { _tag: "Finished", finished }
        }
        case "finished":
          return {
            _tag: "Finished",
            finished: remembered(stored, { ...entry, run: Call.homed({ sync }, entry.run) }, options),
          }
        case "abandoned": {
          const { candidates } = entry
          return yield* new TriggerIndeterminate({ entry, candidates, why: "it was abandoned", delivery: "not-sent" })
        }
        default: {
          const resolution = Open.resolutionOf(stored)
          return { _tag: "NotStarted", evidence: "evidence" in resolution ? resolution.evidence : resolution.why }
        }
      }
    },
    ofEntry("Runs.resume", "resume"),
  )

  /** A claimed entry sent nothing: the store removes it once its owner is not alive any more. */
  const dropClaimed = Effect.fnUntraced(function* (entry: TriggerEntry): Effect.fn.Return<Resumed, RetlError> {
    const removed = yield* store.remove(entry, yield* Call.generateOwner)
    if (removed._tag === "Removed") return { _tag: "NotStarted", evidence: "its call ended before it sent anything" }
    return yield* context.error("resume", new TriggerBusy({ owner: entry.owner, entry: entry.id }))
  })

  const settle = Effect.fn("Runs.settle")(
    function* (input: TriggerEntry, settlement: Settlement): Effect.fn.Return<void, RetlError> {
      const decided = yield* context.decodeInput("settle", Settlement, settlement, ["settlement"], { excess: "ignore" })
      const { stored, entry } = yield* read("settle", input)
      if (!Open.isOpenTrigger(entry)) {
        const message = `Expected an entry that is open, found one that is ${entry.state}`
        return yield* context.error("settle", new InvalidRequest({ issues: [{ path: ["entry", "state"], message }] }))
      }
      if (stored.isOwnerAlive || Open.concludableIn(entry, stored.readAt) > 0) {
        const freeAt = Open.concludableFrom(entry)
        return yield* context.error("settle", new TriggerBusy({ owner: entry.owner, entry: entry.id, freeAt }))
      }
      const change = yield* changeOf(entry, decided)
      const updated = yield* store.update(entry, change, yield* Call.generateOwner)
      if (updated._tag !== "Updated") {
        const message = "Expected the entry as it was: another call has concluded it meanwhile"
        return yield* context.error("settle", new InvalidRequest({ issues: [{ path: ["entry"], message }] }))
      }
      if (change.state === "started") Claims.claim(context, change.run, entry.id)
      yield* Logging.info("An entry was settled by hand", {
        entry: entry.id,
        sync: entry.sync.toString(),
        settlement: typeof decided === "string" ? decided : decided.run.toString(),
      })
    },
    ofEntry("Runs.settle", "settle"),
  )

  const changeOf = Effect.fnUntraced(function* (
    entry: TriggerEntry,
    settlement: Settlement,
  ): Effect.fn.Return<TriggerChange | { readonly state: "not-started" }, RetlError> {
    if (settlement === "not-started") return { state: "not-started" }
    if (settlement === "abandoned") return { state: "abandoned", candidates: [] }
    const run = yield* context.requireRun("settle", settlement.run)
    const fail = (message: string) =>
      context.error("settle", new InvalidRequest({ issues: [{ path: ["settlement", "run"], message }] }))
    if (context.identityOf(run.sync) !== entry.identity) return yield* fail("Expected a run of the entry's sync")
    const listed = yield* store.list({ identity: entry.identity, states: ["started", "finished"], limit: 1_000 })
    const other = listed.entries.find(
      ({ entry: other }) => other.kind === "trigger" && "run" in other && other.run.run === run.run,
    )
    if (other !== undefined) return yield* fail(`Expected a run that no other entry has: ${other.entry.id} has it`)
    return { state: "started", run, adopted: "lost-answer" }
  })

  return { pending: Effect.suspend(() => listPending()), resolve, resume, settle }
}

/** Returns the end that the journal has of a run, judged by the caller's policy. */
export const rememberedEnd = (
  {
    run,
    status,
    rows,
    age,
  }: Pick<Extract<TriggerEntry, { readonly state: "finished" }>, "run" | "status" | "rows"> & {
    readonly age: Duration.Duration
  },
  policy: Wait.Options["policy"],
): Finished => ({
  run: new Run({ ref: run, status, vendorStatus: status, rows, native: undefined }),
  ...judge({ status, rows }, policy),
  how: "remembered",
  age,
})

const remembered = (
  { readAt }: Stored,
  entry: Extract<TriggerEntry, { readonly state: "finished" }>,
  { policy }: Wait.Options,
): Finished => {
  const age = Math.max(0, DateTime.toEpochMillis(readAt) - DateTime.toEpochMillis(entry.endedAt))
  return rememberedEnd({ ...entry, age: Duration.millis(age) }, policy)
}
