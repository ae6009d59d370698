/** What became of a change whose answer was lost or does not show it. It reads, and never sends the change again. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { AdministrationPart, NewSync, SyncChange } from "../../driver/Administration.ts"
import type { Requests, Snapshot } from "../../driver/Catalog.ts"
import { ChangeIndeterminate, type Definition } from "../../model/Change.ts"
import { InvalidRequest, UnexpectedResponse } from "../../model/Reason.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Catalog from "./catalog.ts"
import { type ChangeContext, notSent, read } from "./changeContext.ts"
import type { DecodedDefinition } from "./input.ts"
import * as Remaining from "./remaining.ts"

/** The identities of the syncs that existed before a create; `undefined` where they could not be read. */
export type Existing = ReadonlySet<string> | undefined

/** A sync as core last saw it, and the error of the latest read where that failed. */
export interface Latest<Ids, Native> {
  readonly snapshot?: Snapshot<Ids, Native>
  readonly error?: RetlError
}

/** Returns how long a change whose answer was lost may still take effect and become visible. */
const settlesWithin = ({ runAppearsWithin, readLag }: WorkspaceContext): Duration.Duration =>
  Duration.sum(runAppearsWithin, readLag)

const isExisting = <Ids extends object, Native, Spec, ChangedSpec>(
  { context, createdAt }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  { ids }: Snapshot<Ids, Native>,
  existing: Existing,
  now: number,
): boolean => {
  const identity = context.identityOfIds(ids)
  if (existing?.has(identity) === true) return true
  const created = createdAt.get(identity)
  return created !== undefined && now - created <= Duration.toMillis(settlesWithin(context))
}

/** Reads a sync; `undefined` where it does not exist. */
export const readSync = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
) =>
  Effect.catchIf(
    read(changes, operation, ids),
    ({ reason }) => reason._tag === "NotFound" && reason.what !== "workspace",
    () => Effect.succeed(undefined),
  )

/** Returns whether a sync could be the wanted one: it matches, and does not fire where the definition does not. */
export const couldBe = <Ids, Native, Spec, ChangedSpec>(
  part: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
  sync: NewSync<Spec>,
  snapshot: Snapshot<Ids, Native>,
): boolean => part.matches(sync, snapshot) && !Remaining.firesUnrequested(sync, snapshot, part.schedules)

/** Fails with `ChangeIndeterminate`: reads cannot settle whether one of these syncs is the created one. */
export const indeterminate = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  definition: Definition,
  snapshots: ReadonlyArray<Snapshot>,
  error?: RetlError,
): Effect.fn.Return<never, ChangeIndeterminate> {
  const candidates = yield* Effect.forEach(snapshots, ({ ids }) =>
    Effect.option(Catalog.toRef(context, "createSync", ids)),
  )
  return yield* new ChangeIndeterminate({
    operation: "create",
    candidates: candidates.flatMap(Option.toArray),
    wanted: definition,
    error: error ?? context.error("createSync", new UnexpectedResponse({ issues: [idMissing] }), "unknown"),
  })
})

const idMissing = { path: ["id"], message: "Expected the id of the created sync" }

/** Remembers a created sync, so that no other create returns it as its result. */
export const claim = <Ids extends object, Native, Spec, ChangedSpec>(
  { context, createdAt, deletedAt }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  { ids }: Snapshot<Ids, Native>,
): Effect.Effect<void> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    createdAt.set(context.identityOfIds(ids), now)
    deletedAt.delete(context.identityOfIds(ids))
  })

/** Forgets a sync that is deleted: a vendor may give its ids to the next one, and lists may show it for a while. */
export const forget = <Ids extends object, Native, Spec, ChangedSpec>(
  { context, createdAt, deletedAt }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  ids: Ids,
): Effect.Effect<void> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    createdAt.delete(context.identityOfIds(ids))
    deletedAt.set(context.identityOfIds(ids), now)
  })

/** Returns whether the sync of a create's answer existed before: then the vendor created nothing. */
export const existedBefore = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  answered: Snapshot<Ids, Native>,
  existing: Existing,
): Effect.Effect<boolean> => Effect.map(Clock.currentTimeMillis, (now) => isExisting(changes, answered, existing, now))

