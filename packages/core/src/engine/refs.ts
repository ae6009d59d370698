/** The refs of one workspace: whether they belong to it, what they name, and the driver's ids in them. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AnyDriver } from "../driver/Driver.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import { InvalidRequest, WrongWorkspace } from "../model/Reason.ts"
import { RunRef, SyncRef } from "../model/Ref.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Errors } from "./errors.ts"
import * as Identity from "./identity.ts"

/** The refs of one workspace. */
export interface Refs {
  /**
   * Returns a sync's ref, decoded: it may come as JSON. Fails unless it names this workspace, with exactly the ids that
   * the vendor takes.
   */
  readonly requireSync: (operation: string, ref: SyncRef) => Effect.Effect<SyncRef, RetlError>
  /** As `requireSync`, for a run's ref. */
  readonly requireRun: (operation: string, ref: RunRef) => Effect.Effect<RunRef, RetlError>
  /** Returns the text that two refs share exactly when they name one sync: vendor, address and required ids. */
  readonly identityOf: (sync: SyncRef) => string
  /** As `identityOf`, of a vendor's ids. */
  readonly identityOfIds: (ids: object) => string
  /** Returns the text that two refs share exactly when they name one run. */
  readonly runKeyOf: (run: RunRef) => string
  /** Calls a function of the driver with the ids of a sync, decoded. */
  readonly withIds: <A, E, Ids>(
    operation: string,
    sync: SyncRef,
    use: (ids: Ids) => Effect.Effect<A, E>,
  ) => Effect.Effect<A, E | RetlError>
}

/**
 * A ref may come from a row of a database, or from a later version: unknown fields say nothing about what it names. The
 * driver's ids have none.
 */
const stored = { excess: "ignore" } as const

const isDecodedTime = (time: unknown): boolean =>
  time === undefined || (DateTime.isDateTime(time) && DateTime.isUtc(time))

export const make = (workspace: string, driver: AnyDriver, { error, decodeInput }: Errors): Refs => {
  const identity = Identity.make(driver)

  /** Refs that were decoded before: programs read one run again and again. */
  const decodedRuns = new WeakSet<RunRef>()

  /** Returns a ref whose sync is this workspace's. */
  const withOwn = <Ref>(operation: string, sync: SyncRef, ref: Ref): Effect.Effect<Ref, RetlError> => {
    if (sync.workspace !== workspace || sync.vendor !== driver.vendor) {
      return Effect.fail(error(operation, new WrongWorkspace({ named: `${sync.vendor} (${sync.workspace})` })))
    }
    const ids = identity.idsOf(sync)
    return Result.isSuccess(ids) ? Effect.succeed(ref) : Effect.fail(invalidIds(operation, ids.failure))
  }

  const invalidIds = (operation: string, issues: ReadonlyArray<FieldIssue.FieldIssue>): RetlError =>
    error(operation, new InvalidRequest({ issues: FieldIssue.within(["ids"], issues) }))

  /** Refuses what callers without a type checker pass most: the text of a ref, and a ref of the other kind. */
  const requireRef = (operation: string, kind: "sync" | "run", ref: unknown): Effect.Effect<void, RetlError> => {
    const isOther = kind === "sync" ? ref instanceof RunRef : ref instanceof SyncRef
    if (typeof ref !== "string" && !isOther) return Effect.void
    const actual = isOther
      ? `a ${kind === "sync" ? "run" : "sync"} ref`
      : "its text, which parseSync and parseRun decode"
    const message = `Expected a ${kind} ref, not ${actual}`
    return Effect.fail(error(operation, new InvalidRequest({ issues: [{ path: [kind], message }] })))
  }

  return {
    requireSync: (operation, ref) =>
      Effect.flatMap(
        Effect.andThen(requireRef(operation, "sync", ref), decodeInput(operation, SyncRef, ref, ["sync"], stored)),
        (decoded) => {
          // An instance stays the same object, so that its ids are decoded once.
          const sync = ref instanceof SyncRef ? ref : decoded
          return withOwn(operation, sync, sync)
        },
      ),
    requireRun: (operation, ref) =>
      decodedRuns.has(ref)
        ? withOwn(operation, ref.sync, ref)
        : Effect.flatMap(
            Effect.andThen(requireRef(operation, "run", ref), decodeInput(operation, RunRef, ref, ["run"], stored)),
            (decoded) => {
              const isDecoded = ref instanceof RunRef && ref.sync instanceof SyncRef && isDecodedTime(ref.acceptedAt)
              const run = isDecoded ? ref : decoded
              decodedRuns.add(run)
              return withOwn(operation, run.sync, run)
            },
          ),
    identityOf: identity.of,
    identityOfIds: identity.ofIds,
    runKeyOf: ({ sync, run }) => `${identity.of(sync)} ${run}`,
    withIds: <A, E>(
      operation: string,
      sync: SyncRef,
      // biome-ignore lint/suspicious/noExplicitAny: the type of ids is the driver's
      use: (ids: any) => Effect.Effect<A, E>,
    ): Effect.Effect<A, E | RetlError> =>
      Effect.suspend((): Effect.Effect<A, E | RetlError> => {
        const ids = identity.idsOf(sync)
        return Result.isSuccess(ids) ? use(ids.success) : Effect.fail(invalidIds(operation, ids.failure))
      }),
  }
}
