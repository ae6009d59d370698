/**
 * Updating a sync: read it, send the fields that it does not have yet, and read it again where the answer shows less.
 *
 * What was written lately, here or by others through the journal, counts over what the first read shows.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AdministrationPart, SyncChange } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import { ChangeConflict, type ChangeFailure, ChangeIncomplete, ChangeIndeterminate } from "../../model/Change.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Sync } from "../../model/Sync.ts"
import * as Catalog from "./catalog.ts"
import * as ChangeCall from "./changeCall.ts"
import { type Applied, type ChangeContext, notSent, readCurrent, requestsOf, toChange } from "./changeContext.ts"
import * as ForeignChanges from "./foreignChanges.ts"
import type { DecodedChange } from "./input.ts"
import * as LostChange from "./lostChange.ts"
import * as Others from "./others.ts"
import * as Overtaken from "./overtaken.ts"
import * as OwnWrites from "./ownWrites.ts"
import * as Remaining from "./remaining.ts"

/** Updates a sync, whose `ids` are those of `sync`. `isForced` sends every field, whatever reads show. */
export const update = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall.ChangeCall,
  sync: SyncRef,
  ids: Ids,
  { change, part: vendorPart }: DecodedChange<ChangedSpec>,
  isForced: boolean,
): Effect.fn.Return<Sync, ChangeFailure> {
  const { context } = changes
  const { operation } = call.subject
  const planned = yield* Effect.mapError(plan(changes, call, ids, change, isForced), notSent)
  const { current, needed, isUnsure, undoing } = planned
  if (needed === undefined) return yield* toSync(changes, operation, current)
  const send: Send = (request, prepare) => ChangeCall.send(context, call, [], request, prepare)
  let applied = yield* apply(changes, call, current, needed, send, isUnsure, isForced)
  if (undoing.length > 0 && applied.error === undefined && applied.remaining === undefined) {
    const settled = yield* Overtaken.settle(changes, call, ids, change, undoing, (latest, undone) =>
      apply(changes, call, latest, undone, (request) => ChangeCall.sendMore(context, call, request)),
    )
    applied = { ...settled, foreign: [...(applied.foreign ?? []), ...(settled.foreign ?? [])] }
  }
  if (applied.error !== undefined) {
    const { error } = applied
    const wanted = toChange(change, vendorPart)
    const entry = call.entry?.id
    return yield* new ChangeIndeterminate({
      ...{ operation: "update", sync, candidates: [], wanted, error },
      ...(entry !== undefined && { entry }),
    })
  }
  yield* ChangeCall.note(context, call, { state: "finished" })
  const updated = yield* toSync(changes, operation, applied.snapshot ?? current)
  if (applied.remaining === undefined) return yield* unlessConflict(updated, applied)
  const remaining = toChange(applied.remaining, vendorPart)
  const { refused } = applied
  return yield* new ChangeIncomplete({
    operation: "update",
    sync: updated,
    remaining,
    ...(refused && { error: refused }),
  })
})

/** Returns a changed sync. Fails where somebody else has changed it meanwhile, too. */
export const unlessConflict = (
  sync: Sync,
  { foreign = [] }: Pick<Applied<unknown, unknown, unknown>, "foreign">,
): Effect.Effect<Sync, ChangeConflict> =>
  foreign.length === 0 ? Effect.succeed(sync) : Effect.fail(new ChangeConflict({ sync, fields: foreign }))

/** Returns a sync as a change returns it: where a read of the sync alone does not tell its state, its ends may. */
export const toSync = <Ids extends object, Native, Spec, ChangedSpec>(
  { context, part }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  snapshot: Snapshot<Ids, Native>,
): Effect.Effect<Sync, RetlError> =>
  part.withEnds === undefined || snapshot.state !== "unknown"
    ? Catalog.toSync(context, operation, snapshot)
    : part.withEnds(requestsOf(context, operation), snapshot).pipe(
        Effect.orElseSucceed(() => snapshot),
        Effect.flatMap((whole) => Catalog.toSync(context, operation, whole)),
      )

