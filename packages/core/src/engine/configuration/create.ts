/**
 * Creating a sync: settle what an earlier create of the same ends has left, read which syncs of these ends exist, send the
 * create, find the created sync, and send in one update what a create cannot carry.
 *
 * A sync that was only found, after a lost answer, is never changed: it may be a stranger's.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AdministrationPart } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import { type ChangeFailure, ChangeIncomplete } from "../../model/Change.ts"
import { Conflict, UnexpectedResponse } from "../../model/Reason.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Sync } from "../../model/Sync.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Candidates from "./candidates.ts"
import * as Catalog from "./catalog.ts"
import * as ChangeCall from "./changeCall.ts"
import { type Applied, type ChangeContext, requestsOf, toChange } from "./changeContext.ts"
import type { Course } from "./createCourse.ts"
import * as CreateKey from "./createKey.ts"
import type { DecodedDefinition } from "./input.ts"
import * as OpenCreate from "./openCreate.ts"
import * as Others from "./others.ts"
import * as OwnWrites from "./ownWrites.ts"
import * as Remaining from "./remaining.ts"
import * as Update from "./update.ts"

const operation = "createSync"

/** Creates a sync. `send` is the driver's create. */
export const create = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  call: ChangeCall.ChangeCall,
  wanted: DecodedDefinition<Spec>,
  whenOpen: OpenCreate.WhenOpen,
  send: NonNullable<AdministrationPart<Ids, Native, Spec, ChangedSpec>["create"]>,
): Effect.fn.Return<Sync, ChangeFailure> {
  const { context, part } = changes
  const requests = requestsOf(context, operation)
  const course = { changes, call, requests, wanted }
  const settled = yield* OpenCreate.settleEarlier(course, part.ends(wanted.sync), whenOpen)
  return yield* Effect.onError(underKey(course, settled, send), () =>
    // Under a claim that is still there, nothing was done: the key is free again.
    call.entry?.state === "claimed"
      ? Effect.asVoid(context.closing.background(ChangeCall.drop(context, call)))
      : Effect.void,
  )
})

/** Creates the sync of a key, unless its key has made one. */
const underKey = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  course: Course<Ids, Native, Spec, ChangedSpec>,
  settled: ReadonlySet<string>,
  send: NonNullable<AdministrationPart<Ids, Native, Spec, ChangedSpec>["create"]>,
): Effect.fn.Return<Sync, ChangeFailure> {
  const { changes } = course
  const { context } = changes
  const earlier = yield* CreateKey.take(course)
  if (earlier._tag === "Accepted") {
    const before = { refs: earlier.before, identities: new Set(earlier.before.map(context.identityOf)) }
    const created = yield* findAccepted(course, before)
    yield* claim(course, created)
    return yield* complete(course, created)
  }
  if (earlier._tag === "Created") {
    if (settled.has(earlier.entry)) return yield* asFound(course, earlier.snapshot)
    return yield* earlier.isWhole
      ? Update.toSync(changes, operation, earlier.snapshot)
      : complete(course, earlier.snapshot)
  }
  return yield* sendNew(course, send)
})

/** Sends the create, and finds what it made. */
const sendNew = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  course: Course<Ids, Native, Spec, ChangedSpec>,
  send: NonNullable<AdministrationPart<Ids, Native, Spec, ChangedSpec>["create"]>,
): Effect.fn.Return<Sync, ChangeFailure> {
  const { changes, call, requests, wanted } = course
  const { context } = changes
  const before = yield* Candidates.before(changes, requests, wanted.sync)
  const answer = yield* Effect.result(ChangeCall.send(context, call, before?.refs ?? [], send(wanted.sync)))
  if (Result.isFailure(answer) && answer.failure.delivery !== "unknown") return yield* answer.failure
  if (Result.isFailure(answer)) return yield* asFound(course, yield* findLost(course, before, answer.failure))
  const shown = Catalog.isSnapshot(answer.success) ? answer.success : undefined
  const answered = shown === undefined ? undefined : yield* verified(course, shown, before)
  const created = answered ?? (yield* findAccepted(course, before))
  yield* claim(course, created)
  return yield* complete(course, created)
})

