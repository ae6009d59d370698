/**
 * Changes of one workspace's configuration, over its driver's part.
 *
 * Order of things. `update`: decode, then in the gate: read the sync, leave out what it shows already, send the rest once,
 * and look where the answer does not show it. `create`: decode, then in the gate: read which syncs are there, send once,
 * find what was created, and send in one update what a create cannot carry. `delete`: read, send once, look.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type { AdministrationPart, SyncChange } from "../../driver/Administration.ts"
import type { CatalogPart, Snapshot } from "../../driver/Catalog.ts"
import {
  type Change,
  ChangeIncomplete,
  ChangeIndeterminate,
  type Definition,
  type VendorPart,
} from "../../model/Change.ts"
import type { FieldIssue } from "../../model/FieldIssue.ts"
import { Conflict, InvalidRequest } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Sync } from "../../model/Sync.ts"
import type { Schedule } from "../../model/schedule/Schedule.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Retry from "../retry.ts"
import * as Catalog from "./catalog.ts"
import * as Detached from "./detached.ts"
import * as Input from "./input.ts"
import * as LostChange from "./lostChange.ts"
import * as Remaining from "./remaining.ts"

type Failure = RetlError | ChangeIndeterminate | ChangeIncomplete

/** What has come of a change: the sync as it was seen last, what of it is still missing, and why, where that is known. */
interface Applied<Ids, Native, ChangedSpec> {
  readonly snapshot?: Snapshot<Ids, Native>
  readonly remaining?: SyncChange<ChangedSpec>
  readonly error?: RetlError
}

/** A change as it goes on: core's form of it, and the vendor's part as the caller passed it. */
type Decoded<ChangedSpec> = Input.DecodedChange<ChangedSpec>