/** Reads the sync, and says which fields to send: none where reads surely show all of them. */
const plan = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall.ChangeCall,
  ids: Ids,
  change: SyncChange<ChangedSpec>,
  isForced: boolean,
) {
  const { context, part } = changes
  const { operation } = call.subject
  yield* Others.giveUp(context, call)
  const own = yield* OwnWrites.recent(context, context.identityOfIds(ids))
  const { hiddenFor, areRecent, keptFields, keptAges, unproven, contradicted } = yield* Others.recent(
    context,
    call,
    own,
  )
  const isAll = isReplacing(part, change)
  if (isAll) yield* Effect.sleep(Duration.millis(hiddenFor))
  // The fields belong to the driver that wrote them.
  const [fields, written] = [keptFields as SyncChange<ChangedSpec>, own.written as SyncChange<ChangedSpec>]
  let current = yield* readCurrent(changes, operation, ids, areRecent)
  const ownContradicted = isAll ? (Remaining.remaining(written, current, part, "done") ?? {}) : {}
  const ages = Object.keys(ownContradicted).flatMap((field) =>
    Object.hasOwn(fields, field) ? [] : (keptAges[field] ?? []),
  )
  if (isAll) ages.push(...contradicted(current))
  if (ages.length > 0) {
    // Somebody has changed it since, or it takes effect late: reads tell once the time for that is over.
    const age = Duration.millis(Math.min(...ages) + hiddenFor)
    yield* Effect.sleep(Duration.subtract(OwnWrites.settlesWithin(context), age))
    current = yield* readCurrent(changes, operation, ids, areRecent)
  }
  const kept = isAll ? (Remaining.remaining(fields, current, part, "missing") ?? {}) : {}
  const shownMissing = Remaining.remaining(change, current, part, "missing")
  const mayHide = (field: keyof SyncChange<ChangedSpec>) =>
    isForced || areRecent || OwnWrites.differs(written[field], change[field])
  const needed = Object.fromEntries(
    Object.entries(change).filter(
      ([field]) => shownMissing?.[field as keyof typeof change] !== undefined || mayHide(field as keyof typeof change),
    ),
  ) as SyncChange<ChangedSpec>
  return {
    current,
    needed: Object.keys(needed).length === 0 ? undefined : OwnWrites.merged(kept, needed),
    isUnsure: (step: SyncChange<ChangedSpec>) => areRecent || OwnWrites.overlap(written, step),
    undoing: isForced ? [] : Overtaken.undoing(unproven, change, part.replaces !== undefined),
  }
})

/** Returns whether the update of a change replaces fields that it does not name. */
const isReplacing = <Ids, Native, Spec, ChangedSpec>(
  { replaces, isPartial }: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
  change: SyncChange<ChangedSpec>,
): boolean => replaces !== undefined && isPartial?.(change) !== true

/**
 * Sends a change in the steps that its driver needs, the first with `send`. Fails where nothing was changed. `isUnsure` says
 * whether a read may show an older state which is like the wanted one: then it proves nothing for a while.
 */
