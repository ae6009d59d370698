/**
 * What a workspace can do with runs, as plain functions over one context. The services at the root of core wrap them.
 *
 * Order of things: verify the options and the driver, make the context, then what shares it: the claims of this
 * process, the planner of its waits, and the settling of its triggers.
 */
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import type { Access, AnyDriver } from "../driver/Driver.ts"
import * as Options from "../driver/Options.ts"
import * as StoredIntents from "../journal/storedIntents.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import { InvalidRequest } from "../model/Reason.ts"
import type { RunRef, SyncRef } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import { RunOptions } from "../model/RunOptions.ts"
import type { Scope } from "../model/Scope.ts"
import * as Trigger from "../model/Trigger.ts"
import * as WorkspaceContext from "./context.ts"
import * as Planner from "./poll/planner.ts"
import * as Waiting from "./poll/waiting.ts"
import { Priority } from "./rate-limit/rateLimit.ts"
import * as Retry from "./retry.ts"
import * as Cancel from "./runs/cancel.ts"
import * as Listing from "./runs/listing.ts"
import * as Reading from "./runs/reading.ts"
import * as Claims from "./trigger/claims.ts"
import * as Course from "./trigger/course.ts"
import * as Resolve from "./trigger/resolve.ts"
import * as Settling from "./trigger/settling.ts"
import * as Verify from "./verify.ts"

const optionIssues = /* @__PURE__ */ Input.issues(Options.Common, { excess: "ignore" })

/** A caller's options with the scope that a service adds. */
interface Scoped {
  readonly scope?: Scope | undefined
}

export const make = Effect.fnUntraced(function* (options: WorkspaceContext.MakeOptions, driver: AnyDriver) {
  yield* refuse(options, driver)
  const context = yield* WorkspaceContext.make(options, driver, yield* Effect.scope)
  const claims = Claims.make(context)
  const planner = yield* Planner.make(context)
  const waiting = Waiting.make(context, planner)
  const settling = yield* Settling.make(context, claims)
  const course = Course.make(context, settling, (run) => waiting.untilEnd(run, {}))

  const trigger = Effect.fnUntraced(function* (ref: SyncRef, { scope, ...triggerOptions }: Trigger.Options & Scoped) {
    const sync = yield* context.requireSync("start", ref)
    const decoded = yield* context.decodeInput("start", Trigger.Options, triggerOptions)
    return yield* course.trigger(sync, { ...decoded, scope })
  })

  const run = Effect.fnUntraced(function* (ref: SyncRef, { scope, ...runOptions }: RunOptions & Scoped) {
    // Problems of the wait are reported before anything is started.
    const { deadline, policy, ...triggerOptions } = yield* context.decodeInput("start", RunOptions, runOptions)
    const sync = yield* context.requireSync("start", ref)
    const result = yield* course.trigger(sync, { ...triggerOptions, scope })
    if (result._tag === "Skipped") {
      return yield* context.error("start", new InvalidRequest({ issues: [noRunToWaitFor] }))
    }
    const wait = { ...(deadline !== undefined && { deadline }), ...(policy !== undefined && { policy }) }
    return yield* Effect.flatMap(waiting.wait(result.run, wait), waiting.accept)
  })

  const { defaultScope: scope } = options
  return {
    context,
    runs: {
      trigger: Effect.fn("Runs.trigger")((sync: SyncRef, triggerOptions: Trigger.Options) =>
        trigger(sync, { ...triggerOptions, scope }),
      ),
      run: Effect.fn("Runs.run")((sync: SyncRef, runOptions: RunOptions) => run(sync, { ...runOptions, scope })),
      resolve: Resolve.make(context, claims),
      intents: context.fromStore(StoredIntents.reportUnreadable(context.name, context.storedIntents)),
      get: Effect.fn("Runs.get")((ref: RunRef) =>
        Effect.flatMap(context.requireRun("get", ref), (run) => Reading.get(context, run, Priority.read)),
      ),
      list: Listing.make(context),
      wait: Effect.fn("Runs.wait")(waiting.wait),
      watch: waiting.watch,
    },
    scopedTriggers: {
      trigger: Effect.fn("ScopedTriggers.trigger")((sync: SyncRef, request: Trigger.Options & Scoped) =>
        trigger(sync, { ...request }),
      ),
      run: Effect.fn("ScopedTriggers.run")((sync: SyncRef, request: RunOptions & Scoped) => run(sync, { ...request })),
    },
    cancel: context.cancellation && Cancel.make(context, planner, context.cancellation),
    check: Effect.fn("CurrentWorkspace.check")(function* (ref?: SyncRef): Effect.fn.Return<Access, RetlError> {
      const sync = ref === undefined ? undefined : yield* context.requireSync("check", ref)
      return yield* Retry.read(context.rateLimit.within("check", Priority.read)(context.check(sync)))
    }),
  }
})

const noRunToWaitFor: FieldIssue = {
  path: ["whenRunning"],
  message: 'Expected "fail" | "adopt" | "wait": there is no run to wait for',
}

/** Fails with every problem of the options and of the driver, if there are any. */
const refuse = (
  options: WorkspaceContext.MakeOptions,
  driver: AnyDriver,
): Effect.Effect<void, RetlError, EffectScope.Scope> => {
  const wrong = Verify.driverIssues(driver)
  const issues = [
    ...wrong,
    ...optionIssues(options),
    ...(wrong.length === 0 ? defaultScopeIssues(options, driver) : []),
  ]
  if (issues.length === 0) return Effect.void
  const named = (value: unknown) => (typeof value === "string" ? value : "")
  const reason = new InvalidRequest({ issues })
  return Effect.fail(
    RetlError.notSent({
      workspace: named(options?.name),
      vendor: named(driver?.vendor),
      operation: "configure",
      reason,
    }),
  )
}

const defaultScopeIssues = (
  { defaultScope }: WorkspaceContext.MakeOptions,
  { scopes = [] }: AnyDriver,
): ReadonlyArray<FieldIssue> => {
  const path = ["defaultScope"]
  if (scopes.length === 0) {
    return defaultScope === undefined ? [] : [{ path, message: "Expected none: this vendor has no scopes" }]
  }
  const expected = scopes.map((scope) => `"${scope}"`).join(" | ")
  return defaultScope !== undefined && scopes.includes(defaultScope)
    ? []
    : [{ path, message: `Expected ${expected}: core never guesses what a trigger covers` }]
}
