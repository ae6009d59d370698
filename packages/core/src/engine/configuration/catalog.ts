/** The catalog of one workspace. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { CatalogPart, Page, Requests, Snapshot } from "../../driver/Catalog.ts"
import * as Pages from "../../http/Pages.ts"
import * as Redaction from "../../http/redaction.ts"
import { type FieldIssue, fromSchemaIssue } from "../../model/FieldIssue.ts"
import * as Input from "../../model/Input.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import { RunRef, SyncRef, VendorId } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { Sync } from "../../model/Sync.ts"
import type { WorkspaceContext } from "../context.ts"
import { observed, observedStream } from "../observing.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import type { ReadState } from "../trigger/whilePaused.ts"

/** Returns the reads of one portable operation. Their errors name it. */
export const requestsOf = (context: WorkspaceContext, operation: string, priority: Priority): Requests => {
  const read: Requests["read"] = (kind, request) =>
    context.rateLimit.whileOpen(
      RetryLoop.read(
        Effect.mapError(context.rateLimit.within(kind, priority)(request), (error) => error.with({ operation })),
      ),
    )
  const pages = <A>(kind: Parameters<Requests["read"]>[0], page: Page<A>, idOf: (item: A) => string) =>
    Pages.stream(
      operation,
      (cursor) => context.pageSizes.within(kind, undefined, (size) => read(kind, page(cursor, size))),
      (name, reason, delivery) => context.error(name, reason, delivery),
      {},
      idOf,
    )
  return {
    read,
    pages: (kind, page) => pages(kind, page, ({ id }) => id),
    syncPages: (kind, page) => pages(kind, page, ({ ids }) => context.identityOfIds(ids)),
  }
}

const decodeRef = /* @__PURE__ */ Input.decoder(SyncRef)
const vendorIdIssues = /* @__PURE__ */ Input.issues(VendorId)

/** Returns the ref of a vendor's ids. Fails with `UnexpectedResponse` where they cannot be those of a sync. */
export const toRef = (context: WorkspaceContext, operation: string, ids: unknown): Effect.Effect<SyncRef, RetlError> =>
  Effect.suspend(() => {
    const ref = decodeRef({ workspace: context.name, vendor: context.vendor, ids })
    return Result.isSuccess(ref)
      ? Effect.succeed(ref.success)
      : Effect.fail(context.error(operation, new UnexpectedResponse({ issues: ref.failure }), "unknown"))
  })

/**
 * Returns the sync that an adapter read. Fails with `UnexpectedResponse`, with what is wrong, where it cannot be one.
 */
export const toSync = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  operation: string,
  snapshot: Snapshot,
): Effect.fn.Return<Sync, RetlError> {
  if (!Predicate.isObject(snapshot)) {
    return yield* context.error(operation, new UnexpectedResponse({ issues: [noSync] }), "unknown")
  }
  const { ids, lastRun, ...fields } = snapshot
  const ref = yield* toRef(context, operation, ids)
  const { run, succeededAt } = lastRun ?? {}
  const last = {
    ...(run !== undefined && vendorIdIssues(run).length === 0 && { ref: new RunRef({ sync: ref, run }) }),
    ...(succeededAt !== undefined && { succeededAt }),
  }
  return yield* Sync.makeEffect(
    { ...Redaction.inside(fields, context.redact), ref, ...(lastRun !== undefined && { lastRun: last }) },
    { parseOptions: { errors: "all" } },
  ).pipe(
    Effect.mapError((issue) =>
      context.error(operation, new UnexpectedResponse({ issues: fromSchemaIssue(issue) }), "unknown"),
    ),
  )
})

const noSync: FieldIssue = { path: [], message: "Expected a sync" }

/** Returns whether an adapter returned a sync at all. */
export const isSnapshot = <Ids extends object, Native>(
  answer: Snapshot<Ids, Native> | undefined,
): answer is Snapshot<Ids, Native> => Predicate.isObject(answer) && Predicate.isObject(answer.ids)

/** Returns whether an adapter returned the sync that these ids name. */
export const isSameSync = <Ids extends object, Native>(
  context: WorkspaceContext,
  answer: Snapshot<Ids, Native> | undefined,
  ids: Ids,
): answer is Snapshot<Ids, Native> =>
  isSnapshot(answer) && context.identityOfIds(answer.ids) === context.identityOfIds(ids)

/** Reads a sync. Fails with `UnexpectedResponse` where the adapter returns another. */
export const read = <Ids extends object, Native>(
  context: WorkspaceContext,
  { get }: CatalogPart<Ids, Native>,
  requests: Requests,
  operation: string,
  ids: Ids,
): Effect.Effect<Snapshot<Ids, Native>, RetlError> =>
  Effect.flatMap(get(requests, ids), (snapshot) =>
    isSameSync(context, snapshot, ids)
      ? Effect.succeed(snapshot)
      : Effect.fail(context.error(operation, new UnexpectedResponse({ issues: [anotherSync] }), "unknown")),
  )

const anotherSync: FieldIssue = { path: ["ids"], message: "Expected the sync that was requested, found another" }

/** Returns the function that reads the state of a sync before a trigger. */
export const stateReader =
  <Ids extends object, Native>(catalog: CatalogPart<Ids, Native>) =>
  (context: WorkspaceContext): ReadState => {
    const requests = requestsOf(context, "start", Priority.write)
    return (sync) =>
      Effect.map(
        context.withIds("start", sync, (ids: Ids) => read(context, catalog, requests, "start", ids)),
        ({ state }) => state,
      )
  }

/** Creates the functions that read the configured syncs of a workspace. */
export const make = <Ids extends object, Native>(context: WorkspaceContext, catalog: CatalogPart<Ids, Native>) => ({
  list: Stream.suspend(() => catalog.list(requestsOf(context, "listSyncs", Priority.read))).pipe(
    Stream.mapEffect((snapshot) => toSync(context, "listSyncs", snapshot)),
    observedStream(context, "Catalog.list", "listSyncs"),
  ),
  get: Effect.fn("Catalog.get")(
    function* (ref: SyncRef) {
      const sync = yield* context.requireSync("getSync", ref)
      const requests = requestsOf(context, "getSync", Priority.read)
      const snapshot = yield* context.withIds("getSync", sync, (ids: Ids) =>
        read(context, catalog, requests, "getSync", ids),
      )
      return yield* toSync(context, "getSync", snapshot)
    },
    observed(context)("Catalog.get", "getSync"),
  ),
})