export const apply = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall.ChangeCall,
  current: Snapshot<Ids, Native>,
  change: SyncChange<ChangedSpec>,
  send: Send,
  isUnsure: (step: SyncChange<ChangedSpec>) => boolean = () => false,
  isForced = false,
): Effect.fn.Return<Applied<Ids, Native, ChangedSpec>, RetlError> {
  const { context, part } = changes
  const sendMore: Send = (request) => ChangeCall.sendMore(context, call, request)
  const [first = change, ...others] = part.steps?.(change, current) ?? [change]
  let before = current
  const prepare = Effect.map(ForeignChanges.latest(changes, call.subject.operation, current, first), (latest) => {
    before = latest
  })
  const isAll = isReplacing(part, first)
  const sendFirst: Send = (request) => send(request, isAll ? prepare : undefined)
  let applied = yield* applyStep(changes, call, () => before, first, sendFirst, isUnsure(first))
  const { snapshot: answered } = applied
  if (part.replaces !== undefined && answered !== undefined) {
    const seen = yield* ForeignChanges.find(changes, call, first, before, answered, isForced, !isAll)
    applied = { ...applied, snapshot: seen.snapshot, foreign: seen.fields }
  }
  const { foreign = [] } = applied
  for (const step of others) {
    if (applied.remaining !== undefined) return { ...applied, remaining: { ...step, ...applied.remaining } }
    const { snapshot = current } = applied
    applied = yield* Effect.catch(
      applyStep(changes, call, () => snapshot, step, sendMore, isUnsure(step)),
      (refused) => Effect.succeed<Applied<Ids, Native, ChangedSpec>>({ snapshot, remaining: step, refused }),
    )
  }
  return { ...applied, foreign }
})

/** Sends a request of a change, right after `prepare`. */
type Send = <A>(request: Effect.Effect<A, RetlError>, prepare?: Effect.Effect<void>) => Effect.Effect<A, RetlError>

/** Returns the portable fields that the update of a change sends back: reads may show what it has undone for a while. */
const sentBackBy = <Ids, Native, Spec, ChangedSpec>(
  part: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
  snapshot: Snapshot<Ids, Native>,
  change: SyncChange<ChangedSpec>,
): SyncChange<object> => {
  const replaced = isReplacing(part, change) ? (part.replaces?.(snapshot) ?? {}) : {}
  const { state, isSwitchedOn: enabled = state === "enabled", name, schedule } = snapshot
  return Object.fromEntries(
    Object.entries({ enabled, name, schedule }).filter(
      ([field, value]) => value !== undefined && Object.hasOwn(replaced, field),
    ),
  )
}

/**
 * Sends one request, and reads the sync where the answer does not show all of the change. `latest` returns the sync as it was
 * read right before.
 */
const applyStep = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall.ChangeCall,
  latest: () => Snapshot<Ids, Native>,
  change: SyncChange<ChangedSpec>,
  send: Send,
  isUnsure: boolean,
): Effect.fn.Return<Applied<Ids, Native, ChangedSpec>, RetlError> {
  const { context, part } = changes
  const { ids } = latest()
  const identity = context.identityOfIds(ids)
  const remainingOf = (snapshot: Snapshot<Ids, Native>, unreported: Remaining.Unreported) =>
    Remaining.remaining(change, snapshot, part, unreported)
  const answer = yield* Effect.result(send(Effect.suspend(() => part.update(latest(), change))))
  const isAccepted = Result.isSuccess(answer)
  if (!isAccepted && answer.failure.delivery !== "unknown") return yield* answer.failure
  const answered = isAccepted ? answer.success : undefined
  const isShown = Catalog.isSameSync(context, answered, ids) && remainingOf(answered, "missing") === undefined
  yield* OwnWrites.note(context, identity, change, isShown, call.entry?.id, sentBackBy(part, latest(), change))
  if (isShown) return { snapshot: { ...answered, ids } }
  const unreported = isAccepted ? "done" : "missing"
  if (isUnsure) yield* Effect.sleep(OwnWrites.settlesWithin(context))
  const shown = yield* LostChange.findUpdated(changes, call.subject.operation, ids, change, unreported)
  const lostAnswer = isAccepted ? {} : { error: answer.failure }
  if (shown.snapshot === undefined) {
    return { remaining: change, ...(shown.error && { error: shown.error }), ...lostAnswer }
  }
  const remaining = remainingOf(shown.snapshot, unreported)
  if (remaining === undefined) yield* OwnWrites.confirm(context, identity)
  return { snapshot: shown.snapshot, ...(remaining !== undefined && { remaining, ...lostAnswer }) }
})
