/** What the changes of one workspace share: its catalog, its administration, and how they read. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { AdministrationPart, SyncChange } from "../../driver/Administration.ts"
import type { CatalogPart, Requests, Snapshot } from "../../driver/Catalog.ts"
import type { Change, ForeignChange, VendorPart } from "../../model/Change.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Catalog from "./catalog.ts"
import * as Others from "./others.ts"
import * as OwnWrites from "./ownWrites.ts"

/** What the changes of one workspace share. */
export interface ChangeContext<Ids extends object, Native, Spec, ChangedSpec> {
  readonly context: WorkspaceContext
  readonly catalog: CatalogPart<Ids, Native>
  readonly part: AdministrationPart<Ids, Native, Spec, ChangedSpec>
}

/** Returns the reads of a change. */
export const requestsOf = (context: WorkspaceContext, operation: string): Requests =>
  Catalog.requestsOf(context, operation, Priority.write)

/** Reads a sync alone, which has its `ids` then. */
export const read = <Ids extends object, Native, Spec, ChangedSpec>(
  { context, catalog, part }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
): Effect.Effect<Snapshot<Ids, Native>, RetlError> => {
  const get = part.read ?? catalog.get
  return Catalog.read(context, { ...catalog, get }, requestsOf(context, operation), operation, ids)
}

const isMissing = ({ reason }: RetlError): boolean => reason._tag === "NotFound" && reason.what !== "workspace"

/** Returns what a read succeeds with; `undefined` where the sync does not exist. */
export const orMissing = <A>(reading: Effect.Effect<A, RetlError>): Effect.Effect<A | undefined, RetlError> =>
  Effect.catchIf(reading, isMissing, () => Effect.succeed(undefined))

/** Reads a sync; `undefined` where it does not exist. */
export const readSync = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
) => orMissing(read(changes, operation, ids))

/**
 * Reads a sync before its change. One that reads do not show is looked for where it was written lately (`isRecent`), or made by
 * a create of the journal, for as long as that may not show. Fails with the vendor's `NotFound` after that.
 */
export const readCurrent = <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
  isRecent: boolean,
): Effect.Effect<Snapshot<Ids, Native>, RetlError> => {
  const { context } = changes
  return Effect.catchIf(
    read(changes, operation, ids),
    isMissing,
    Effect.fnUntraced(function* (missing) {
      const hiddenFor = isRecent
        ? OwnWrites.settlesWithin(context)
        : Duration.millis(yield* Others.newFor(context, context.identityOfIds(ids)))
      if (Duration.isZero(hiddenFor)) return yield* missing
      return (yield* RetryLoop.until(hiddenFor, readSync(changes, operation, ids))) ?? (yield* missing)
    }),
  )
}

/** Returns the error of a read before the first write: nothing was changed. */
export const notSent = (error: RetlError): RetlError => error.with({ delivery: "not-sent" })

/** Returns a change as callers write it, with the vendor's part as it was passed. */
export const toChange = <ChangedSpec>(
  { spec, ...portable }: SyncChange<ChangedSpec>,
  part: VendorPart | undefined,
): Change => ({ ...portable, ...(spec !== undefined && part !== undefined && { part }) })

/**
 * What a change has led to: the sync as core last saw it, what is still missing, and why, where an error says so. `refused`
 * is the error of a later step, which provably did nothing.
 */
export interface Applied<Ids, Native, ChangedSpec> {
  readonly snapshot?: Snapshot<Ids, Native>
  readonly remaining?: SyncChange<ChangedSpec>
  readonly error?: RetlError
  readonly refused?: RetlError
  /** What somebody else has changed meanwhile. @default none */
  readonly foreign?: ReadonlyArray<ForeignChange>
}
