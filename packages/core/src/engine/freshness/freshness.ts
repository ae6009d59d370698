/**
 * How fresh the data of a sync are, by reads alone.
 *
 * Order of things: decode the options; read the journal and the list (`facts.ts`) until they decide; judge (`judge.ts`). An
 * empty list proves `Never` only to a token that reaches the sync: an account that does not may list nothing, with a 200.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Freshness, Options, problems } from "../../model/Freshness.ts"
import { InvalidRequest } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"
import { observed } from "../observing.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Facts from "./facts.ts"
import { type Bounds, judge } from "./judge.ts"

const operation = "freshness"

const millis = (age: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(age))

/** Returns the function that returns how fresh the data of a sync are. */
export const make = (context: WorkspaceContext) =>
  Effect.fn("Runs.freshness")(
    function* (ref: SyncRef, options: Options): Effect.fn.Return<Freshness, RetlError> {
      const sync = yield* context.requireSync(operation, ref)
      const issues = problems(options)
      if (issues.length > 0) return yield* context.error(operation, new InvalidRequest({ issues }))
      const { warnAfter, errorAfter, policy } = yield* context.decodeInput(operation, Options, options)
      const bounds: Bounds = {
        freshFor: millis(warnAfter),
        errorAfter: errorAfter === undefined ? undefined : millis(errorAfter),
        policy,
      }
      const { facts } = yield* Facts.read(context, sync, Priority.read, () => bounds)
      const freshness = judge(facts, bounds)
      if (freshness._tag === "Never" && facts.listed.length === 0) {
        const check = context.rateLimit.within("check", Priority.read)(context.check(sync))
        yield* context.rateLimit.whileOpen(RetryLoop.read(check))
      }
      if ("age" in freshness) {
        yield* context.record("openretl.freshness.age", Duration.toSeconds(freshness.age), {})
      }
      return freshness
    },
    Effect.mapError((error) => error.with({ operation })),
    observed(context)("Runs.freshness", "freshness"),
  )
