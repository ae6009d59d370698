/**
 * Where one law is checked: a fresh emulator with one sync, a workspace of the adapter on it, and a virtual clock.
 *
 * `laws/invariants.ts` lists what holds at the end of every law, besides what the law itself checks.
 */

import { Administration, type Service as AdministrationService } from "@openretl/core/Administration"
import type * as CancellationModule from "@openretl/core/Cancellation"
import { Cancellation } from "@openretl/core/Cancellation"
import { Catalog, type Service as CatalogService } from "@openretl/core/Catalog"
import { Creation, type Service as CreationService } from "@openretl/core/Creation"
import { type Service as CurrentService, CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import { Deletion, type Service as DeletionService } from "@openretl/core/Deletion"
import * as Journal from "@openretl/core/Journal"
import { allStates, type TriggerEntry } from "@openretl/core/JournalEntry"
import type { JournalError } from "@openretl/core/JournalError"
import * as ProcessState from "@openretl/core/ProcessState"
import { RunRef, type SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Runs, type Service as RunsService } from "@openretl/core/Runs"
import { type Service as ScopedService, ScopedTriggers } from "@openretl/core/ScopedTriggers"
import { Transport } from "@openretl/core/Transport"
import type { Workspace } from "@openretl/core/Workspace"
import type * as Emulated from "@openretl/emulator/Emulator"
import type { Settings, Switches } from "@openretl/emulator/Switch"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { AdministrationHarness, EmulatorOptions, Harness, VendorEmulator, WorkspaceOptions } from "./Harness.ts"
import type { Setup } from "./Setup.ts"
import * as Diagnosis from "./testbed/diagnosis.ts"
import type { Listener } from "./testbed/listener.ts"
import { Skipped } from "./testbed/skipped.ts"
import * as VirtualTime from "./testbed/virtualTime.ts"
import * as Wire from "./testbed/wire.ts"

export { Skipped }

/** The workspace's name in every testbed. */
export const workspaceName = "testbed"

/** A workspace and its services. */
export interface OpenedWorkspace {
  readonly workspace: Workspace<Runs | CurrentWorkspace>
  readonly runs: RunsService
  readonly current: CurrentService
  /** The workspace's journal. */
  readonly journal: Journal.Service
  /** Present where the vendor can cancel. */
  readonly cancellation: CancellationModule.Service | undefined
  /** Present where the vendor has scopes. */
  readonly scoped: ScopedService | undefined
  /** Present where `Setup.configuration` is set. */
  readonly catalog: CatalogService | undefined
  /** Present where `Setup.configuration` is set. */
  readonly administration: AdministrationService | undefined
  /** Present where `Setup.configuration` is set and the vendor can create syncs. */
  readonly creation: CreationService | undefined
  /** Present where `Setup.configuration` is set and the vendor can delete syncs. */
  readonly deletion: DeletionService | undefined
}

/** A sync that the emulator has, by its ids there and by its ref. */
export interface AddedSync {
  readonly ids: Emulated.Ids
  readonly ref: SyncRef
}

/** What a law works with. Times are epoch milliseconds of virtual time. */
export interface Testbed extends OpenedWorkspace {
  readonly emulator: VendorEmulator
  /** The ref of the testbed's sync. */
  readonly sync: SyncRef
  /** The emulator's ids of the testbed's sync. */
  readonly ids: Emulated.Ids
  /** The wire between every workspace of the testbed and the emulator. */
  readonly wire: Wire.Wire
  /** When the law began. */
  readonly startedAt: number
  /** How the adapter defines a sync; `undefined` where it has no administration. */
  readonly administrationHarness: Pick<AdministrationHarness, "definition" | "schedules"> | undefined

  /** Adds another sync to the emulator. */
  readonly addSync: (options?: Emulated.SyncOptions) => Effect.Effect<AddedSync, RetlError>
  /** Returns the ref of a sync with any ids. @default in the testbed's workspace */
  readonly syncRef: (ids: Emulated.Ids, workspace?: string) => Effect.Effect<SyncRef, RetlError>
  /** Returns the ref of a run by its id alone, without what a trigger adds to it. @default of the testbed's sync */
  readonly runRef: (run: string, sync?: SyncRef) => RunRef
  /** Opens another workspace on the same emulator, as another process would. @default with a journal of its own */
  readonly open: (options?: Partial<WorkspaceOptions>) => Effect.Effect<OpenedWorkspace, RetlError, Scope.Scope>
  /** Opens another workspace on the same emulator, in the process of the testbed's. */
  readonly openBeside: (options?: Partial<WorkspaceOptions>) => Effect.Effect<OpenedWorkspace, RetlError, Scope.Scope>
  /** Creates another emulator with the same options: it accepts the same token, and knows no sync. */
  readonly freshEmulator: Effect.Effect<VendorEmulator>

  /**
   * Runs a program and returns how it ended. Dies when it does not end within that virtual time.
   * @default within "15 minutes"
   */
  readonly exit: <A, E, R>(
    program: Effect.Effect<A, E, R>,
    within?: Duration.Input,
  ) => Effect.Effect<Exit.Exit<A, E>, never, R>
  /**
   * Runs a program and returns or fails as it did. Dies when it does not end within that virtual time.
   * @default within "15 minutes"
   */
  readonly run: <A, E, R>(program: Effect.Effect<A, E, R>, within?: Duration.Input) => Effect.Effect<A, E, R>
  /**
   * Runs a program and returns its success or failure as a `Result`. Dies when it does not end within that virtual
   * time.
   * @default within "15 minutes"
   */
  readonly result: <A, E, R>(
    program: Effect.Effect<A, E, R>,
    within?: Duration.Input,
  ) => Effect.Effect<Result.Result<A, E>, never, R>
  /** Runs a program that has to fail, and returns its failure. Dies when it succeeds. @default within "15 minutes" */
  readonly failure: <A, E, R>(program: Effect.Effect<A, E, R>, within?: Duration.Input) => Effect.Effect<E, Error, R>
  /** Begins a program that goes on in the background while virtual time passes. */
  readonly begin: <A, E, R>(
    program: Effect.Effect<A, E, R>,
  ) => Effect.Effect<VirtualTime.BackgroundProgram<A, E>, never, R>
  /** Lets virtual time pass. */
  readonly advance: (time: Duration.Input) => Effect.Effect<void>
  /** Ends the law: it does not apply, for this reason. */
  readonly skip: (reason: string) => Effect.Effect<never, Skipped>

  /** Counts the requests for this operation, those included that never reached the vendor. */
  readonly requestCount: (operation: Emulated.Operation) => Effect.Effect<number>
  /** Counts the requests that read a run or a list of runs. */
  readonly readCount: Effect.Effect<number>
  /** The requests that reached the vendor so far with another method than GET. */
  readonly writes: Effect.Effect<ReadonlyArray<Emulated.Call>>
  /** The triggers in the testbed's journal, of every state, newest first. */
  readonly entries: Effect.Effect<ReadonlyArray<TriggerEntry>, JournalError>
  /** The runs of the testbed's sync as the emulator has them, whatever its answers show, without those that never begin. */
  readonly actualRuns: Effect.Effect<ReadonlyArray<Emulated.TruthRun>>
  /** How every program of `exit`, `run` and `failure` has ended so far. */
  readonly exits: ReadonlyArray<unknown>
  /** What the programs of the law have emitted so far. */
  readonly emitted: Listener["emitted"]
  /** The log lines so far, each as the JSON of its message and annotations. */
  readonly logLines: ReadonlyArray<string>
}

/**
 * Creates the testbed of one law, on the `TestClock` of the context. Fails with `Skipped` when the law does not apply
 * to the adapter.
 */
export const make = Effect.fnUntraced(function* <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  setup: Setup,
  listener: Listener,
): Effect.fn.Return<Testbed, RetlError | Skipped, Scope.Scope> {
  yield* TestClock.setTime(VirtualTime.origin)
  const clock = yield* Clock.Clock
  const vendorClock = Wire.shiftedClock(clock, setup.vendorClock?.offset ?? 0)
  const makeEmulator = harness.emulator(withSwitchesOf<S>(setup.emulator ?? {}))
  const harnessEmulator = yield* Effect.provideService(makeEmulator, Clock.Clock, vendorClock)
  const emulator = onClock(harnessEmulator, vendorClock)
  const wire = Wire.make(harnessEmulator.transport, { clock: vendorClock, sendsDate: setup.vendorClock?.sendsDate })
  const exits: Array<unknown> = []

  const { administration } = harness
  const configuring = setup.configuration === "read" ? (administration ?? harness.catalog) : administration
  if (setup.configuration !== undefined && configuring === undefined) {
    return yield* new Skipped(setup.configuration === "read" ? noCatalog : noAdministration)
  }
  const openWorkspace = (setup.configuration === undefined ? undefined : configuring?.workspace) ?? harness.workspace

  const openIn = Effect.fnUntraced(function* (process: ProcessState.Service, options?: Partial<WorkspaceOptions>) {
    const journal = options?.journal ?? Journal.memory()
    const workspace = yield* openWorkspace(harnessEmulator, {
      name: workspaceName,
      token: Redacted.make(harnessEmulator.token),
      baseUrl: harnessEmulator.baseUrl,
      closeWithin: 0,
      ...setup.workspace,
      ...options,
      journal,
    }).pipe(Effect.provideService(Transport, wire.transport), Effect.provideService(ProcessState.ProcessState, process))
    const { services } = workspace
    return {
      workspace,
      journal,
      runs: Context.get(services, Runs),
      current: Context.get(services, CurrentWorkspace),
      // A workspace may have more services than the harness's type says.
      cancellation: Option.getOrUndefined(Context.getOption(services, Cancellation)),
      scoped: Option.getOrUndefined(Context.getOption(services, ScopedTriggers)),
      catalog: Option.getOrUndefined(Context.getOption(services, Catalog)),
      administration: Option.getOrUndefined(Context.getOption(services, Administration)),
      creation: Option.getOrUndefined(Context.getOption(services, Creation)),
      deletion: Option.getOrUndefined(Context.getOption(services, Deletion)),
    }
  })

  const syncRef: Testbed["syncRef"] = (ids, workspace = workspaceName) => harness.sync(workspace, ids)
  const addSync: Testbed["addSync"] = Effect.fnUntraced(function* (options) {
    const ids = yield* emulator.addSync(options)
    return { ids, ref: yield* syncRef(ids) }
  })

  const process = ProcessState.isolated()
  const shared = Journal.memory()
  const openBeside: Testbed["openBeside"] = (options) => openIn(process, { journal: shared, ...options })
  const opened = yield* openBeside()
  wire.losesRepeats = opened.current.capabilities.keyedTriggers && setup.repeats !== "answered"
  const reason = setup.needs?.(opened.current.capabilities)
  if (reason !== undefined) return yield* new Skipped({ reason })
  const { ids, ref: sync } = yield* addSync(setup.sync)

  const runRef: Testbed["runRef"] = (run, runSync = sync) => new RunRef({ sync: runSync, run })
  const lateProblem = Effect.fnUntraced(function* (problem: string) {
    const refs = (yield* emulator.runsOf(ids)).map(({ id }) => runRef(id))
    return yield* Diagnosis.explain(problem, { wire, runs: opened.runs, sync, refs })
  })
  const exit: Testbed["exit"] = (program, within = "15 minutes") =>
    VirtualTime.drive(program, within).pipe(
      Effect.catchDefect((defect) =>
        defect instanceof VirtualTime.Late
          ? Effect.flatMap(lateProblem(defect.message), (problem) => Effect.die(new VirtualTime.Late(problem)))
          : Effect.die(defect),
      ),
      Effect.tap((ended) => Effect.sync(() => exits.push(ended))),
    )

  const requestCount: Testbed["requestCount"] = (operation) =>
    Effect.map(emulator.calls, (calls) => calls.filter((call) => call.operation === operation).length)

  return {
    ...opened,
    emulator,
    sync,
    ids,
    wire,
    startedAt: VirtualTime.origin,
    administrationHarness: administration,
    addSync,
    syncRef,
    runRef,
    open: (options) => openIn(ProcessState.isolated(), options),
    openBeside,
    freshEmulator: makeEmulator,
    exit,
    run: (program, within) => Effect.flatten(exit(program, within)),
    result: (program, within) => Effect.result(Effect.flatten(exit(program, within))),
    failure: (program, within) =>
      Effect.flatMap(exit(program, within), (ended) =>
        Exit.isSuccess(ended)
          ? Effect.die(new Error(`expected a failure, found ${JSON.stringify(ended.value)}`))
          : Effect.flip(Effect.failCause(ended.cause)),
      ),
    begin: VirtualTime.begin,
    advance: TestClock.adjust,
    skip: (reason) => new Skipped({ reason }),
    requestCount,
    readCount: Effect.zipWith(requestCount("get"), requestCount("list"), (gets, lists) => gets + lists),
    writes: Effect.map(emulator.calls, (calls) => calls.filter(({ method }) => method !== "GET")),
    entries: Effect.map(opened.journal.list({ states: allStates, limit: 1_000 }), ({ entries }) =>
      entries.flatMap(({ entry }) => (entry.kind === "trigger" ? [entry] : [])),
    ),
    actualRuns: Effect.map(
      Effect.suspend(() => emulator.runsOf(ids)),
      (runs) => runs.filter(({ skipped }) => skipped !== true),
    ),
    exits,
    emitted: listener.emitted,
    logLines: listener.logLines,
  }
})

