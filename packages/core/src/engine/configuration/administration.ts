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
 * sync does not have yet, `lostChange.ts` what became of a change whose answer was lost, `overtaken.ts` which earlier changes may
 * still undo a later one. `pending.ts` is for what changes have left in the journal. `catalog.ts` is the catalog.
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
import type { CallName, calls } from "../../telemetry/spans.ts"
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

  const update = Effect.fnUntraced(function* (
    operation: string,
    ref: SyncRef,
    input: Change,
    isForced = false,
  ): Effect.fn.Return<Sync, ChangeFailure> {
    const sync = yield* context.requireSync(operation, ref)
    const decoded = yield* decode(context, operation, () => Input.syncChange(input, context.vendor, part))
    const digest = ChangeCall.digestOf(decoded.change)
    const { spec: _, schedule: __, ...shown } = decoded.change
    const fingerprint = { digest, ends: {}, fields: Object.keys(decoded.change), ...shown }
    return yield* change({ kind: "update", operation, fingerprint }, sync, (call, ids) =>
      Update.update(changes, call, sync, ids, decoded, isForced),
    )
  })

  const { create, delete: remove } = part
  const call = observed(context)
  /** Returns a call that changes a sync. */
  const changing = <Given = void>(
    name: CallName,
    operation: (typeof calls)[CallName]["operation"],
    changeOf: (given: Given) => Change,
  ) => Effect.fn(name)((sync: SyncRef, given: Given) => update(operation, sync, changeOf(given)), call(name, operation))
  return {
    schedules: part.schedules,
    update: changing("Administration.update", "updateSync", (change: Change) => change),
    pause: changing("Administration.pause", "pauseSync", () => ({ enabled: false })),
    resume: changing("Administration.resume", "resumeSync", () => ({ enabled: true })),
    setSchedule: changing("Administration.setSchedule", "setSchedule", (schedule: Schedule) => ({ schedule })),
    /** As `pause`, and sent whatever reads show. */
    pauseAlways: (sync: SyncRef) => about(sync)(update("pauseSync", sync, { enabled: false }, true)),
    ...Pending.make(changes),
    create:
      create &&
      Effect.fn("Creation.create")(
        function* (definition: Definition, options: CreateOptions = {}): Effect.fn.Return<Sync, ChangeFailure> {
          const operation = "createSync"
          const wanted = yield* decode(context, operation, () => Input.newSync(definition, context.vendor, part))
          const decoded = yield* context.decodeInput(operation, CreateOptions, options, ["options"])
          const { whenOpen = "fail", ...given } = decoded
          const ends = part.ends(wanted.sync)
          const { name } = wanted.sync
          const fingerprint = { digest: ChangeCall.digestOf(wanted.sync), ends, ...(name !== undefined && { name }) }
          const subject: ChangeCall.Subject = {
            ...{ kind: "create", operation, fingerprint, identity: ChangeCall.identityOfEnds(context, ends) },
            ...given,
          }
          return yield* ChangeCall.run(context, subject, (call) =>
            Create.create(changes, call, wanted, whenOpen, create),
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
