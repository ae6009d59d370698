/** The administration of one workspace, over its driver's section: checks, one write at a time, and looks. */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { Service, Writes } from "../../Administration.ts"
import type { Reads, Snapshot } from "../../Catalog.ts"
import { type Change, ChangeIncomplete, ChangeIndeterminate, type Definition } from "../../model/Change.ts"
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
import * as Changes from "./changes.ts"
import * as Detached from "./detached.ts"
import * as Asked from "./input.ts"
import * as LostChange from "./lostChange.ts"

type Failure = RetlError | ChangeIndeterminate | ChangeIncomplete

/** What has come of a change: the sync as it was seen last, what of it is still missing, and why where that is known. */
interface Applied {
  readonly snapshot?: Snapshot
  readonly remaining?: Change
  readonly error?: RetlError
}

/** A read before the first write: whatever became of it, nothing was changed. */
const unsent = (error: RetlError): RetlError => error.with({ delivery: "not-sent" })

export const make = (context: WorkspaceContext, reads: Reads, writes: Writes): Service => {
  /** Changes of one workspace go one at a time: of two creates, each knows which sync is its own. */
  const gate = Semaphore.makeUnsafe(1)
  const requests = (operation: string) => Catalog.requestsOf(context, operation, Priority.write)

  const changing = <A>(
    operation: string,
    work: (sending: Detached.Sending) => Effect.Effect<A, Failure>,
  ): Effect.Effect<A, Failure> => Detached.run(context, operation, (sending) => gate.withPermit(work(sending)))

  const refuse = (operation: string, issues: ReadonlyArray<FieldIssue>): Effect.Effect<void, RetlError> =>
    issues.length === 0 ? Effect.void : Effect.fail(context.error(operation, new InvalidRequest({ issues })))

  /** One write: in the rate limit, sent again only where it provably did nothing. */
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

  const lost: LostChange.LostChange = LostChange.make(context, reads, writes)

  const left = (change: Change, shown: Snapshot, unsaid: "missing" | "done") =>
    Changes.remaining(change, shown, writes, unsaid)

  /** Sends a change, and looks where its answer does not show all of it. Fails where nothing was changed. */
  const apply = Effect.fnUntraced(function* (
    operation: string,
    current: Snapshot,
    change: Change,
    sending: Detached.Sending,
  ): Effect.fn.Return<Applied, RetlError> {
    const told = yield* Effect.result(write("update", operation, sending, writes.update(current, change)))
    if (told._tag === "Failure" && told.failure.delivery !== "unknown") return yield* told.failure
    if (told._tag === "Success" && told.success !== undefined && left(change, told.success, "missing") === undefined) {
      return { snapshot: { ...told.success, ids: current.ids } }
    }
    const unsaid = told._tag === "Success" ? "done" : "missing"
    const seen = yield* lost.update(requests(operation), current.ids, change, unsaid)
    const error = told._tag === "Failure" ? told.failure : seen.error
    if (seen.snapshot === undefined) return { remaining: change, ...(error && { error }) }
    const snapshot = { ...seen.snapshot, ids: current.ids }
    const remaining = left(change, snapshot, unsaid)
    return { snapshot, ...(remaining && { remaining, ...(told._tag === "Failure" && { error: told.failure }) }) }
  })

  const create = Effect.fnUntraced(function* (
    definition: Definition,
    sending: Detached.Sending,
  ): Effect.fn.Return<Sync, Failure> {
    const operation = "createSync"
    const before = yield* lost.before(requests(operation), definition)
    const told = yield* Effect.result(write("create", operation, sending, writes.create(definition)))
    if (told._tag === "Failure" && told.failure.delivery !== "unknown") return yield* told.failure
    const answered = told._tag === "Success" ? told.success : undefined
    const made =
      answered ??
      (yield* lost.created(requests(operation), definition, before, told._tag === "Failure" ? told.failure : undefined))
    if (answered !== undefined && (yield* lost.isOld(answered, before))) {
      return yield* context.error(
        operation,
        new Conflict(),
        "refused",
        "the vendor answered with a sync that was there before",
      )
    }
    if (answered !== undefined && before === undefined && !lost.couldBe(definition, answered)) {
      return yield* lost.unclear(definition, [answered])
    }
    yield* lost.claim(made)
    const rest = left(Changes.endOf(definition), made, "missing")
    if (rest === undefined) return yield* Catalog.toSync(context, operation, made)
    const applied = yield* Effect.result(apply(operation, made, rest, sending))
    const {
      snapshot = made,
      remaining,
      error,
    }: Applied = applied._tag === "Success" ? applied.success : { remaining: rest, error: applied.failure }
    const sync = yield* Catalog.toSync(context, operation, snapshot)
    if (remaining === undefined) return sync
    return yield* new ChangeIncomplete({ operation: "create", sync, remaining, ...(error && { error }) })
  })

  const update = Effect.fnUntraced(function* (
    operation: string,
    asked: SyncRef,
    wanted: Change,
  ): Effect.fn.Return<Sync, Failure> {
    const ref = yield* context.requireSync(operation, asked)
    const { issues, sound: change } = Asked.read(wanted)
    const isEmpty = issues.length === 0 && Object.keys(change).length === 0
    yield* refuse(operation, [
      ...issues,
      ...(isEmpty ? [{ path: [], message: "Expected at least one field to change" }] : []),
      ...Changes.problems(context.driver.vendor, writes.schedules, change),
      ...(change.part === undefined || change.part.vendor === context.driver.vendor
        ? writes.changeProblems(change)
        : []),
    ])
    return yield* changing(
      operation,
      Effect.fnUntraced(function* (sending) {
        const found = yield* Effect.mapError(reads.get(requests(operation), ref.ids), unsent)
        const current = { ...found, ids: ref.ids }
        const needed = left(change, current, "missing")
        if (needed === undefined) return yield* Catalog.toSync(context, operation, current)
        const { snapshot, remaining, error } = yield* apply(operation, current, needed, sending)
        if (error !== undefined) {
          return yield* new ChangeIndeterminate({
            operation: "update",
            sync: ref,
            candidates: [],
            wanted: change,
            error,
          })
        }
        const sync = yield* Catalog.toSync(context, operation, snapshot ?? current)
        if (remaining === undefined) return sync
        return yield* new ChangeIncomplete({ operation: "update", sync, remaining })
      }),
    )
  })

  const remove = Effect.fnUntraced(function* (
    operation: string,
    ref: SyncRef,
    sending: Detached.Sending,
  ): Effect.fn.Return<void, Failure> {
    const found = yield* Effect.mapError(lost.look(requests(operation), ref.ids), unsent)
    if (found === undefined) return
    const current = { ...found, ids: ref.ids }
    lost.forget(ref.ids)
    const told = yield* Effect.result(write("delete", operation, sending, writes.delete(current)))
    if (told._tag === "Success") return
    const error = told.failure
    // A sync that is not found is gone, unless it is the way to delete it that is not there.
    if (error.delivery !== "unknown" && error.reason._tag !== "NotFound") return yield* error
    if (yield* lost.deleted(requests(operation), ref.ids, error.delivery)) return
    if (error.delivery !== "unknown") return yield* error
    return yield* new ChangeIndeterminate({ operation: "delete", sync: ref, candidates: [], wanted: {}, error })
  })

  return {
    schedules: writes.schedules,
    create: Effect.fn("Administration.create")(function* (wanted: Definition) {
      const { issues, sound } = Asked.read(wanted)
      const { part } = sound
      const isMissing = part === undefined && !issues.some(({ path }) => path.length === 0 || path[0] === "part")
      yield* refuse("createSync", [
        ...issues,
        ...(isMissing
          ? [{ path: ["part"], message: "Expected what an adapter's definition makes: it is missing" }]
          : []),
        ...Changes.problems(context.driver.vendor, writes.schedules, sound),
        ...(part?.vendor === context.driver.vendor ? writes.definitionProblems({ ...sound, part }) : []),
      ])
      const definition = { ...sound, part: part ?? wanted.part }
      return yield* changing("createSync", (sending) => create(definition, sending))
    }),
    update: Effect.fn("Administration.update")((sync: SyncRef, change: Change) => update("updateSync", sync, change)),
    pause: Effect.fn("Administration.pause")((sync: SyncRef) => update("pauseSync", sync, { enabled: false })),
    resume: Effect.fn("Administration.resume")((sync: SyncRef) => update("resumeSync", sync, { enabled: true })),
    setSchedule: Effect.fn("Administration.setSchedule")((sync: SyncRef, schedule: Schedule) =>
      update("setSchedule", sync, { schedule }),
    ),
    delete: Effect.fn("Administration.delete")(function* (asked: SyncRef) {
      const sync = yield* context.requireSync("deleteSync", asked)
      return yield* changing("deleteSync", (sending) => remove("deleteSync", sync, sending))
    }),
  }
}
