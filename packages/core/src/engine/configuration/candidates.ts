/** The syncs that could be the result of a create: those of its ends that were not there before, and that no other create made. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Ends, NewSync } from "../../driver/Administration.ts"
import type { Requests, Snapshot } from "../../driver/Catalog.ts"
import { type Candidate, ChangeIndeterminate, type Definition } from "../../model/Change.ts"
import { InvalidRequest, type Reason } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { instant } from "../trigger/elapsed.ts"
import * as Catalog from "./catalog.ts"
import type { ChangeCall } from "./changeCall.ts"
import { type ChangeContext, notSent } from "./changeContext.ts"
import * as OwnWrites from "./ownWrites.ts"
import * as Remaining from "./remaining.ts"

/** The syncs of these ends right before a create. */
export interface Before {
  /** Their identities. */
  readonly identities: ReadonlySet<string>
  readonly refs: ReadonlyArray<SyncRef>
}

/**
 * Reads which syncs of its ends exist before a create; `undefined` where the vendor closes its list to the account, and where
 * an entry of it has no id: somebody's odd sync stops no create. Fails with `InvalidRequest` where the new sync cannot be created beside them.
 */
export const before = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  requests: Requests,
  sync: NewSync<Spec>,
): Effect.Effect<Before | undefined, RetlError> => {
  const { context, part } = changes
  return part.listCandidates(requests, part.ends(sync)).pipe(
    Effect.tap((snapshots) => refuseBeside(changes, sync, snapshots)),
    Effect.flatMap((snapshots) =>
      Effect.map(
        refsOf(context, snapshots),
        (refs): Before => ({
          identities: new Set(snapshots.map(({ ids }) => context.identityOfIds(ids))),
          refs,
        }),
      ),
    ),
    Effect.catchIf(
      ({ reason }) => reason._tag === "Unsupported" || isAboutIds(reason),
      () => Effect.succeed(undefined),
    ),
    Effect.mapError(notSent),
  )
}

/** Returns whether all that is wrong with an answer is that entries have no ids. */
const isAboutIds = (reason: Reason): boolean =>
  reason._tag === "UnexpectedResponse" &&
  reason.issues.length > 0 &&
  reason.issues.every(({ path }) => path.length > 1 && path.at(-1) === "id")

const refuseBeside = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { context, part }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  sync: NewSync<Spec>,
  snapshots: ReadonlyArray<Snapshot<Ids, Native>>,
): Effect.fn.Return<void, RetlError> {
  const now = yield* instant
  const others = snapshots.filter(({ ids }) => !OwnWrites.recentAt(context, context.identityOfIds(ids), now).isGone)
  const issues = part.existingIssues?.(sync, others) ?? []
  if (issues.length > 0) return yield* context.error("createSync", new InvalidRequest({ issues }))
})

const refsOf = (context: Parameters<typeof Catalog.toRef>[0], snapshots: ReadonlyArray<Snapshot>) =>
  Effect.map(
    Effect.forEach(snapshots, ({ ids }) => Effect.option(Catalog.toRef(context, "createSync", ids))),
    (refs) => refs.flatMap(Option.toArray),
  )

/** Returns whether a sync existed before a create, or was made by another one. */
export const isExplained = <Ids extends object, Native, Spec, ChangedSpec>(
  { context }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall,
  before: ReadonlySet<string> | undefined,
): Effect.Effect<(snapshot: Snapshot<Ids, Native>) => boolean, RetlError> =>
  Effect.gen(function* () {
    const now = yield* instant
    const states = ["started", "finished"] as const
    const { entries } = yield* context.store.list({ identity: call.identity, states, limit: 100 })
    // An older one shows in the list, or was deleted since: a vendor may give its id to the next sync.
    const lately = Duration.toMillis(OwnWrites.settlesWithin(context))
    const isLate = (writtenAt: DateTime.Utc, readAt: DateTime.Utc) =>
      DateTime.toEpochMillis(sentAt ?? readAt) - DateTime.toEpochMillis(writtenAt) <= lately
    const sentAt = call.entry && "request" in call.entry ? call.entry.request?.sentAt : undefined
    const made = new Set<string>()
    for (const { entry, readAt } of entries) {
      if (entry.kind === "trigger" || !("created" in entry) || entry.created === undefined) continue
      if (entry.id !== call.entry?.id && isLate(entry.writtenAt, readAt)) made.add(context.identityOf(entry.created))
    }
    return ({ ids }) => {
      const identity = context.identityOfIds(ids)
      return (
        before?.has(identity) === true || (made.has(identity) && !OwnWrites.recentAt(context, identity, now).isGone)
      )
    }
  })

/** Reads the candidates of a create. */
export const find = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall,
  requests: Requests,
  ends: Ends,
  before: ReadonlySet<string> | undefined,
): Effect.fn.Return<ReadonlyArray<Snapshot<Ids, Native>>, RetlError> {
  const { part } = changes
  const snapshots = yield* part.listCandidates(requests, ends)
  const isOther = yield* isExplained(changes, call, before)
  return snapshots.filter((snapshot) => hasEnds(part.endsOf(snapshot), ends) && !isOther(snapshot))
})

/** Returns whether ends are these, as the vendor may write them. */
export const hasEnds = (shown: Ends, wanted: Ends): boolean =>
  Object.entries(wanted).every(([name, id]) => simple(shown[name] ?? "") === simple(id))

/** Returns a text without what a vendor may change of it: blanks and case. */
const simple = (text: string): string => text.trim().replaceAll(/\s+/g, " ").toLowerCase()

/** Returns whether a sync has the name of a create, as the vendor may write it. */
export const hasName = (name: string | undefined, snapshot: Snapshot): boolean =>
  name === undefined || snapshot.name === undefined || simple(snapshot.name) === simple(name)

/** Returns in which fields a candidate differs from what the create requested. */
const differences = <Ids extends object, Native, Spec, ChangedSpec>(
  { part }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  wanted: NewSync<Spec>,
  snapshot: Snapshot<Ids, Native>,
): ReadonlyArray<string> => {
  const missing = Object.keys(Remaining.remaining(Remaining.finalState(wanted), snapshot, part, "done") ?? {})
  const isOther = missing.length === 0 && !part.matches(wanted, snapshot)
  return isOther ? ["part"] : missing
}

/** Fails with `ChangeIndeterminate`: reads cannot settle whether one of these syncs is the created one. */
export const indeterminate = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  { sync, definition }: { readonly sync: NewSync<Spec>; readonly definition: Definition },
  snapshots: ReadonlyArray<Snapshot<Ids, Native>>,
  error: RetlError,
  entry: string | undefined,
): Effect.fn.Return<never, ChangeIndeterminate> {
  const found = yield* Effect.forEach(snapshots, (snapshot) =>
    Effect.map(Effect.option(Catalog.toRef(changes.context, "createSync", snapshot.ids)), (ref) =>
      Option.toArray(ref).map((candidate): Candidate => ({ candidate, differs: differences(changes, sync, snapshot) })),
    ),
  )
  const candidates = found.flat()
  return yield* new ChangeIndeterminate({
    operation: "create",
    candidates: candidates.map(({ candidate }) => candidate),
    differences: candidates.filter(({ differs }) => differs.length > 0),
    wanted: definition,
    error,
    ...(entry !== undefined && { entry }),
  })
})
