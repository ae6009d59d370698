/** The catalog of one workspace, over its driver's section. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as Stream from "effect/Stream"
import type { Reads, Requests, Service, Snapshot } from "../../Catalog.ts"
import * as Pages from "../../http/Pages.ts"
import * as Reader from "../../model/Reader.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import { RunRef, type SyncRef, syncRef, type VendorIds, vendorId } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { Sync } from "../../model/Sync.ts"
import { fromIssue } from "../../model/schemaIssues.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Retry from "../retry.ts"

/** The requests of one piece of work, named after the portable operation that it is part of. */
export const requestsOf = (context: WorkspaceContext, named: string, priority: Priority): Requests => {
  const read: Requests["read"] = (operation, request) =>
    Retry.read(
      context.rateLimit.within(
        operation,
        priority,
      )(Effect.mapError(request, (error) => error.with({ operation: named }))),
    )
  return {
    read,
    pages: (operation, page) =>
      Pages.stream(
        named,
        (cursor) => read(operation, page(cursor)),
        (name, reason, delivery) => context.error(name, reason, delivery),
        {},
        (item) => ("id" in item ? item.id : JSON.stringify(item.ids)),
      ),
  }
}

/** The ref that goes with a vendor's ids; ids that can be none are `UnexpectedResponse`. */
export const toRef = (
  context: WorkspaceContext,
  operation: string,
  ids: VendorIds,
): Effect.Effect<SyncRef, RetlError> => {
  const made = Reader.read(syncRef, { workspace: context.name, vendor: context.driver.vendor, ids })
  return Result.isSuccess(made)
    ? Effect.succeed(made.success)
    : Effect.fail(context.error(operation, new UnexpectedResponse({ issues: made.failure }), "unknown"))
}

/** With its ref; what cannot be a sync is `UnexpectedResponse`, which says where. */
export const toSync = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  operation: string,
  { ids, lastRun, ...told }: Snapshot,
): Effect.fn.Return<Sync, RetlError> {
  const ref = yield* toRef(context, operation, ids)
  const { run, succeededAt } = lastRun ?? {}
  const last = {
    ...(run !== undefined && Reader.problems(vendorId, run).length === 0 && { ref: new RunRef({ sync: ref, run }) }),
    ...(succeededAt !== undefined && { succeededAt }),
  }
  return yield* Sync.makeEffect(
    { ...told, ref, ...(lastRun !== undefined && { lastRun: last }) },
    { parseOptions: { errors: "all" } },
  ).pipe(Effect.mapError((issue) => unexpected(context, operation, issue)))
})

const unexpected = (context: WorkspaceContext, operation: string, issue: SchemaIssue.Issue): RetlError =>
  context.error(operation, new UnexpectedResponse({ issues: fromIssue(issue) }), "unknown")

export const make = (context: WorkspaceContext, reads: Reads): Service => ({
  list: Stream.suspend(() => reads.list(requestsOf(context, "listSyncs", Priority.read))).pipe(
    Stream.mapEffect((snapshot) => toSync(context, "listSyncs", snapshot)),
    Stream.withSpan("Catalog.list"),
  ),
  get: Effect.fn("Catalog.get")(function* (asked: SyncRef) {
    const sync = yield* context.requireSync("getSync", asked)
    const snapshot = yield* reads.get(requestsOf(context, "getSync", Priority.read), sync.ids)
    return yield* toSync(context, "getSync", { ...snapshot, ids: sync.ids })
  }),
})