const noCatalog = { reason: "the adapter has no catalog" }
const noAdministration = { reason: "the adapter has no administration" }

/** Types switches by name as the emulator's. The emulator dies of a value that it does not have. */
const withSwitchesOf = <S extends Switches>(options: EmulatorOptions): EmulatorOptions<S> => {
  const { switches, ...otherOptions } = options
  return switches === undefined ? otherOptions : { ...otherOptions, switches: switches as Partial<Settings<S>> }
}

/** Runs each control of the emulator on this clock. */
const onClock = (emulator: VendorEmulator, clock: Clock.Clock): VendorEmulator => {
  const on = <A, E>(effect: Effect.Effect<A, E>) => Effect.provideService(effect, Clock.Clock, clock)
  return {
    baseUrl: emulator.baseUrl,
    transport: emulator.transport,
    refusal: emulator.refusal,
    get token() {
      return emulator.token
    },
    now: on(emulator.now),
    calls: on(emulator.calls),
    clearCalls: on(emulator.clearCalls),
    overLimit: on(emulator.overLimit),
    addSync: (options) => on(emulator.addSync(options)),
    addParts: (name, ids) => on(emulator.addParts(name, ids)),
    syncs: on(emulator.syncs),
    setState: (ids, state) => on(emulator.setState(ids, state)),
    changeSync: (ids, change) => on(emulator.changeSync(ids, change)),
    deleteSync: (ids) => on(emulator.deleteSync(ids)),
    script: (ids, plans) => on(emulator.script(ids, plans)),
    triggerAsStranger: (ids, options) => on(emulator.triggerAsStranger(ids, options)),
    stopRun: (run) => on(emulator.stopRun(run)),
    endRun: (run) => on(emulator.endRun(run)),
    unlistRun: (run) => on(emulator.unlistRun(run)),
    runsOf: (ids) => on(emulator.runsOf(ids)),
    hints: (options) => Stream.provideService(emulator.hints(options), Clock.Clock, clock),
    addFaults: (...faults) => on(emulator.addFaults(...faults)),
    clearFaults: on(emulator.clearFaults),
    deny: (operations) => on(emulator.deny(operations)),
    rotateToken: on(emulator.rotateToken),
    setReadLag: (lag) => on(emulator.setReadLag(lag)),
    setChangeTakes: (takes) => on(emulator.setChangeTakes(takes)),
    setNormalization: (...kinds) => on(emulator.setNormalization(...kinds)),
    setOmittedFields: (treatment) => on(emulator.setOmittedFields(treatment)),
    addTraffic: (options) => on(emulator.addTraffic(options)),
  }
}
