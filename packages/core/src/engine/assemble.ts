/** Puts the services of a workspace together from its driver. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Cancellation } from "../Cancellation.ts"
import { CurrentWorkspace } from "../CurrentWorkspace.ts"
import * as Capabilities from "../driver/Capabilities.ts"
import type { Driver } from "../driver/Driver.ts"
import * as Options from "../driver/Options.ts"
import * as Intents from "../journal/storedIntents.ts"
import { InvalidRequest } from "../model/Reason.ts"
import type { RunRef, SyncRef } from "../model/Ref.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Scope as RunScope } from "../model/Scope.ts"
import type * as Trigger from "../model/Trigger.ts"
import { type RunOptions, Runs } from "../Runs.ts"
import { ScopedTriggers } from "../ScopedTriggers.ts"
import type { MakeOptions } from "../Workspace.ts"
import * as WorkspaceContext from "./context.ts"
import * as Planner from "./poll/planner.ts"
import * as Waiting from "./poll/waiting.ts"
import { Priority } from "./rate-limit/rateLimit.ts"
import * as Retry from "./retry.ts"
import * as Cancel from "./runs/cancel.ts"
import * as Listing from "./runs/listing.ts"
import * as Reading from "./runs/reading.ts"
import * as Claims from "./trigger/claims.ts"
import * as Resolve from "./trigger/resolve.ts"
import * as SafeTrigger from "./trigger/safeTrigger.ts"
import * as Settling from "./trigger/settling.ts"

export const services = Effect.fnUntraced(function* (
  options: MakeOptions,
  driver: Driver,
): Effect.fn.Return<Context.Context<never>, RetlError, Scope.Scope> {
  yield* Options.refuse(driver.vendor, options, [
    ...Options.problems(options),
    ...defaultScopeProblems(options, driver),
  ])
  const context = yield* WorkspaceContext.make(options, driver, yield* Effect.scope)
  const claims = Claims.make(context.storedIntents)
  const planner = yield* Planner.make(context)
  const waiting = Waiting.make(context, planner)
  const settling = yield* Settling.make(context, claims)
  const safe = SafeTrigger.make(context, settling, (run) => waiting.untilEnd(run, {}))

  const run = Effect.fnUntraced(function* (sync: SyncRef, request: RunOptions, scope: RunScope | undefined) {
    // What would be wrong with the wait is said before anything is started.
    yield* waiting.validate("start", request)
    const result = yield* safe.trigger(sync, { ...request, scope })
    if (result._tag === "Skipped") {
      const issues = [
        { path: ["whenRunning"], message: 'Expected "fail" | "adopt" | "wait": there is no run to wait for' },
      ]
      return yield* context.error("start", new InvalidRequest({ issues }))
    }
    return yield* Effect.flatMap(waiting.wait(result.run, request), waiting.accept)
  })

  const { defaultScope } = options
  let services: Context.Context<never> = Context.make(Runs, {
    trigger: Effect.fn("Runs.trigger")((sync: SyncRef, request: Trigger.Options) =>
      safe.trigger(sync, { ...request, scope: defaultScope }),
    ),
    run: Effect.fn("Runs.run")((sync: SyncRef, request: RunOptions) => run(sync, request, defaultScope)),
    resolve: Resolve.make(context, claims),
    intents: context.fromStore(Intents.told(context.name, context.storedIntents)),
    get: Effect.fn("Runs.get")((ref: RunRef) =>
      Effect.flatMap(context.requireRun("get", ref), (own) => Reading.get(context, own, Priority.read)),
    ),
    list: (sync, listOptions) => Listing.runs(context, sync, listOptions),
    wait: Effect.fn("Runs.wait")(waiting.wait),
    watch: waiting.watch,
  })
  services = Context.add(services, CurrentWorkspace, {
    name: context.name,
    vendor: driver.vendor,
    capabilities: Capabilities.of(driver),
    check: Effect.fn("CurrentWorkspace.check")(function* (sync?: SyncRef) {
      const own = sync === undefined ? undefined : yield* context.requireSync("check", sync)
      return yield* Retry.read(context.rateLimit.within("check", Priority.read)(driver.check(own?.ids)))
    }),
  })
  if (driver.scopes !== undefined) {
    services = Context.add(services, ScopedTriggers, {
      trigger: Effect.fn("ScopedTriggers.trigger")((sync, request) => safe.trigger(sync, { ...request })),
      run: Effect.fn("ScopedTriggers.run")((sync, request) => run(sync, request, { ...request }.scope)),
    })
  }
  if (driver.cancellation !== undefined) {
    services = Context.add(services, Cancellation, { cancel: Cancel.make(context, planner, driver.cancellation) })
  }
  return withConfiguration(services, context)
})

/** Sections of configuration bring their own part of core along: what a program does not use, it does not ship. */
const withConfiguration = (
  services: Context.Context<never>,
  context: WorkspaceContext.WorkspaceContext,
): Context.Context<never> => {
  const { catalog, administration } = context.driver
  if (catalog === undefined) return services
  const told: Context.Context<never> = Context.merge(services, catalog.assemble(context))
  return administration === undefined ? told : Context.merge(told, administration.assemble(context, catalog))
}

const defaultScopeProblems = ({ defaultScope }: MakeOptions, { scopes = [] }: Driver) => {
  const expected = scopes.map((scope) => `"${scope}"`).join(" | ")
  if (scopes.length === 0) {
    return defaultScope === undefined
      ? []
      : [{ path: ["defaultScope"], message: "Expected none: this vendor has no scopes" }]
  }
  return defaultScope !== undefined && scopes.includes(defaultScope)
    ? []
    : [{ path: ["defaultScope"], message: `Expected ${expected}: what a trigger covers is never left to a guess` }]
}