/** Remembers a created sync, here and in the journal, so that no other create takes it for its own. */
const claim = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { changes: { context }, call }: Course<Ids, Native, Spec, ChangedSpec>,
  { ids }: Snapshot<Ids, Native>,
): Effect.fn.Return<void, RetlError> {
  yield* OwnWrites.note(context, context.identityOfIds(ids), "created", true, call.entry?.id)
  const created = yield* Catalog.toRef(context, operation, ids)
  yield* ChangeCall.note(context, call, { state: "started", created })
})

/**
 * Returns the sync of an answer where the answer proves that this create made it. `undefined` where the answer shows another
 * one: it proves nothing. Fails where the vendor answers with a sync like it that existed before: it made none.
 */
const verified = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { changes, call, wanted: { sync, definition } }: Course<Ids, Native, Spec, ChangedSpec>,
  answered: Snapshot<Ids, Native>,
  before: Candidates.Before | undefined,
): Effect.fn.Return<Snapshot<Ids, Native> | undefined, ChangeFailure> {
  const { context, part } = changes
  if (!Candidates.hasEnds(part.endsOf(answered), part.ends(sync))) return undefined
  const isOther = yield* Candidates.isExplained(changes, call, before?.identities)
  if (isOther(answered)) {
    yield* ChangeCall.note(context, call, { state: "refused" })
    const text = "the vendor answered with a sync that existed before"
    return yield* context.error(operation, new Conflict(), "refused", text)
  }
  if (before === undefined && !couldBe(part, sync, answered)) {
    const error = context.error(operation, new UnexpectedResponse({ issues: [idMissing] }), "unknown")
    return yield* Candidates.indeterminate(changes, { sync, definition }, [answered], error, call.entry?.id)
  }
  return answered
})

const idMissing = { path: ["id"], message: "Expected the id of the created sync" }

/** Returns whether a sync could be the wanted one: it matches, and does not fire where the definition does not. */
const couldBe = <Ids, Native, Spec, ChangedSpec>(
  part: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
  sync: DecodedDefinition<Spec>["sync"],
  snapshot: Snapshot<Ids, Native>,
): boolean => part.matches(sync, snapshot) && !Remaining.firesUnrequested(sync, snapshot, part.schedules)

/**
 * Finds the sync that an accepted create made: the only new one of its ends that is like it. Without `exclusive`, a stranger's
 * may show first: it is the only one when everything is there to see.
 */
const findAccepted = <Ids extends object, Native, Spec, ChangedSpec>(
  course: Course<Ids, Native, Spec, ChangedSpec>,
  before: Candidates.Before | undefined,
): Effect.Effect<Snapshot<Ids, Native>, ChangeFailure> => {
  const { part, context } = course.changes
  const { sync } = course.wanted
  const error = context.error(operation, new UnexpectedResponse({ issues: [idMissing] }), "unknown")
  const isOurs = (snapshot: Snapshot<Ids, Native>) => couldBe(part, sync, snapshot)
  const settles = OwnWrites.settlesWithin(context)
  return course.call.subject.exclusive === true
    ? findOnly(course, before, error, isOurs, settles)
    : Effect.andThen(Effect.sleep(settles), findOnly(course, before, error, isOurs, context.readLag))
}

/**
 * Finds the sync of a create whose answer was lost: with `exclusive` alone, and once the create can have had its effect. Until
 * then it may still appear beside another candidate.
 */
const findLost = <Ids extends object, Native, Spec, ChangedSpec>(
  course: Course<Ids, Native, Spec, ChangedSpec>,
  before: Candidates.Before | undefined,
  error: RetlError,
): Effect.Effect<Snapshot<Ids, Native>, ChangeFailure> => {
  const { changes, wanted, call } = course
  const { context, part } = changes
  const { exclusive = false } = call.subject
  const isOurs = (snapshot: Snapshot<Ids, Native>) =>
    exclusive &&
    Candidates.hasName(wanted.sync.name, snapshot) &&
    !Remaining.firesUnrequested(wanted.sync, snapshot, part.schedules)
  // Without `exclusive` no look can settle it: one, when all is there to see, tells the candidates.
  const wait = exclusive ? context.runAppearsWithin : OwnWrites.settlesWithin(context)
  const lookFor = exclusive ? context.readLag : Duration.zero
  return Effect.andThen(Effect.sleep(wait), findOnly(course, before, error, isOurs, lookFor)).pipe(
    Effect.tap(({ ids }) =>
      Effect.flatMap(Catalog.toRef(context, operation, ids), (created) =>
        ChangeCall.note(context, call, { state: "finished", created }),
      ),
    ),
  )
}

