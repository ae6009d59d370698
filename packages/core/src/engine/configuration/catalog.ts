/** The catalogue of one workspace, over its driver's section. */
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
import type { Base } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Retry from "../retry.ts"

/** The requests of one piece of work, named after the portable operation that it is part of. */
export const requestsOf = (base: Base, named: string, priority: Priority): Requests => {
  const read: Requests["read"] = (operation, request) =>
    Retry.read(
      base.budget.within(operation, priority)(Effect.mapError(request, (error) => error.with({ operation: named }))),
    )
  return {
    read,
    pages: (operation, page) =>
      Pages.stream(
        named,
        (cursor) => read(operation, page(cursor)),
        (name, reason, delivery) => base.error(name, reason, delivery),
        {},
        (item) => ("id" in item ? item.id : JSON.stringify(item.ids)),
      ),
  }
}

/** The ref that goes with a vendor's ids; ids that can be none are `UnexpectedResponse`. */
export const toRef = (base: Base, operation: string, ids: VendorIds): Effect.Effect<SyncRef, RetlError> => {
  const made = Reader.read(syncRef, { workspace: base.name, vendor: base.driver.vendor, ids })
  return Result.isSuccess(made)
    ? Effect.succeed(made.success)
    : Effect.fail(base.error(operation, new UnexpectedResponse({ issues: made.failure }), "unknown"))
}

/** With its ref; what cannot be a sync is `UnexpectedResponse`, which says where. */
export const toSync = Effect.fnUntraced(function* (
  base: Base,
  operation: string,
  { ids, lastRun, ...told }: Snapshot,
): Effect.fn.Return<Sync, RetlError> {
  const ref = yield* toRef(base, operation, ids)
  const { run, succeededAt } = lastRun ?? {}
  const last = {
    ...(run !== undefined && Reader.problems(vendorId, run).length === 0 && { ref: new RunRef({ sync: ref, run }) }),
    ...(succeededAt !== undefined && { succeededAt }),
  }
  return yield* Sync.makeEffect(
    { ...told, ref, ...(lastRun !== undefined && { lastRun: last }) },
    { parseOptions: { errors: "all" } },
  ).pipe(Effect.mapError((issue) => unexpected(base, operation, issue)))
})

const unexpected = (base: Base, operation: string, issue: SchemaIssue.Issue): RetlError =>
  base.error(operation, new UnexpectedResponse({ issues: fromIssue(issue) }), "unknown")

export const make = (base: Base, reads: Reads): Service => ({
  list: Stream.suspend(() => reads.list(requestsOf(base, "listSyncs", Priority.read))).pipe(
    Stream.mapEffect((snapshot) => toSync(base, "listSyncs", snapshot)),
    Stream.withSpan("Catalogue.list"),
  ),
  get: Effect.fn("Catalogue.get")(function* (asked: SyncRef) {
    const sync = yield* base.own("getSync", asked)
    const snapshot = yield* reads.get(requestsOf(base, "getSync", Priority.read), sync.ids)
    return yield* toSync(base, "getSync", { ...snapshot, ids: sync.ids })
  }),
})
