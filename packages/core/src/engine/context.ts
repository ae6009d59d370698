/** What the parts of one workspace share: its driver behind the rate limit, and the memory of this process. */

import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as BoundedMap from "../driver/BoundedMap.ts"
import type { Operation } from "../driver/Description.ts"
import type { Driver, PageQuery, Snapshot } from "../driver/Driver.ts"
import { defaultWriteTimeout } from "../http/VendorClient.ts"
import * as IntentStore from "../journal/IntentStore.ts"
import * as Intents from "../journal/storedIntents.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import * as Reader from "../model/Reader.ts"
import { InvalidRequest, type Reason, Unavailable, UnexpectedResponse, WrongWorkspace } from "../model/Reason.ts"
import { RunRef, runRef, type SyncRef, syncRef, vendorId } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import { decideByRows, Run, type Status } from "../model/Run.ts"
import type { MakeOptions } from "../Workspace.ts"
import * as RateLimit from "./rate-limit/rateLimit.ts"

/** One page of a listing, as runs. */
export interface Page {
  readonly runs: ReadonlyArray<Run>
  readonly next?: string
  readonly mayHaveMore?: boolean
  readonly asOf?: DateTime.Utc
}

export interface WorkspaceContext {
  readonly name: string
  readonly driver: Driver
  readonly scope: Scope.Scope
  readonly rateLimit: RateLimit.RateLimit
  readonly runAppearsWithin: Duration.Duration
  readonly readLag: Duration.Duration
  readonly resolveWithin: Duration.Duration
  readonly closeWithin: Duration.Duration
  /** How long a request may be under way. */
  readonly writeTimeout: Duration.Duration
  readonly intents: IntentStore.IntentStore
  /** What the store holds of this workspace, read anew each time. */
  readonly storedIntents: Effect.Effect<Intents.Held, IntentStore.IntentStoreError>
  /** Runs whose cancelling was asked for here, by key, with the vendor's word for them right before. */
  readonly cancelRequested: BoundedMap.BoundedMap<string>
  readonly error: (operation: string, reason: Reason, delivery?: RetlError["delivery"], text?: string) => RetlError
  /** What a caller hands over, read: fails with all that is wrong with it, told from `path`, before anything is sent. */
  readonly decodeInput: <A>(
    operation: string,
    reader: Reader.Reader<A>,
    value: unknown,
    path?: ReadonlyArray<string>,
  ) => Effect.Effect<A, RetlError>
  /**
   * The ref, which may come as JSON: fails unless it is one, of this workspace, and names exactly the ids that this vendor
   * needs.
   */
  readonly requireSync: (operation: string, decodeInput: SyncRef) => Effect.Effect<SyncRef, RetlError>
  readonly requireRun: (operation: string, decodeInput: RunRef) => Effect.Effect<RunRef, RetlError>
  /** One budgeted request. */
  readonly get: (ref: RunRef, priority: RateLimit.Priority) => Effect.Effect<Run, RetlError>
  readonly list: (sync: SyncRef, query: PageQuery, priority: RateLimit.Priority) => Effect.Effect<Page, RetlError>
  /** The id of a run as a driver handed it on, or `UnexpectedResponse` where it can be none. */
  readonly requireRunId: (operation: string, run: string) => Effect.Effect<string, RetlError>
  /** Reads and writes of the intent store, as errors of this workspace. */
  readonly fromStore: <A>(effect: Effect.Effect<A, IntentStore.IntentStoreError>) => Effect.Effect<A, RetlError>
}

