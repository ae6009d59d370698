/**
 * The engine of a workspace: what it does with runs, as functions over one context. The services of core consist of
 * them.
 *
 * Order of things: verify the options and the driver (`verify.ts`), make the context (`context.ts`), then the parts
 * that share it:
 *
 * - `trigger/`: the course of a trigger, its settlement, and what became of it. It begins with `course.ts`.
 * - `poll/`: waits for runs. It begins with `waiting.ts`.
 * - `freshness/`: how fresh the data of a sync are (`freshness.ts`), and making them fresh (`ensure.ts`).
 * - `runs/`: reads, listings and cancels. It begins with `reading.ts`.
 * - `rate-limit/`: when each request may leave. It begins with `rateLimit.ts`.
 * - `configuration/`: the catalog, and changes of syncs. It begins with `administration.ts`. Only workspaces that
 *   configure syncs import it.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as EffectScope from "effect/Scope"
import * as Struct from "effect/Struct"
import type { Access, AnyDriver } from "../driver/Driver.ts"
import * as Options from "../driver/Options.ts"
import * as Redaction from "../http/redaction.ts"
import type { Options as CheckOptions } from "../model/Check.ts"
import type { EnsureOptions } from "../model/EnsureOptions.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import type { Finished } from "../model/Outcome.ts"
import { InvalidRequest } from "../model/Reason.ts"
import type { RunRef, SyncRef } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import { RunOptions } from "../model/RunOptions.ts"
import type { Scope } from "../model/Scope.ts"
import * as Trigger from "../model/Trigger.ts"
import * as Wait from "../model/Wait.ts"
import { traced } from "../telemetry/tracing.ts"
import * as WorkspaceContext from "./context.ts"
import * as Ensure from "./freshness/ensure.ts"
import * as Freshness from "./freshness/freshness.ts"
import * as Observing from "./observing.ts"
import * as Check from "./poll/check.ts"
import * as Planner from "./poll/planner.ts"
import * as Waiting from "./poll/waiting.ts"
import { Priority } from "./rate-limit/rateLimit.ts"
import * as RetryLoop from "./retryLoop.ts"
import * as Cancel from "./runs/cancel.ts"
import * as Listing from "./runs/listing.ts"
import * as Reading from "./runs/reading.ts"
import * as AfterSkip from "./trigger/afterSkip.ts"
import * as Course from "./trigger/course.ts"
import * as Pending from "./trigger/pending.ts"
import type { ReadState } from "./trigger/whilePaused.ts"
import * as Verify from "./verify.ts"

/** Returns whether an id is another one than the configured one; letters count alike in both cases. */
const isOther = (actual: string, configured: string | undefined): boolean =>
  configured !== undefined && String(actual).toLowerCase() !== configured.toLowerCase()

/** The names of a wait's options: `run` passes all of them to its wait. */
const waitOptions = /* @__PURE__ */ Struct.keys(Wait.Options.fields)

const optionIssues = /* @__PURE__ */ Input.issues(Options.Common, { excess: "ignore" })

/** What a run covers, besides a caller's options. */
interface Scoped {
  /** Absent where the vendor has no scopes. */
  readonly scope?: Scope | undefined
}

/**
 * Creates the engine of a workspace. Fails with `InvalidRequest`, with every problem of the options and of the driver.
 */
