/**
 * What the changes of one workspace share: its catalog, its administration, and the syncs that this process created.
 */
import * as Effect from "effect/Effect"
import type { AdministrationPart, SyncChange } from "../../driver/Administration.ts"
import * as BoundedMap from "../../driver/BoundedMap.ts"
import type { CatalogPart, Requests, Snapshot } from "../../driver/Catalog.ts"
import type { Change, ChangeIncomplete, ChangeIndeterminate, VendorPart } from "../../model/Change.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Catalog from "./catalog.ts"
import type { MarkWrite } from "./detached.ts"

/** How a change fails. */
export type Failure = RetlError | ChangeIndeterminate | ChangeIncomplete

/** What the changes of one workspace share. */
export interface ChangeContext<Ids extends object, Native, Spec, ChangedSpec> {
  readonly context: WorkspaceContext
  readonly catalog: CatalogPart<Ids, Native>
  readonly part: AdministrationPart<Ids, Native, Spec, ChangedSpec>
  /** When this process created a sync, in epoch milliseconds, by the sync's identity. */
  readonly createdAt: BoundedMap.BoundedMap<number>
  /** When this process began to delete a sync, likewise. */
  readonly deletedAt: BoundedMap.BoundedMap<number>
}

export const make = <Ids extends object, Native, Spec, ChangedSpec>(
  context: WorkspaceContext,
  catalog: CatalogPart<Ids, Native>,
  part: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
): ChangeContext<Ids, Native, Spec, ChangedSpec> => ({
  context,
  catalog,
  part,
  createdAt: BoundedMap.make(1_024),
  deletedAt: BoundedMap.make(1_024),
})

/** Returns the reads of a change. */
export const requestsOf = (context: WorkspaceContext, operation: string): Requests =>
  Catalog.requestsOf(context, operation, Priority.write)

/** Reads a sync, which has its `ids` then. */
export const read = <Ids extends object, Native, Spec, ChangedSpec>(
  { context, catalog }: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  ids: Ids,
): Effect.Effect<Snapshot<Ids, Native>, RetlError> =>
  Catalog.read(context, catalog, requestsOf(context, operation), operation, ids)

/** Sends a write of one request, within the rate limit; sends it again only where it provably did nothing. */
export const write = <A>(
  context: WorkspaceContext,
  kind: "create" | "update" | "delete",
  operation: string,
  markWrite: MarkWrite,
  request: Effect.Effect<A, RetlError>,
): Effect.Effect<A, RetlError> =>
  RetryLoop.write(
    Effect.mapError(context.rateLimit.within(kind, Priority.write)(markWrite(request)), (error) =>
      error.with({ operation }),
    ),
  )

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
}
