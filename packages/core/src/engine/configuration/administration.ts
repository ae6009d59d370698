/**
 * Changes of one workspace's configuration.
 *
 * Order of things: decode what the caller passes (`input.ts`), with every problem at once. Then, in a fiber of the workspace
 * (`detached.ts`) that holds the turn and the lease of the sync or, for a create, of its ends, and with an entry in the
 * journal (`changeCall.ts`):
 *
 * - update (`update.ts`): read the sync, send the fields that it does not have yet, and read it where the answer does
 *   not show them.
 * - create (`create.ts`): settle what an earlier create of these ends has left (`openCreate.ts`), claim the key
 *   (`createKey.ts`), read which syncs exist (`candidates.ts`), send the create, find the created sync, and send in one update
 *   what a create cannot carry.
 * - delete (`delete.ts`): read the sync, send the delete, and read it again.
 *
 * `ownWrites.ts` and `others.ts` know what was written lately and reads may not show yet, `remaining.ts` says which fields a
 * sync does not have yet, `lostChange.ts` what became of a change whose answer was lost. `pending.ts` is for what changes
 * have left in the journal. `catalog.ts` is the catalog.
 */
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type { AdministrationPart } from "../../driver/Administration.ts"
import type { CatalogPart } from "../../driver/Catalog.ts"
import { type Change, type ChangeFailure, CreateOptions, type Definition } from "../../model/Change.ts"
import type { FieldIssue } from "../../model/FieldIssue.ts"
import { InvalidRequest } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Sync } from "../../model/Sync.ts"
import type { Schedule } from "../../model/schedule/Schedule.ts"
import type { WorkspaceContext } from "../context.ts"
import { about } from "../errors.ts"
import { observed } from "../observing.ts"
import * as ChangeCall from "./changeCall.ts"
import type * as ChangeContext from "./changeContext.ts"
import * as Create from "./create.ts"
import * as Delete from "./delete.ts"
import * as Input from "./input.ts"
import * as Pending from "./pending.ts"
import * as Update from "./update.ts"

/** Creates the functions that change the syncs of a workspace; `create` and `delete` only where the driver has them. */
export const make = <Ids extends object, Native, Spec, ChangedSpec extends object>(
  context: WorkspaceContext,
  catalog: CatalogPart<Ids, Native>,
  part: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
) => {
  const changes: ChangeContext.ChangeContext<Ids, Native, Spec, ChangedSpec> = { context, catalog, part }

  const change = <A>(
    subject: Omit<ChangeCall.Subject, "identity" | "sync">,
    sync: SyncRef,
    work: (call: ChangeCall.ChangeCall, ids: Ids) => Effect.Effect<A, ChangeFailure>,
  ): Effect.Effect<A, ChangeFailure> =>
    context.withIds(subject.operation, sync, (ids: Ids) =>
      ChangeCall.run(context, { ...subject, sync, identity: ChangeCall.identityOfSync(context, ids) }, (call) =>
        work(call, ids),
      ),
    )

  const update = Effect.fnUntraced(
    function* (
      operation: string,
      ref: SyncRef,
      input: Change,
      isForced = false,
    ): Effect.fn.Return<Sync, ChangeFailure> {
      const sync = yield* context.requireSync(operation, ref)
      const decoded = yield* decode(context, operation, () => Input.syncChange(input, context.vendor, part))
      const { name, enabled, ...others } = decoded.change
      const fingerprint = {
        digest: ChangeCall.digestOf(decoded.change),
        ends: {},
        fields: Object.keys({
          ...others,
          ...(enabled !== undefined && { enabled }),
          ...(name !== undefined && { name }),
        }),
        ...(name !== undefined && { name }),
        ...(enabled !== undefined && { enabled }),
      }
      return yield* change({ kind: "update", operation, fingerprint }, sync, (call, ids) =>
        Update.update(changes, call, sync, ids, decoded, isForced),
      )
    },
    (updating, _, ref) => about(ref)(updating),
  )

  const { create, delete: remove } = part
  const call = observed(context)
  return {
    schedules: part.schedules,
    update: Effect.fn("Administration.update")(
      (sync: SyncRef, change: Change) => update("updateSync", sync, change),
      call("Administration.update", "updateSync"),
    ),
    pause: Effect.fn("Administration.pause")(
      (sync: SyncRef) => update("pauseSync", sync, { enabled: false }),
      call("Administration.pause", "pauseSync"),
    ),
    resume: Effect.fn("Administration.resume")(
      (sync: SyncRef) => update("resumeSync", sync, { enabled: true }),
      call("Administration.resume", "resumeSync"),
    ),
    setSchedule: Effect.fn("Administration.setSchedule")(
      (sync: SyncRef, schedule: Schedule) => update("setSchedule", sync, { schedule }),
      call("Administration.setSchedule", "setSchedule"),
    ),
    /** As `pause`, and sent whatever reads show. */
    pauseAlways: (sync: SyncRef) => update("pauseSync", sync, { enabled: false }, true),
    ...Pending.make(changes),
    create:
      create &&
      Effect.fn("Creation.create")(
        function* (definition: Definition, options: CreateOptions = {}): Effect.fn.Return<Sync, ChangeFailure> {
          const operation = "createSync"
          const wanted = yield* decode(context, operation, () => Input.newSync(definition, context.vendor, part))
          const given = yield* context.decodeInput(operation, CreateOptions, options, ["options"])
          const { key, exclusive, whenOpen = "fail" } = given
          const ends = part.ends(wanted.sync)
          const { name } = wanted.sync
          const fingerprint = { digest: ChangeCall.digestOf(wanted.sync), ends, ...(name !== undefined && { name }) }
          const subject: ChangeCall.Subject = {
            ...{ kind: "create", operation, fingerprint, identity: ChangeCall.identityOfEnds(context, ends) },
            ...(key !== undefined && { key }),
            ...(exclusive !== undefined && { exclusive }),
          }
          return yield* ChangeCall.run(context, subject, (call) =>
            Effect.andThen(ChangeCall.forget(context), Create.create(changes, call, wanted, whenOpen, create)),
          )
        },
        (creating) => call("Creation.create", "createSync")(creating),
      ),
    delete:
      remove &&
      Effect.fn("Deletion.delete")(
        function* (ref: SyncRef): Effect.fn.Return<void, ChangeFailure> {
          const operation = "deleteSync"
          const sync = yield* context.requireSync(operation, ref)
          const fingerprint = { digest: ChangeCall.digestOf(operation), ends: {} }
          return yield* change({ kind: "delete", operation, fingerprint }, sync, (call, ids) =>
            Delete.remove(changes, call, sync, ids, remove),
          )
        },
        call("Deletion.delete", "deleteSync"),
      ),
  }
}

/** Runs a decoder. Fails with `InvalidRequest`, with every problem. */
const decode = <A>(
  context: WorkspaceContext,
  operation: string,
  decoder: () => Result.Result<A, ReadonlyArray<FieldIssue>>,
): Effect.Effect<A, RetlError> =>
  Effect.suspend(() =>
    Effect.mapError(Effect.fromResult(decoder()), (issues) => context.error(operation, new InvalidRequest({ issues }))),
  )