export const make = Effect.fnUntraced(function* (
  options: WorkspaceContext.MakeOptions,
  driver: AnyDriver,
  stateReader?: (context: WorkspaceContext.WorkspaceContext) => ReadState,
) {
  yield* validate(options, driver)
  const context = yield* WorkspaceContext.make(options, driver, yield* Effect.scope)
  const planner = Planner.make(context)
  const waiting = Waiting.make(context, planner)
  const check = Check.make(context)
  const course = Course.make(context, waiting.endWithin, stateReader?.(context))
  const { pending, resolve, resume, settle } = Pending.make(context, waiting.waitAs)
  const { trigger, run } = triggersOf(context, course, waiting)
  const ensure = Ensure.make(context, course, waiting)
  const observed = Observing.observed(context)
  const { defaultScope: scope } = options
  return {
    context,
    runs: {
      trigger: Effect.fn("Runs.trigger")(
        (sync: SyncRef, triggerOptions: Trigger.Options) => trigger(sync, triggerOptions, scope),
        observed("Runs.trigger", "trigger"),
      ),
      run: Effect.fn("Runs.run")(
        (sync: SyncRef, runOptions: RunOptions) => run(sync, runOptions, scope),
        observed("Runs.run", "run"),
      ),
      ensure: Effect.fn("Runs.ensure")(
        (sync: SyncRef, ensureOptions: EnsureOptions) => ensure(sync, ensureOptions, scope),
        observed("Runs.ensure", "ensure"),
      ),
      pending,
      resolve,
      resume,
      settle,
      get: traced(
        "Runs.get",
        (ref: RunRef) =>
          Effect.flatMapEager(context.requireRun("get", ref), (run) => Reading.get(context, run, Priority.read)),
        observed("Runs.get", "get"),
      ),
      list: Listing.make(context),
      freshness: Freshness.make(context),
      wait: Effect.fn("Runs.wait")(
        (ref: RunRef, waitOptions?: Wait.Options) => waiting.wait(ref, waitOptions),
        observed("Runs.wait", "wait"),
      ),
      watch: waiting.watch,
      check: traced(
        "Runs.check",
        (ref: RunRef, options?: CheckOptions) => check(ref, options),
        observed("Runs.check", "check"),
      ),
      notice: Effect.fn("Runs.notice")(
        (ref: RunRef | SyncRef) => notice(context, planner, ref),
        observed("Runs.notice", "notice"),
      ),
    },
    scopedTriggers: {
      trigger: Effect.fn("ScopedTriggers.trigger")(
        (sync: SyncRef, request: Trigger.Options & Scoped) => trigger(sync, ...scopeLast(request)),
        observed("ScopedTriggers.trigger", "trigger"),
      ),
      run: Effect.fn("ScopedTriggers.run")(
        (sync: SyncRef, request: RunOptions & Scoped) => run(sync, ...scopeLast(request)),
        observed("ScopedTriggers.run", "run"),
      ),
      ensure: Effect.fn("ScopedTriggers.ensure")(
        (sync: SyncRef, request: EnsureOptions & Scoped) => ensure(sync, ...scopeLast(request)),
        observed("ScopedTriggers.ensure", "ensure"),
      ),
    },
    cancel: context.cancellation && Cancel.make(context, planner, context.cancellation),
    check: Effect.fn("CurrentWorkspace.check")(
      function* (ref?: SyncRef): Effect.fn.Return<Access, RetlError> {
        const sync = ref === undefined ? undefined : yield* context.requireSync("check", ref)
        const access = yield* context.rateLimit.whileOpen(
          RetryLoop.read(context.rateLimit.within("check", Priority.read)(context.check(sync))),
        )
        const actual = sync === undefined ? access.identity?.id : undefined
        if (actual !== undefined && isOther(actual, driver.workspaceId)) {
          const message = `Expected the workspace that the token opens, "${context.redact(actual)}"`
          const reason = new InvalidRequest({ issues: [{ path: ["workspaceId"], message }] })
          return yield* context.error("check", reason, "refused")
        }
        return Redaction.inside(access, context.redact)
      },
      observed("CurrentWorkspace.check", "check"),
    ),
  }
})

/** Looks soon at what a hint names. Fails for a ref of another workspace; a run without a wait costs nothing. */
const notice = (
  context: WorkspaceContext.WorkspaceContext,
  planner: Planner.Planner,
  ref: RunRef | SyncRef,
): Effect.Effect<void, RetlError> =>
  Effect.flatMap(
    Predicate.hasProperty(ref, "run")
      ? context.requireRun("notice", ref as RunRef)
      : context.requireSync("notice", ref as SyncRef),
    planner.notice,
  )

/** Returns the options of a trigger without its scope, and the scope. */
const scopeLast = <O extends Scoped>(request: O): readonly [options: O, scope: Scope] => {
  const [scope, options] = Input.take(request, "scope")
  return [options, scope as Scope]
}