export const make = Effect.fnUntraced(function* (
  options: MakeOptions,
  driver: Driver,
  scope: Scope.Scope,
): Effect.fn.Return<WorkspaceContext> {
  const { name } = options
  const { vendor, description } = driver
  const rateLimit = yield* RateLimit.make(description, options.rateLimitShare ?? 0.7, scope)
  const cancelRequested = BoundedMap.make<string>(4096)
  const intents = options.intents ?? IntentStore.memory()
  const drift = BoundedMap.make<true>(256)
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

  const decodeInput: WorkspaceContext["decodeInput"] = (operation, reader, value, path = []) =>
    Effect.suspend(() => {
      const read = Reader.read(reader, value)
      return Result.isSuccess(read)
        ? Effect.succeed(read.success)
        : Effect.fail(error(operation, new InvalidRequest({ issues: FieldIssue.within(path, read.failure) })))
    })

  const ours = (operation: string, sync: SyncRef): Effect.Effect<void, RetlError> => {
    if (sync.workspace !== name || sync.vendor !== vendor) {
      return Effect.fail(error(operation, new WrongWorkspace({ named: `${sync.vendor} (${sync.workspace})` })))
    }
    const issues = [
      ...driver.idNames
        .filter((id) => sync.ids[id] === undefined)
        .map((id) => ({ path: ["ids", id], message: "Expected an id: it is missing" })),
      ...Object.keys(sync.ids)
        .filter((id) => !driver.idNames.includes(id))
        .map((id) => ({ path: ["ids", id], message: `Expected only ${driver.idNames.join(", ")}` })),
    ]
    return issues.length === 0 ? Effect.void : Effect.fail(error(operation, new InvalidRequest({ issues })))
  }

  const requireSync: WorkspaceContext["requireSync"] = (operation, ref) =>
    Effect.tap(decodeInput(operation, syncRef, ref, ["sync"]), (sync) => ours(operation, sync))

  const requireRun: WorkspaceContext["requireRun"] = (operation, ref) =>
    Effect.tap(decodeInput(operation, runRef, ref, ["run"]), ({ sync }) => ours(operation, sync))

  const words = new Map(Object.entries(options.statusWords ?? {}))

  const statusOf = (snapshot: Snapshot, ref: RunRef): Status => {
    const { vendorStatus } = snapshot
    const word = words.get(vendorStatus) ?? snapshot.status
    const status = decideByRows(word, snapshot.rows)
    const wordBefore = cancelRequested.get(ref.key)
    if (wordBefore === undefined) return status
    // A vendor without a word for "cancelled" calls a run that we asked it to stop a failure, or has a word of its own.
    if (word === "failed") return "cancelled"
    if (status === "unknown" && vendorStatus !== wordBefore)
      return /ing$/i.test(vendorStatus) ? "cancelling" : "cancelled"
    return status === "running" || status === "queued" ? "cancelling" : status
  }

  const requireRunId: WorkspaceContext["requireRunId"] = (operation, run) => {
    const issues = FieldIssue.within(["run"], Reader.problems(vendorId, run))
    return issues.length === 0
      ? Effect.succeed(run)
      : Effect.fail(error(operation, new UnexpectedResponse({ issues }), "unknown"))
  }

  const toRun = (sync: SyncRef, snapshot: Snapshot, acceptedAt?: DateTime.Utc): Run => {
    const ref = new RunRef({ sync, run: snapshot.run, ...(acceptedAt && { acceptedAt }) })
    const { run: _, ...told } = snapshot
    return new Run({ ...told, ref, status: statusOf(snapshot, ref) })
  }

  /** Says once for each word that a vendor has one which nobody listed. */
  const noteDrift = (runs: ReadonlyArray<Run>) =>
    Effect.forEach(
      runs.filter(({ status }) => status === "unknown"),
      ({ vendorStatus }) =>
        Effect.suspend(() => {
          if (drift.has(vendorStatus)) return Effect.void
          drift.set(vendorStatus, true)
          return Effect.logWarning("a vendor's status is not known; name its meaning in statusWords").pipe(
            Effect.annotateLogs({ vendor, workspace: name, vendorStatus: vendorStatus.slice(0, 64) }),
          )
        }),
      { discard: true },
    )

  /** One request in the rate limit; the driver's name for the operation gives way to the portable one. */
  const within =
    (operation: Operation, priority: RateLimit.Priority) =>
    <A>(request: Effect.Effect<A, RetlError>) =>
      rateLimit.within(operation, priority)(Effect.mapError(request, (error) => error.with({ operation })))

  return {
    name,
    driver,
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
    storedIntents: Intents.held(intents, name),
    cancelRequested,
    error,
    decodeInput,
    requireSync,
    requireRun,
    requireRunId,
    get: (ref, priority) =>
      driver.runs.get(ref.sync.ids, ref.run).pipe(
        within("get", priority),
        Effect.tap(({ run }) => requireRunId("get", run)),
        Effect.map((snapshot) => toRun(ref.sync, snapshot, ref.acceptedAt)),
        Effect.tap((run) => noteDrift([run])),
      ),
    list: (sync, query, priority) =>
      driver.runs.list(sync.ids, query).pipe(
        within("list", priority),
        Effect.tap(({ runs }) => Effect.forEach(runs, ({ run }) => requireRunId("list", run), { discard: true })),
        Effect.map(({ runs, ...page }) => ({ ...page, runs: runs.map((snapshot) => toRun(sync, snapshot)) })),
        Effect.tap(({ runs }) => noteDrift(runs)),
      ),
    fromStore: (effect) =>
      Effect.mapError(effect, ({ message }) =>
        error("intents", new Unavailable(), "not-sent", `the intent store: ${message}`),
      ),
  }
})
