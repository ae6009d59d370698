/**
 * What an earlier create of the same ends has left: its request may have been sent, and its call has ended. It is settled
 * before the next one, so that each new sync has one explanation.
 */
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Ends } from "../../driver/Administration.ts"
import type { Requests, Snapshot } from "../../driver/Catalog.ts"
import type { Stored } from "../../journal/Journal.ts"
import type { ChangeFailure, ChangeResolution } from "../../model/Change.ts"
import { type ChangeEntry, openStates } from "../../model/JournalEntry.ts"
import { TriggerBusy } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Open from "../trigger/open.ts"
import * as Candidates from "./candidates.ts"
import * as Catalog from "./catalog.ts"
import type { ChangeCall } from "./changeCall.ts"
import { type ChangeContext, requestsOf } from "./changeContext.ts"
import type { Course } from "./createCourse.ts"
import * as Detached from "./detached.ts"

/** What a create does about an earlier one that reads do not settle. */
export type WhenOpen = "fail" | "supersede"

/** The entry of a change whose request may have been sent. */
export type OpenChange = Extract<ChangeEntry, { readonly state: "sent" | "lost" }>

/** Returns whether an entry is an open one of a change. */
export const isOpenChange = (entry: Stored["entry"]): entry is OpenChange =>
  entry.kind !== "trigger" && (entry.state === "sent" || entry.state === "lost")

/** Settles the earlier creates of these ends. Returns the ids of their entries: their syncs were only found. */
export const settleEarlier = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { changes, call, wanted }: Course<Ids, Native, Spec, ChangedSpec>,
  ends: Ends,
  whenOpen: WhenOpen,
): Effect.fn.Return<ReadonlySet<string>, ChangeFailure> {
  const { context } = changes
  const settled = new Set<string>()
  const { entries } = yield* context.store.list({ identity: call.identity, states: openStates })
  for (const stored of entries) {
    const { entry } = stored
    if (!isOpenChange(entry)) continue
    const { resolution, snapshots } = yield* conclude(changes, call, stored, entry, ends)
    settled.add(entry.id)
    if (resolution._tag !== "Ambiguous") continue
    if (whenOpen === "fail") {
      const error = context.error("createSync", new TriggerBusy({ owner: entry.owner, entry: entry.id }))
      return yield* Candidates.indeterminate(changes, wanted, snapshots, error, entry.id)
    }
    yield* context.store.update(entry, { state: "abandoned", candidates: resolution.candidates }, call.owner)
    yield* Logging.warn("An earlier create may have happened: it is given up", {
      ...Detached.annotationsOf(context, call.subject),
      entry: entry.id,
      candidates: resolution.candidates.map(String),
    })
  }
  return settled
})

/** Waits until the request of an entry can have had its effect and reads show it. */
export const untilShown = (context: WorkspaceContext, entry: OpenChange, readAt: DateTime.Utc): Effect.Effect<void> =>
  context.closing.until(
    Effect.sleep(Duration.millis(Open.concludableIn(entry, readAt) + Duration.toMillis(context.readLag))),
  )

/** Finds out what became of an open create, once it can have had its effect, and writes it. The caller holds the lease. */
export const conclude = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall,
  { readAt }: Stored,
  entry: OpenChange,
  ends: Ends,
): Effect.fn.Return<
  { readonly resolution: ChangeResolution; readonly snapshots: ReadonlyArray<Snapshot<Ids, Native>> },
  RetlError
> {
  const { context } = changes
  yield* untilShown(context, entry, readAt)
  const requests: Requests = requestsOf(context, "createSync")
  const before = new Set(entry.request.fence.syncs.map(context.identityOf))
  const found = yield* Effect.option(Candidates.find(changes, { ...call, entry }, requests, ends, before))
  if (Option.isNone(found))
    return { resolution: ambiguous([], "the syncs of these ends cannot be read"), snapshots: [] }
  const snapshots = found.value
  const refs = (yield* Effect.forEach(snapshots, ({ ids }) =>
    Effect.option(Catalog.toRef(context, "createSync", ids)),
  )).flatMap(Option.toArray)
  const write = (change: Parameters<typeof context.store.update>[1], resolution: ChangeResolution) =>
    Effect.map(context.store.update(entry, change, call.owner), (updated) =>
      updated._tag === "Updated"
        ? { resolution, snapshots }
        : { resolution: ambiguous(refs, "its entry has changed meanwhile"), snapshots },
    )
  const [only] = snapshots
  const [created] = refs
  if (only === undefined) {
    return yield* write({ state: "not-started" }, { _tag: "NotDone", evidence: "no new sync of these ends exists" })
  }
  const isOurs = created !== undefined && snapshots.length === 1 && Candidates.hasName(entry.fingerprint.name, only)
  if (!isOurs || !entry.request.exclusive) {
    const why = isOurs
      ? "the create was not exclusive: somebody else may have made it"
      : "no new sync, or several, are like the one that was requested"
    return { resolution: ambiguous(refs, why), snapshots }
  }
  return yield* write(
    { state: "finished", created },
    { _tag: "Done", sync: created, evidence: "it is the only new sync of these ends, and nothing else creates any" },
  )
})

const ambiguous = (candidates: ReadonlyArray<SyncRef>, why: string): ChangeResolution => ({
  _tag: "Ambiguous",
  candidates,
  why,
})
