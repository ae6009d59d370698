/**
 * Creating a sync: read which syncs exist, send the create, find the created sync, and send in one update what a create
 * cannot carry.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AdministrationPart } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import { ChangeIncomplete } from "../../model/Change.ts"
import { Conflict } from "../../model/Reason.ts"
import type { Sync } from "../../model/Sync.ts"
import * as Catalog from "./catalog.ts"
import { type Applied, type ChangeContext, type Failure, requestsOf, toChange, write } from "./changeContext.ts"
import type { MarkWrite } from "./detached.ts"
import type { DecodedDefinition } from "./input.ts"
import * as LostChange from "./lostChange.ts"
import * as Remaining from "./remaining.ts"
import * as Update from "./update.ts"

const operation = "createSync"

/** Creates a sync. `send` is the driver's create. */
export const create = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  wanted: DecodedDefinition<Spec>,
  send: NonNullable<AdministrationPart<Ids, Native, Spec, ChangedSpec>["create"]>,
  markWrite: MarkWrite,
): Effect.fn.Return<Sync, Failure> {
  const requests = requestsOf(changes.context, operation)
  const existing = yield* LostChange.existing(changes, requests, wanted.sync)
  const answer = yield* Effect.result(write(changes.context, "create", operation, markWrite, send(wanted.sync)))
  if (Result.isFailure(answer) && answer.failure.delivery !== "unknown") return yield* answer.failure
  const shown = Result.isSuccess(answer) ? answer.success : undefined
  const answered = Catalog.isSnapshot(shown) ? shown : undefined
  if (answered !== undefined) yield* verifyAnswer(changes, wanted, answered, existing)
  const error = Result.isFailure(answer) ? answer.failure : undefined
  const created = answered ?? (yield* LostChange.findCreated(changes, requests, wanted, existing, error))
  yield* LostChange.claim(changes, created)
  return yield* complete(changes, wanted, created, markWrite)
})

/** Fails where the vendor answered with a sync that existed before, or with one that may not be the wanted one. */
const verifyAnswer = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  { sync, definition }: DecodedDefinition<Spec>,
  answered: Snapshot<Ids, Native>,
  existing: LostChange.Existing,
): Effect.fn.Return<void, Failure> {
  const { context, part } = changes
  if (yield* LostChange.existedBefore(changes, answered, existing)) {
    const text = "the vendor answered with a sync that existed before"
    return yield* context.error(operation, new Conflict(), "refused", text)
  }
  if (existing === undefined && !LostChange.couldBe(part, sync, answered)) {
    return yield* LostChange.indeterminate(context, definition, [answered])
  }
})

/** Sends what a create could not carry. */
const complete = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  { sync: wanted, definition }: DecodedDefinition<Spec>,
  created: Snapshot<Ids, Native>,
  markWrite: MarkWrite,
): Effect.fn.Return<Sync, Failure> {
  const { context, part } = changes
  const spec = part.afterCreate?.(wanted.spec)
  const final = { ...Remaining.finalState(wanted), ...(spec !== undefined && { spec }) }
  const missing = Remaining.remaining(final, created, part, "missing")
  if (missing === undefined) return yield* Catalog.toSync(context, operation, created)
  const applied = yield* Update.apply(changes, operation, created, missing, markWrite).pipe(
    Effect.catch((error) => Effect.succeed<Applied<Ids, Native, ChangedSpec>>({ remaining: missing, error })),
  )
  const sync = yield* Catalog.toSync(context, operation, applied.snapshot ?? created)
  if (applied.remaining === undefined) return sync
  const error = applied.error ?? applied.refused
  const remaining = toChange(applied.remaining, { vendor: definition.part.vendor, spec })
  return yield* new ChangeIncomplete({ operation: "create", sync, remaining, ...(error && { error }) })
})