/** Looks for the only candidate. Fails with `ChangeIndeterminate` where there is none, or several, or it is not ours. */
const findOnly = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { changes, call, requests, wanted }: Course<Ids, Native, Spec, ChangedSpec>,
  before: Candidates.Before | undefined,
  error: RetlError,
  isOurs: (snapshot: Snapshot<Ids, Native>) => boolean,
  lookFor: Duration.Duration,
): Effect.fn.Return<Snapshot<Ids, Native>, ChangeFailure> {
  const { part } = changes
  let candidates: ReadonlyArray<Snapshot<Ids, Native>> = []
  const ends = part.ends(wanted.sync)
  const look = Effect.map(Candidates.find(changes, call, requests, ends, before?.identities), (found) => {
    candidates = found
    const ours = found.filter(isOurs)
    return ours.length === 1 && before !== undefined ? ours[0] : undefined
  })
  const created = yield* Tracing.lookUp(changes.context)(RetryLoop.until(lookFor, look))
  return created ?? (yield* Candidates.indeterminate(changes, wanted, candidates, error, call.entry?.id))
})

/** Returns a sync that was only found. What it lacks is reported, and never sent. */
const asFound = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  { changes, wanted }: Course<Ids, Native, Spec, ChangedSpec>,
  found: Snapshot<Ids, Native>,
): Effect.fn.Return<Sync, ChangeFailure> {
  const { final, part } = finalOf(changes.part, wanted)
  const missing = Remaining.remaining(final, found, changes.part, "done")
  const sync = yield* Catalog.toSync(changes.context, operation, found)
  if (missing === undefined) return sync
  return yield* new ChangeIncomplete({ operation: "create", sync, remaining: toChange(missing, part) })
})

/** Returns what a created sync has in the end besides what its create carries, and the vendor's part of that. */
const finalOf = <Ids, Native, Spec, ChangedSpec>(
  { afterCreate }: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
  { sync, definition }: DecodedDefinition<Spec>,
) => {
  const spec = afterCreate?.(sync.spec)
  return {
    final: { ...Remaining.finalState(sync), ...(spec !== undefined && { spec }) },
    part: { vendor: definition.part.vendor, spec },
  }
}

/** Sends what a create could not carry. */
const complete = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  course: Course<Ids, Native, Spec, ChangedSpec>,
  created: Snapshot<Ids, Native>,
): Effect.fn.Return<Sync, ChangeFailure> {
  const { changes, call, wanted } = course
  const { context, part } = changes
  const { final, part: vendorPart } = finalOf(part, wanted)
  const missing = Remaining.remaining(final, created, part, "missing")
  const ref = yield* Catalog.toRef(context, operation, created.ids)
  const finish = ChangeCall.note(context, call, { state: "finished", created: ref })
  if (missing === undefined) return yield* Effect.andThen(finish, Update.toSync(changes, operation, created))
  // An update of the sync, with an entry of its own: other processes learn from it that reads may lag behind.
  const subject: ChangeCall.Subject = {
    kind: "update",
    operation,
    identity: ChangeCall.identityOfSync(context, created.ids),
    fingerprint: { ...call.subject.fingerprint, fields: Object.keys(missing) },
    sync: ref,
  }
  const applied = yield* ChangeCall.within(context, subject, call.owner, call.markWrite, (inner) =>
    Others.giveUp(context, inner).pipe(
      Effect.andThen(
        Update.apply(changes, inner, created, missing, (request, prepare) =>
          ChangeCall.send(context, inner, [], request, prepare),
        ),
      ),
      Effect.tap(({ error }) =>
        error === undefined ? ChangeCall.note(context, inner, { state: "finished" }) : Effect.void,
      ),
    ),
  ).pipe(Effect.catch((error) => Effect.succeed<Applied<Ids, Native, ChangedSpec>>({ remaining: missing, error })))
  const sync = yield* Update.toSync(changes, operation, applied.snapshot ?? created)
  if (applied.remaining === undefined) return yield* Effect.andThen(finish, Update.unlessConflict(sync, applied))
  const error = applied.error ?? applied.refused
  const remaining = toChange(applied.remaining, vendorPart)
  return yield* new ChangeIncomplete({ operation: "create", sync, remaining, ...(error && { error }) })
})
