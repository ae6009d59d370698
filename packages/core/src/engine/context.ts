/**
 * What the parts of one workspace share: its driver behind the rate limit, with ids decoded and answers verified, and the
 * memory of this process.
 */
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import * as BoundedMap from "../driver/BoundedMap.ts"
import type { Description, Operation } from "../driver/Description.ts"
import type { Access, AnyDriver, OwnSchedule, PageQuery, Snapshot, StartOptions } from "../driver/Driver.ts"
import type * as Options from "../driver/Options.ts"
import { defaultWriteTimeout } from "../http/VendorClient.ts"
import * as IntentStore from "../journal/IntentStore.ts"
import * as StoredIntents from "../journal/storedIntents.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import { InvalidRequest, type Reason, Unavailable, UnexpectedResponse, WrongWorkspace } from "../model/Reason.ts"
import { RunRef, SyncRef } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import { decideByRows, Run, type Status } from "../model/Run.ts"
import type { Scope } from "../model/Scope.ts"
import type { Guard } from "../model/Trigger.ts"
import * as Identity from "./identity.ts"
import * as RateLimit from "./rate-limit/rateLimit.ts"
import * as Verify from "./verify.ts"

/** The options of a workspace. */
export interface MakeOptions extends Options.Options {
  /** What a trigger covers that names no scope. Needed exactly where the vendor has scopes. */
  readonly defaultScope?: Scope
}

/** One page of a listing, as runs. */
export interface Page {
  readonly runs: ReadonlyArray<Run>
  readonly next?: string
  readonly mayHaveMore?: boolean
  readonly asOf?: DateTime.Utc
}

/** How a run is cancelled. */
export interface Cancellation {
  /** What a cancel stops: the run, or whatever is running on its sync. */
  readonly stops: "run" | "sync"
  /** Requests the cancel once. */
  readonly request: (run: RunRef) => Effect.Effect<"requested" | "finished", RetlError>
}

/** What the parts of one workspace share. */
export interface WorkspaceContext {
  readonly name: string
  readonly vendor: string
  readonly description: Description
  /** The scopes that a caller may choose; empty where the vendor decides what a run covers. */
  readonly scopes: ReadonlyArray<Scope>
  /** What keeps two runs of a sync apart. */
  readonly guard: Guard
  readonly scope: EffectScope.Scope
  readonly rateLimit: RateLimit.RateLimit
  readonly runAppearsWithin: Duration.Duration
  readonly readLag: Duration.Duration
  readonly resolveWithin: Duration.Duration
  readonly closeWithin: Duration.Duration
  /** How long a request may be under way. */
  readonly writeTimeout: Duration.Duration
  readonly intents: IntentStore.IntentStore
  /** Reads what the store holds of this workspace, anew each time. */
  readonly storedIntents: Effect.Effect<StoredIntents.StoredIntents, IntentStore.IntentStoreError>
  /** Runs whose cancel was requested here, by their keys (`runKeyOf`), with the vendor's word for them right before. */
  readonly cancelRequested: BoundedMap.BoundedMap<string>
  /** Makes an error of this workspace; nothing was sent unless `delivery` says otherwise. */
  readonly error: (operation: string, reason: Reason, delivery?: RetlError["delivery"], text?: string) => RetlError
  /** Decodes what a caller passes. Fails with every problem, with `path` in front, before anything is sent. */
  readonly decodeInput: <A>(
    operation: string,
    schema: Schema.ConstraintDecoder<A>,
    value: unknown,
    path?: ReadonlyArray<string>,
  ) => Effect.Effect<A, RetlError>
  /**
   * Decodes a ref, which may come as JSON. Fails unless it is a ref of this workspace with exactly the ids that this
   * vendor takes.
   */
  readonly requireSync: (operation: string, ref: SyncRef) => Effect.Effect<SyncRef, RetlError>
  readonly requireRun: (operation: string, ref: RunRef) => Effect.Effect<RunRef, RetlError>
  /** Returns the text that two refs share exactly when they name one sync: vendor, address and required ids. */
  readonly identityOf: (sync: SyncRef) => string
  /** The same of a vendor's ids. */
  readonly identityOfIds: (ids: object) => string
  /** Returns the text that two refs share exactly when they name one run. */
  readonly runKeyOf: (run: RunRef) => string
  /** Calls the driver with the ids of a sync, decoded. */
  readonly withIds: <A, E, Ids>(
    operation: string,
    sync: SyncRef,
    use: (ids: Ids) => Effect.Effect<A, E>,
  ) => Effect.Effect<A, E | RetlError>
  /** Sends one trigger, without waiting for the rate limit. Returns the id of its run. */
  readonly start: (sync: SyncRef, options: StartOptions) => Effect.Effect<string, RetlError>
  /** Reads one run, within the rate limit. */
  readonly get: (ref: RunRef, priority: RateLimit.Priority) => Effect.Effect<Run, RetlError>
  /** Reads one page of runs, within the rate limit. */
  readonly list: (sync: SyncRef, query: PageQuery, priority: RateLimit.Priority) => Effect.Effect<Page, RetlError>
  /** Reads whether the sync fires by itself, within the rate limit; `undefined` where the vendor offers no way. */
  readonly ownSchedule: (
    sync: SyncRef,
    priority: RateLimit.Priority,
  ) => Effect.Effect<OwnSchedule, RetlError> | undefined
  /** How a run is cancelled, within the rate limit; `undefined` where the vendor cannot. */
  readonly cancellation: Cancellation | undefined
  /** Verifies the token, without waiting for the rate limit. */
  readonly check: (sync: SyncRef | undefined) => Effect.Effect<Access, RetlError>
  /** Turns failures of the intent store into errors of this workspace. */
  readonly fromStore: <A>(effect: Effect.Effect<A, IntentStore.IntentStoreError>) => Effect.Effect<A, RetlError>
}