export const make = <Ids extends object, Native, Spec, ChangedSpec>(
  context: WorkspaceContext,
  catalog: CatalogPart<Ids, Native>,
  part: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
) => {
  /** Changes of one workspace go one at a time: of two creates, each knows which sync is its own. */
  const gate = Semaphore.makeUnsafe(1)
  const lost = LostChange.make(context, catalog, part)
  const requests = (operation: string) => Catalog.requestsOf(context, operation, Priority.write)

  const inGate = <A>(
    operation: string,
    work: (sending: Detached.Sending) => Effect.Effect<A, Failure>,
  ): Effect.Effect<A, Failure> => Detached.run(context, operation, (sending) => gate.withPermit(work(sending)))

  const decoded = <A>(
    operation: string,
    result: () => Result.Result<A, ReadonlyArray<FieldIssue>>,
  ): Effect.Effect<A, RetlError> =>
    Effect.suspend(() =>
      Effect.mapError(Effect.fromResult(result()), (issues) =>
        context.error(operation, new InvalidRequest({ issues })),
      ),
    )

  /** One write: within the rate limit, sent again only where it provably did nothing. */
  const write = <A>(
    kind: "create" | "update" | "delete",
    operation: string,
    sending: Detached.Sending,
    request: Effect.Effect<A, RetlError>,
  ) =>
    Retry.write(
      context.rateLimit.within(
        kind,
        Priority.write,
      )(sending(Effect.mapError(request, (error) => error.with({ operation })))),
    )

  const remaining = (
    change: SyncChange<ChangedSpec>,
    snapshot: Snapshot<Ids, Native>,
    unreported: Remaining.Unreported,
  ) => Remaining.remaining(change, snapshot, part, unreported)

  const toSync = (operation: string, snapshot: Snapshot<Ids, Native>) => Catalog.toSync(context, operation, snapshot)

  const update = Effect.fnUntraced(function* (
    operation: string,
    ref: SyncRef,
    input: Change,
  ): Effect.fn.Return<Sync, Failure> {
    const sync = yield* context.requireSync(operation, ref)
    const change = yield* decoded(operation, () => Input.syncChange(input, context.vendor, part))
    return yield* inGate(operation, (sending) =>
      context.withIds(operation, sync, (ids: Ids) => updateInGate(operation, sync, ids, change, sending)),
    )
  })

  const updateInGate = Effect.fnUntraced(function* (
    operation: string,
    sync: SyncRef,
    ids: Ids,
    { change, part: vendorPart }: Decoded<ChangedSpec>,
    sending: Detached.Sending,
  ): Effect.fn.Return<Sync, Failure> {
    const read = yield* Effect.mapError(catalog.get(requests(operation), ids), unsent)
    const current = { ...read, ids }
    const needed = remaining(change, current, "missing")
    if (needed === undefined) return yield* toSync(operation, current)
    const applied = yield* apply(operation, current, needed, sending)
    if (applied.error !== undefined) {
      const wanted = publicChange(change, vendorPart)
      const { error } = applied
      return yield* new ChangeIndeterminate({ operation: "update", sync, candidates: [], wanted, error })
    }
    const updated = yield* toSync(operation, applied.snapshot ?? current)
    if (applied.remaining === undefined) return updated
    const missing = publicChange(applied.remaining, vendorPart)
    return yield* new ChangeIncomplete({ operation: "update", sync: updated, remaining: missing })
  })

  /** Sends a change, and looks where its answer does not show all of it. Fails where nothing was changed. */
  const apply = Effect.fnUntraced(function* (
    operation: string,
    current: Snapshot<Ids, Native>,
    change: SyncChange<ChangedSpec>,
    sending: Detached.Sending,
  ): Effect.fn.Return<Applied<Ids, Native, ChangedSpec>, RetlError> {
    const { ids } = current
    const answer = yield* Effect.result(write("update", operation, sending, part.update(current, change)))
    const isAccepted = Result.isSuccess(answer)
    if (!isAccepted && answer.failure.delivery !== "unknown") return yield* answer.failure
    if (isAccepted && answer.success !== undefined && remaining(change, answer.success, "missing") === undefined) {
      return { snapshot: { ...answer.success, ids } }
    }
    const unreported = isAccepted ? "done" : "missing"
    const seen = yield* lost.findUpdated(requests(operation), ids, change, unreported)
    const lostAnswer = isAccepted ? {} : { error: answer.failure }
    if (seen.snapshot === undefined) {
      return { remaining: change, ...(seen.error && { error: seen.error }), ...lostAnswer }
    }
    const snapshot = { ...seen.snapshot, ids }
    const missing = remaining(change, snapshot, unreported)
    return missing === undefined ? { snapshot } : { snapshot, remaining: missing, ...lostAnswer }
  })

  const { create: sendCreate, delete: sendDelete } = part

  const createInGate = Effect.fnUntraced(function* (
    wanted: LostChange.Wanted<Spec>,
    send: NonNullable<typeof sendCreate>,
    sending: Detached.Sending,
  ): Effect.fn.Return<Sync, Failure> {
    const operation = "createSync"
    const before = yield* lost.before(requests(operation), wanted.sync)
    const answer = yield* Effect.result(write("create", operation, sending, send(wanted.sync)))
    if (Result.isFailure(answer) && answer.failure.delivery !== "unknown") return yield* answer.failure
    const answered = Result.isSuccess(answer) ? answer.success : undefined
    if (answered !== undefined) yield* verifyAnswer(wanted, answered, before)
    const error = Result.isFailure(answer) ? answer.failure : undefined
    const created = answered ?? (yield* lost.findCreated(requests(operation), wanted, before, error))
    yield* lost.claim(created)
    return yield* complete(wanted, created, sending)
  })

  /** Fails where the vendor answered a create with a sync that was there before, or that may not be the wanted one. */
  const verifyAnswer = Effect.fnUntraced(function* (
    { sync, definition }: LostChange.Wanted<Spec>,
    answered: Snapshot<Ids, Native>,
    before: LostChange.Before,
  ): Effect.fn.Return<void, Failure> {
    if (yield* lost.isOld(answered, before)) {
      const text = "the vendor answered with a sync that was there before"
      return yield* context.error("createSync", new Conflict(), "refused", text)
    }
    if (before === undefined && !lost.couldBe(sync, answered)) return yield* lost.indeterminate(definition, [answered])
  })

  /** Sends what a create could not carry. */
  const complete = Effect.fnUntraced(function* (
    { sync: wanted, definition }: LostChange.Wanted<Spec>,
    created: Snapshot<Ids, Native>,
    sending: Detached.Sending,
  ): Effect.fn.Return<Sync, Failure> {
    const operation = "createSync"
    const missing = remaining(Remaining.finalState(wanted), created, "missing")
    if (missing === undefined) return yield* toSync(operation, created)
    const applied = yield* apply(operation, created, missing, sending).pipe(
      Effect.catch((error) => Effect.succeed<Applied<Ids, Native, ChangedSpec>>({ remaining: missing, error })),
    )
    const sync = yield* toSync(operation, applied.snapshot ?? created)
    if (applied.remaining === undefined) return sync
    const { error } = applied
    const stillMissing = publicChange(applied.remaining, definition.part)
    return yield* new ChangeIncomplete({
      operation: "create",
      sync,
      remaining: stillMissing,
      ...(error && { error }),
    })
  })

  const deleteInGate = Effect.fnUntraced(function* (
    sync: SyncRef,
    ids: Ids,
    send: NonNullable<typeof sendDelete>,
    sending: Detached.Sending,
  ): Effect.fn.Return<void, Failure> {
    const operation = "deleteSync"
    const current = yield* Effect.mapError(lost.look(requests(operation), ids), unsent)
    if (current === undefined) return
    lost.forget(ids)
    const answer = yield* Effect.result(write("delete", operation, sending, send({ ...current, ids })))
    if (Result.isSuccess(answer)) return
    const error = answer.failure
    // A sync that is not found is gone, unless it is the route of the delete that is not there.
    if (error.delivery !== "unknown" && error.reason._tag !== "NotFound") return yield* error
    if (yield* lost.isDeleted(requests(operation), ids, error.delivery)) return
    if (error.delivery !== "unknown") return yield* error
    return yield* new ChangeIndeterminate({ operation: "delete", sync, candidates: [], wanted: {}, error })
  })

  return {
    schedules: part.schedules,
    update: Effect.fn("Administration.update")((sync: SyncRef, change: Change) => update("updateSync", sync, change)),
    pause: Effect.fn("Administration.pause")((sync: SyncRef) => update("pauseSync", sync, { enabled: false })),
    resume: Effect.fn("Administration.resume")((sync: SyncRef) => update("resumeSync", sync, { enabled: true })),
    setSchedule: Effect.fn("Administration.setSchedule")((sync: SyncRef, schedule: Schedule) =>
      update("setSchedule", sync, { schedule }),
    ),
    create:
      sendCreate &&
      Effect.fn("Creation.create")(function* (definition: Definition): Effect.fn.Return<Sync, Failure> {
        const sync = yield* decoded("createSync", () => Input.newSync(definition, context.vendor, part))
        return yield* inGate("createSync", (sending) => createInGate({ sync, definition }, sendCreate, sending))
      }),
    delete:
      sendDelete &&
      Effect.fn("Deletion.delete")(function* (ref: SyncRef): Effect.fn.Return<void, Failure> {
        const sync = yield* context.requireSync("deleteSync", ref)
        return yield* inGate("deleteSync", (sending) =>
          context.withIds("deleteSync", sync, (ids: Ids) => deleteInGate(sync, ids, sendDelete, sending)),
        )
      }),
  }
}

/** An error of a read before the first write: nothing was changed. */
const unsent = (error: RetlError): RetlError => error.with({ delivery: "not-sent" })

/** Returns a change as callers write it: the vendor's part as it was passed. */
const publicChange = <ChangedSpec>(
  { spec, ...portable }: SyncChange<ChangedSpec>,
  part: VendorPart | undefined,
): Change => ({ ...portable, ...(spec !== undefined && part !== undefined && { part }) })