/**
 * Reads which syncs exist before a create; `undefined` where the vendor closes its list to the account. Fails with
 * `InvalidRequest` where the new sync cannot be created beside them.
 */
export const existing = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  requests: Requests,
  sync: NewSync<Spec>,
): Effect.Effect<Existing, RetlError> => {
  const { context, part } = changes
  return part.listCandidates(requests, sync).pipe(
    Effect.tap((snapshots) => refuseBeside(changes, sync, snapshots)),
    Effect.map((snapshots): Existing => new Set(snapshots.map(({ ids }) => context.identityOfIds(ids)))),
    Effect.catchIf(
      ({ reason }) => reason._tag === "Unsupported",
      () => Effect.succeed(undefined),
    ),
    Effect.mapError(notSent),
  )
}

const refuseBeside = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { context, part, deletedAt }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  sync: NewSync<Spec>,
  snapshots: ReadonlyArray<Snapshot<Ids, Native>>,
): Effect.fn.Return<void, RetlError> {
  const now = yield* Clock.currentTimeMillis
  const isDeleted = ({ ids }: Snapshot<Ids, Native>) => {
    const deleted = deletedAt.get(context.identityOfIds(ids))
    return deleted !== undefined && now - deleted <= Duration.toMillis(settlesWithin(context))
  }
  const others = snapshots.filter((snapshot) => !isDeleted(snapshot))
  const issues = part.existingIssues?.(sync, others) ?? []
  if (issues.length > 0) return yield* context.error("createSync", new InvalidRequest({ issues }))
})

/**
 * Finds the created sync. Fails with `ChangeIndeterminate` where reads show none or several candidates. After a lost
 * answer it first waits for `runAppearsWithin`: until then the created sync may still appear beside another candidate.
 */
export const findCreated = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  requests: Requests,
  { sync, definition }: DecodedDefinition<Spec>,
  existing: Existing,
  error: RetlError | undefined,
): Effect.fn.Return<Snapshot<Ids, Native>, RetlError | ChangeIndeterminate> {
  const { context, part } = changes
  let candidates: ReadonlyArray<Snapshot<Ids, Native>> = []
  const start = yield* Clock.currentTimeMillis
  const onlyCandidate = Effect.map(part.listCandidates(requests, sync), (snapshots) => {
    candidates = snapshots.filter(
      (snapshot) => !isExisting(changes, snapshot, existing, start) && couldBe(part, sync, snapshot),
    )
    return candidates.length === 1 && existing !== undefined ? candidates[0] : undefined
  })
  if (error !== undefined) yield* Effect.sleep(context.runAppearsWithin)
  const created = yield* RetryLoop.until(context.readLag, onlyCandidate)
  return created ?? (yield* indeterminate(context, definition, candidates, error))
})

/** Reads a sync until it shows the change or the time for that is over. Returns the sync as core last saw it. */
export const findUpdated = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
  change: SyncChange<ChangedSpec>,
  unreported: Remaining.Unreported,
): Effect.fn.Return<Latest<Ids, Native>> {
  const { context, part } = changes
  let latest: Latest<Ids, Native> = {}
  const showsChange = read(changes, operation, ids).pipe(
    Effect.tapError((error) => Effect.sync(() => (latest = { ...latest, error }))),
    Effect.map((snapshot) => {
      latest = { snapshot }
      return Remaining.remaining(change, snapshot, part, unreported) === undefined ? true : undefined
    }),
  )
  yield* RetryLoop.until(unreported === "done" ? context.readLag : settlesWithin(context), showsChange)
  return latest
})

/** Returns whether a sync is gone, as soon as reads show it. */
export const isDeleted = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
  delivery: RetlError["delivery"],
): Effect.Effect<boolean> =>
  Effect.map(
    RetryLoop.until(
      delivery === "unknown" ? settlesWithin(changes.context) : changes.context.readLag,
      Effect.map(readSync(changes, operation, ids), (snapshot) => (snapshot === undefined ? true : undefined)),
    ),
    (isGone) => isGone === true,
  )