export const make = Effect.fnUntraced(function* (
  options: MakeOptions,
  driver: AnyDriver,
  scope: EffectScope.Scope,
): Effect.fn.Return<WorkspaceContext> {
  const { name } = options
  const { vendor, description } = driver
  const rateLimit = yield* RateLimit.make(description, options.rateLimitShare ?? 0.7, scope)
  const cancelRequested = BoundedMap.make<string>(4096)
  const intents = options.intents ?? IntentStore.memory()
  const runAppearsWithin = Duration.fromInputUnsafe(options.runAppearsWithin ?? description.runAppearsWithin)

  const error: WorkspaceContext["error"] = (operation, reason, delivery = "not-sent", text) =>
    new RetlError({
      workspace: name,
      vendor,
      operation,
      reason,
      delivery,
      evidence: text === undefined ? {} : { text },
      attempts: delivery === "not-sent" ? 0 : 1,
      exhausted: false,
    })

  const decodeInput: WorkspaceContext["decodeInput"] = (operation, schema, value, path = []) =>
    Effect.suspend(() => {
      const decoded = Input.decoder(schema)(value)
      return Result.isSuccess(decoded)
        ? Effect.succeed(decoded.success)
        : Effect.fail(error(operation, new InvalidRequest({ issues: FieldIssue.within(path, decoded.failure) })))
    })

  const identity = Identity.make(driver)

  const requireIds = (operation: string, sync: SyncRef): Effect.Effect<void, RetlError> => {
    if (sync.workspace !== name || sync.vendor !== vendor) {
      return Effect.fail(error(operation, new WrongWorkspace({ named: `${sync.vendor} (${sync.workspace})` })))
    }
    const ids = identity.idsOf(sync)
    return Result.isSuccess(ids)
      ? Effect.void
      : Effect.fail(error(operation, new InvalidRequest({ issues: FieldIssue.within(["ids"], ids.failure) })))
  }

  const requireSync: WorkspaceContext["requireSync"] = (operation, ref) =>
    Effect.flatMap(decodeInput(operation, SyncRef, ref, ["sync"]), (decoded) => {
      // A ref that is one already stays the same object.
      const sync = ref instanceof SyncRef ? ref : decoded
      return Effect.as(requireIds(operation, sync), sync)
    })

  const requireRun: WorkspaceContext["requireRun"] = (operation, ref) =>
    Effect.flatMap(decodeInput(operation, RunRef, ref, ["run"]), (decoded) => {
      const run = ref instanceof RunRef && ref.sync instanceof SyncRef ? ref : decoded
      return Effect.as(requireIds(operation, run.sync), run)
    })

  /** Calls the driver with the ids of a sync, decoded. */
  const withIds = <A, E>(
    operation: string,
    sync: SyncRef,
    // biome-ignore lint/suspicious/noExplicitAny: the type of ids is the driver's
    use: (ids: any) => Effect.Effect<A, E>,
  ): Effect.Effect<A, E | RetlError> =>
    Effect.suspend((): Effect.Effect<A, E | RetlError> => {
      const ids = identity.idsOf(sync)
      return Result.isSuccess(ids)
        ? use(ids.success)
        : Effect.fail(error(operation, new InvalidRequest({ issues: FieldIssue.within(["ids"], ids.failure) })))
    })

  /** One request within the rate limit; the driver's name for the operation gives way to the portable one. */
  const within =
    (operation: Operation, priority: RateLimit.Priority) =>
    <A>(request: Effect.Effect<A, RetlError>) =>
      rateLimit.within(operation, priority)(Effect.mapError(request, (error) => error.with({ operation })))

  const { cancellation } = driver
  const { ownSchedule } = driver.runs
  const runKeyOf: WorkspaceContext["runKeyOf"] = ({ sync, run }) => `${identity.of(sync)} ${run}`
  const read = runReader({ name, vendor, runKeyOf, statusWords: options.statusWords ?? {}, cancelRequested, error })

  return {
    name,
    vendor,
    description,
    scopes: driver.scopes ?? [],
    guard: description.whenBusy === "refuses" ? "vendor" : "observed",
    scope,
    rateLimit,
    runAppearsWithin,
    readLag: Duration.fromInputUnsafe(description.readLag),
    resolveWithin: Duration.max(
      Duration.fromInputUnsafe(options.resolveWithin ?? Duration.minutes(5)),
      runAppearsWithin,
    ),
    closeWithin: Duration.fromInputUnsafe(options.closeWithin ?? Duration.seconds(5)),
    writeTimeout: Duration.fromInputUnsafe(options.writeTimeout ?? defaultWriteTimeout),
    intents,
    storedIntents: StoredIntents.read(intents, name),
    cancelRequested,
    error,
    decodeInput,
    requireSync,
    requireRun,
    identityOf: identity.of,
    identityOfIds: identity.ofIds,
    runKeyOf,
    withIds,
    start: (sync, startOptions) =>
      withIds("start", sync, (ids) => driver.runs.start(ids, startOptions)).pipe(
        Effect.mapError((error) => error.with({ operation: "start" })),
        rateLimit.spend("start"),
        Effect.tap((run) => Verify.runId(error, "start", run)),
      ),
    get: (ref, priority) =>
      withIds("get", ref.sync, (ids) => driver.runs.get(ids, ref.run)).pipe(
        within("get", priority),
        Effect.tap(({ run }) => Verify.sameRun(error, ref.run, run)),
        Effect.flatMap((snapshot) => read.run("get", ref.sync, snapshot, ref.acceptedAt)),
        Effect.tap((run) => read.reportDrift([run])),
      ),
    list: (sync, query, priority) =>
      withIds("list", sync, (ids) => driver.runs.list(ids, query)).pipe(
        within("list", priority),
        Effect.flatMap(({ runs, ...page }) =>
          Effect.map(read.runs("list", sync, runs), (runs): Page => ({ ...page, runs })),
        ),
        Effect.tap(({ runs }) => read.reportDrift(runs)),
      ),
    ownSchedule: (sync, priority) =>
      ownSchedule && rateLimit.within("schedule", priority)(withIds("schedule", sync, ownSchedule)),
    cancellation: cancellation && {
      stops: cancellation.stops,
      request: ({ sync, run }) =>
        rateLimit.within(
          "cancel",
          RateLimit.Priority.write,
        )(withIds("cancel", sync, (ids) => cancellation.cancel(ids, run))),
    },
    check: (sync) => (sync === undefined ? driver.check() : withIds("check", sync, driver.check)),
    fromStore: (effect) =>
      Effect.mapError(effect, ({ message }) =>
        error("intents", new Unavailable(), "not-sent", `the intent store: ${message}`),
      ),
  }
})

