/**
 * Changes of one workspace's configuration.
 *
 * Order of things: decode what the caller passes (`input.ts`), with every problem at once. Then, one change at a time,
 * in a fiber of the workspace (`detached.ts`):
 *
 * - update (`update.ts`): read the sync, send the fields that it does not have yet, and read it where the answer does
 *   not show them.
 * - create (`create.ts`): read which syncs exist, send the create, find the created sync, and send in one update what a
 *   create cannot carry.
 * - delete (`delete.ts`): read the sync, send the delete, and read it again.
 *
 * `remaining.ts` says which fields a sync does not have yet, `lostChange.ts` what became of a change whose answer was
 * lost. `catalog.ts` is the catalog.
 */
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type { AdministrationPart } from "../../driver/Administration.ts"
import type { CatalogPart } from "../../driver/Catalog.ts"
import type { Change, Definition } from "../../model/Change.ts"
import type { FieldIssue } from "../../model/FieldIssue.ts"
import { InvalidRequest } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Sync } from "../../model/Sync.ts"
import type { Schedule } from "../../model/schedule/Schedule.ts"
import type { WorkspaceContext } from "../context.ts"
import { about } from "../errors.ts"
import * as ChangeContext from "./changeContext.ts"
import * as Create from "./create.ts"
import * as Delete from "./delete.ts"
import * as Detached from "./detached.ts"
import * as Input from "./input.ts"
import * as Update from "./update.ts"

type Failure = ChangeContext.Failure

/** Creates the functions that change the syncs of a workspace; `create` and `delete` only where the driver has them. */
export const make = <Ids extends object, Native, Spec, ChangedSpec>(
  context: WorkspaceContext,
  catalog: CatalogPart<Ids, Native>,
  part: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
) => {
  const changes = ChangeContext.make(context, catalog, part)
  /** Changes go one at a time: of two creates, each then finds its result. */
  const gate = Semaphore.makeUnsafe(1)

  const inGate = <A>(
    operation: string,
    work: (markWrite: Detached.MarkWrite) => Effect.Effect<A, Failure>,
  ): Effect.Effect<A, Failure> => Detached.run(context, operation, (markWrite) => gate.withPermit(work(markWrite)))

  const update = Effect.fnUntraced(
    function* (operation: string, ref: SyncRef, input: Change): Effect.fn.Return<Sync, Failure> {
      const sync = yield* context.requireSync(operation, ref)
      const change = yield* decode(context, operation, () => Input.syncChange(input, context.vendor, part))
      return yield* inGate(operation, (markWrite) =>
        context.withIds(operation, sync, (ids: Ids) => Update.update(changes, operation, sync, ids, change, markWrite)),
      )
    },
    (updating, _, ref) => about(ref)(updating),
  )

  const { create, delete: remove } = part
  return {
    schedules: part.schedules,
    update: Effect.fn("Administration.update")((sync: SyncRef, change: Change) => update("updateSync", sync, change)),
    pause: Effect.fn("Administration.pause")((sync: SyncRef) => update("pauseSync", sync, { enabled: false })),
    resume: Effect.fn("Administration.resume")((sync: SyncRef) => update("resumeSync", sync, { enabled: true })),
    setSchedule: Effect.fn("Administration.setSchedule")((sync: SyncRef, schedule: Schedule) =>
      update("setSchedule", sync, { schedule }),
    ),
    create:
      create &&
      Effect.fn("Creation.create")(function* (definition: Definition): Effect.fn.Return<Sync, Failure> {
        const wanted = yield* decode(context, "createSync", () => Input.newSync(definition, context.vendor, part))
        return yield* inGate("createSync", (markWrite) => Create.create(changes, wanted, create, markWrite))
      }),
    delete:
      remove &&
      Effect.fn("Deletion.delete")(
        function* (ref: SyncRef): Effect.fn.Return<void, Failure> {
          const sync = yield* context.requireSync("deleteSync", ref)
          return yield* inGate("deleteSync", (markWrite) =>
            context.withIds("deleteSync", sync, (ids: Ids) => Delete.remove(changes, sync, ids, remove, markWrite)),
          )
        },
        (deleting, ref) => about(ref)(deleting),
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