/** Returns the functions that trigger a run, and that trigger one and wait for its end. */
const triggersOf = (
  context: WorkspaceContext.WorkspaceContext,
  course: Course.Course,
  waiting: ReturnType<typeof Waiting.make>,
) => ({
  trigger: Effect.fnUntraced(function* (ref: SyncRef, options: Trigger.Options, scope: Scope | undefined) {
    const sync = yield* context.requireSync("start", ref)
    const decoded = yield* context.decodeInput("start", Trigger.Options, options ?? {})
    return yield* course.trigger(sync, { ...decoded, scope })
  }),
  run: Effect.fnUntraced(function* (ref: SyncRef, options: RunOptions, scope: Scope | undefined) {
    // The options of the wait are decoded before anything is started.
    const decoded = yield* context.decodeInput("start", RunOptions, options ?? {})
    const wait = Struct.pick(decoded, waitOptions)
    const { deadline, policy } = wait
    const sync = yield* context.requireSync("start", ref)
    const othersWithin = othersWaitOf(deadline, yield* Clock.currentTimeMillis)
    const request = {
      ...Struct.omit(decoded, waitOptions),
      scope,
      othersWithin,
      ...(policy !== undefined && { policy }),
    }
    const attempt = Effect.flatMap(course.trigger(sync, request), (result): Effect.Effect<Finished, RunFailure> => {
      switch (result._tag) {
        case "Skipped":
          return Effect.fail(context.error("start", new InvalidRequest({ issues: [noRunToWaitFor] })))
        case "Remembered":
          return Effect.succeed(Pending.rememberedEnd(result, policy))
        default:
          return waiting.waitAs(result.run, wait, hows[result._tag])
      }
    })
    const finished = yield* attempt
    if (finished.run.status !== "skipped") return yield* waiting.accept(finished)
    return yield* AfterSkip.end(context, waiting, { sync, request, wait, othersWithin }, finished, attempt)
  }),
})

type RunFailure = RetlError | Trigger.TriggerIndeterminate | Wait.Unended

const hows = { Started: "started", Adopted: "adopted", Joined: "joined" } as const satisfies Record<string, Trigger.How>

/** Returns how long a call waits for others: as long as it may wait for its run. */
const othersWaitOf = (deadline: Wait.Options["deadline"] = Wait.defaultDeadline, now: number): Duration.Duration =>
  DateTime.isDateTime(deadline) || deadline instanceof Date
    ? Duration.millis(Math.max(0, DateTime.toEpochMillis(DateTime.makeUnsafe(deadline)) - now))
    : Duration.fromInputUnsafe(deadline)

const noRunToWaitFor: FieldIssue = {
  path: ["whenRunning"],
  message: 'Expected "fail" | "adopt" | "wait": there is no run to wait for',
}

/** Fails with every problem of the options and of the driver. */
const validate = (
  options: WorkspaceContext.MakeOptions,
  driver: AnyDriver,
): Effect.Effect<void, RetlError, EffectScope.Scope> => {
  const driverIssues = Verify.driverIssues(driver)
  const issues = [
    ...driverIssues,
    ...optionIssues(options),
    ...(driverIssues.length === 0
      ? [
          ...defaultScopeIssues(Input.field(options, "defaultScope"), driver),
          ...shareIssues(Input.field(options, "rateLimitShare"), driver),
        ]
      : []),
  ]
  if (issues.length === 0) return Effect.void
  const textOf = (value: unknown) => (typeof value === "string" ? value : "")
  return Effect.fail(
    RetlError.notSent({
      workspace: textOf(Input.field(options, "name")),
      vendor: textOf(Input.field(driver, "vendor")),
      operation: "configure",
      reason: new InvalidRequest({ issues }),
    }),
  )
}

/** A trigger and the reads of its fence count together: with one request in a window, no trigger could be sent. */
const shareIssues = (share: unknown, { description: { limits } }: AnyDriver): ReadonlyArray<FieldIssue> => {
  if (typeof share !== "number") return []
  return limits
    .filter(({ operations }) => operations === "all" || (operations.includes("start") && operations.includes("list")))
    .filter(({ requests }) => Math.floor(requests * share) < 2)
    .map(({ requests }) => ({
      path: ["rateLimitShare"],
      message: `Expected a share of the limit of ${requests} that has two requests: a trigger reads the runs before it is sent`,
    }))
}

const defaultScopeIssues = (defaultScope: unknown, { scopes = [] }: AnyDriver): ReadonlyArray<FieldIssue> => {
  const path = ["defaultScope"]
  if (scopes.length === 0) {
    return defaultScope === undefined ? [] : [{ path, message: "Expected none: this vendor has no scopes" }]
  }
  const expected = scopes.map((scope) => `"${scope}"`).join(" | ")
  return scopes.some((scope) => scope === defaultScope)
    ? []
    : [{ path, message: `Expected ${expected}: core never guesses what a trigger covers` }]
}