interface RunReaderParts extends Pick<WorkspaceContext, "name" | "vendor" | "cancelRequested" | "error" | "runKeyOf"> {
  readonly statusWords: Readonly<Record<string, Status>>
}

/** Makes runs of what a driver returns: with their refs, and a status that rows and our cancels are weighed into. */
const runReader = ({ name, vendor, statusWords, cancelRequested, error, runKeyOf }: RunReaderParts) => {
  const words = new Map(Object.entries(statusWords))
  const drift = BoundedMap.make<true>(256)

  const statusOf = ({ vendorStatus, status: vendorWord, rows }: Snapshot, ref: RunRef): Status => {
    const word = words.get(vendorStatus) ?? vendorWord
    const status = decideByRows(word, rows)
    const wordBefore = cancelRequested.get(runKeyOf(ref))
    if (wordBefore === undefined) return status
    // A vendor without a word for "cancelled" calls a run that we stopped a failure, or has a word of its own.
    if (word === "failed") return "cancelled"
    if (status === "unknown" && vendorStatus !== wordBefore)
      return /ing$/i.test(vendorStatus) ? "cancelling" : "cancelled"
    return status === "running" || status === "queued" ? "cancelling" : status
  }

  const makeRun = (sync: SyncRef, { run, ...fields }: Snapshot, acceptedAt?: DateTime.Utc): Run => {
    const ref = new RunRef({ sync, run, ...(acceptedAt && { acceptedAt }) })
    return new Run({ ...fields, ref, status: statusOf({ run, ...fields }, ref) })
  }

  const unexpected = (operation: string, snapshot: unknown) =>
    error(operation, new UnexpectedResponse({ issues: Verify.snapshotIssues(snapshot) }), "unknown")

  return {
    run: (operation: string, sync: SyncRef, snapshot: Snapshot, acceptedAt?: DateTime.Utc) =>
      Effect.try({
        try: () => makeRun(sync, snapshot, acceptedAt),
        catch: () => unexpected(operation, snapshot),
      }),
    runs: (operation: string, sync: SyncRef, snapshots: ReadonlyArray<Snapshot>) =>
      Effect.suspend(() => {
        const runs: Array<Run> = []
        for (const snapshot of snapshots) {
          try {
            runs.push(makeRun(sync, snapshot))
          } catch {
            return Effect.fail(unexpected(operation, snapshot))
          }
        }
        return Effect.succeed(runs)
      }),
    /** Logs once for each word that a vendor uses and its adapter does not list. */
    reportDrift: (runs: ReadonlyArray<Run>) =>
      Effect.forEach(
        runs.filter(({ status }) => status === "unknown"),
        ({ vendorStatus }) =>
          Effect.suspend(() => {
            if (drift.has(vendorStatus)) return Effect.void
            drift.set(vendorStatus, true)
            return Effect.logWarning(
              "The adapter does not list a vendor's status; name its meaning in statusWords",
            ).pipe(Effect.annotateLogs({ vendor, workspace: name, vendorStatus: vendorStatus.slice(0, 64) }))
          }),
        { discard: true },
      ),
  }
}
