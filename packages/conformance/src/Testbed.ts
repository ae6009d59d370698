/**
 * Where one law is checked: a fresh emulator with one sync, a workspace of the adapter on it, and a virtual clock.
 *
 * Whatever the law itself looks at, every testbed ends with the same questions: did every request go to the vendor, were
 * only runs started or cancelled, was no limit broken, and is the token nowhere that it should not be?
 */

import { Administration, type Service as AdministrationService } from "@openretl/core/Administration"
import type * as CancellationModule from "@openretl/core/Cancellation"
import { Cancellation } from "@openretl/core/Cancellation"
import { Catalog, type Service as CatalogService } from "@openretl/core/Catalog"
import { type Service as CurrentService, CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as IntentStore from "@openretl/core/IntentStore"
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
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import type { AdministrationHarness, EmulatorOptions, Harness, VendorEmulator, WorkspaceOptions } from "./Harness.ts"
import type { Listener } from "./internal/listener.ts"
import { Skipped } from "./internal/skip.ts"
import * as VirtualTime from "./internal/virtualTime.ts"
import * as Wire from "./internal/wire.ts"
import type { Setup } from "./Law.ts"

/** A workspace with its services at hand. */
export interface Opened {
  readonly workspace: Workspace<Runs | CurrentWorkspace>
  readonly runs: RunsService
  readonly current: CurrentService
  readonly store: IntentStore.IntentStore
  /** Present where the vendor can cancel. */
  readonly cancellation: CancellationModule.Service | undefined
  /** Present where the caller chooses what a run covers. */
  readonly scoped: ScopedService | undefined
  /** Both present where the law is about what is configured. */
  readonly catalog: CatalogService | undefined
  readonly administration: AdministrationService | undefined
}

export interface Made {
  readonly ids: Emulated.Ids
  readonly ref: SyncRef
}

export interface Testbed extends Opened {
  readonly emulator: VendorEmulator
  /** The sync of this testbed, as a ref of its workspace and as the emulator knows it. */
  readonly sync: SyncRef
  readonly ids: Emulated.Ids
  readonly wire: Wire.Wire
  readonly addSync: (options?: Emulated.SyncOptions) => Effect.Effect<Made, RetlError>
  /** The ref of a sync with ids of any kind. */
  readonly refOf: (ids: Emulated.Ids, workspace?: string) => Effect.Effect<SyncRef, RetlError>
  /** Another workspace on the same emulator, as another process would have it. */
  readonly open: (options?: Partial<WorkspaceOptions>) => Effect.Effect<Opened, RetlError, Scope.Scope>
  /** A fresh emulator, made as the testbed's was: the same token, and the testbed's ids are free there. */
  readonly another: Effect.Effect<VendorEmulator>
  /** How a program ends, at most so much virtual time later. @default "15 minutes" */
  readonly exit: <A, E, R>(
    program: Effect.Effect<A, E, R>,
    within?: Duration.Input,
  ) => Effect.Effect<Exit.Exit<A, E>, never, R>
  /** The same, as a success or a failure. */
  readonly run: <A, E, R>(program: Effect.Effect<A, E, R>, within?: Duration.Input) => Effect.Effect<A, E, R>
  /** The failure of a program that has to fail. */
  readonly failure: <A, E, R>(program: Effect.Effect<A, E, R>, within?: Duration.Input) => Effect.Effect<E, Error, R>
  /** Begins a program that goes on by itself while virtual time passes. */
  readonly begin: <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.Effect<VirtualTime.Begun<A, E>, never, R>
  /** Lets virtual time pass. */
  readonly pass: (time: Duration.Input) => Effect.Effect<void>
  /** How many requests of this kind have arrived at the vendor, or were on the way there. */
  readonly count: (operation: Emulated.Operation) => Effect.Effect<number>
  /** The runs of the testbed's sync as they really are. */
  readonly truth: Effect.Effect<ReadonlyArray<Emulated.TruthRun>>
  /** A run as somebody refers to it who knows only its ids: of the testbed's sync, or of another. */
  readonly runRef: (run: string, sync?: SyncRef) => RunRef
  /** When the law began, by the workspace's clock. */
  readonly origin: number
  /** Ends the law: it does not apply, for this reason. */
  readonly skip: (reason: string) => Effect.Effect<never, Skipped>
  /** How to define a sync, where the adapter can configure. */
  readonly configuring: Pick<AdministrationHarness, "definition" | "schedules"> | undefined
  /** What programs have ended with so far. */
  readonly ends: ReadonlyArray<unknown>
  /** What was logged so far. */
  readonly logged: ReadonlyArray<string>
}

export { Skipped }

/** The workspace's name in every testbed. */
export const name = "testbed"

export const make = Effect.fnUntraced(function* <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  setup: Setup,
  listener: Listener,
): Effect.fn.Return<Testbed, RetlError | Skipped, Scope.Scope> {
  yield* TestClock.setTime(VirtualTime.origin)
  const clock = yield* Clock.Clock
  const vendorClock = Wire.skewed(clock, setup.vendorClock?.off ?? 0)
  const made = yield* Effect.provideService(harness.emulator(typed<S>(setup.emulator ?? {})), Clock.Clock, vendorClock)
  const emulator = onClock(made, vendorClock)
  const wire = Wire.make(made.transport, { clock: vendorClock, tells: setup.vendorClock?.tells })
  const ends: Array<unknown> = []

  const { administration } = harness
  if (setup.configuration !== undefined && administration === undefined) return yield* new Skipped(noAdministration)
  const openWorkspace = (setup.configuration === undefined ? undefined : administration?.workspace) ?? harness.workspace

  const open: Testbed["open"] = Effect.fnUntraced(function* (options) {
    const store = options?.intents ?? IntentStore.memory()
    const workspace = yield* openWorkspace(made, {
      name,
      token: Redacted.make(made.token),
      baseUrl: made.baseUrl,
      closeWithin: 0,
      intents: store,
      ...setup.workspace,
      ...options,
    }).pipe(Effect.provideService(Transport, wire.transport))
    const { services } = workspace
    return {
      workspace,
      store,
      runs: Context.get(services, Runs),
      current: Context.get(services, CurrentWorkspace),
      // These are there or not, whatever the harness's type says.
      cancellation: Option.getOrUndefined(Context.getOption(services, Cancellation)),
      scoped: Option.getOrUndefined(Context.getOption(services, ScopedTriggers)),
      catalog: Option.getOrUndefined(Context.getOption(services, Catalog)),
      administration: Option.getOrUndefined(Context.getOption(services, Administration)),
    }
  })

  const refOf: Testbed["refOf"] = (ids, workspace = name) => harness.sync(workspace, ids)
  const addSync: Testbed["addSync"] = Effect.fnUntraced(function* (options) {
    const ids = yield* emulator.addSync(options)
    return { ids, ref: yield* refOf(ids) }
  })

  const opened = yield* open()
  const reason = setup.needs?.(opened.current.capabilities)
  if (reason !== undefined) return yield* new Skipped({ reason })
  const { ids, ref: sync } = yield* addSync(setup.sync)

  const exit: Testbed["exit"] = (program, within = "15 minutes") =>
    Effect.tap(VirtualTime.drive(program, within), (ended) => Effect.sync(() => ends.push(ended)))

  return {
    ...opened,
    configuring: administration,
    logged: listener.logged,
    emulator,
    sync,
    ids,
    wire,
    addSync,
    refOf,
    open,
    another: harness.emulator(typed<S>(setup.emulator ?? {})),
    exit,
    run: (program, within) => Effect.flatten(exit(program, within)),
    failure: (program, within) =>
      Effect.flatMap(exit(program, within), (ended) =>
        Exit.isSuccess(ended)
          ? Effect.die(new Error(`expected a failure, found ${JSON.stringify(ended.value)}`))
          : Effect.flip(Effect.failCause(ended.cause)),
      ),
    begin: VirtualTime.begin,
    pass: TestClock.adjust,
    count: (operation) =>
      Effect.map(emulator.calls, (calls) => calls.filter((call) => call.operation === operation).length),
    truth: Effect.suspend(() => emulator.runsOf(ids)),
    runRef: (run, of = sync) => new RunRef({ sync: of, run }),
    origin: VirtualTime.origin,
    skip: (why) => new Skipped({ reason: why }),
    ends,
  }
})

const noAdministration = { reason: "the adapter has no administration" }

/** Switches by name are what the emulator's own are; a value that it does not know is its own defect. */
const typed = <S extends Switches>(options: EmulatorOptions): EmulatorOptions<S> => {
  const { switches, ...rest } = options
  return switches === undefined ? rest : { ...rest, switches: switches as Partial<Settings<S>> }
}

/** The emulator's controls, each on the vendor's own clock. */
const onClock = (emulator: VendorEmulator, clock: Clock.Clock): VendorEmulator => {
  const on = <A, E>(effect: Effect.Effect<A, E>) => Effect.provideService(effect, Clock.Clock, clock)
  return {
    baseUrl: emulator.baseUrl,
    transport: emulator.transport,
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
    script: (ids, plans) => on(emulator.script(ids, plans)),
    triggerAsStranger: (ids, options) => on(emulator.triggerAsStranger(ids, options)),
    stopRun: (run) => on(emulator.stopRun(run)),
    runsOf: (ids) => on(emulator.runsOf(ids)),
    addFaults: (...faults) => on(emulator.addFaults(...faults)),
    clearFaults: on(emulator.clearFaults),
    deny: (operations) => on(emulator.deny(operations)),
    rotateToken: on(emulator.rotateToken),
    setReadLag: (lag) => on(emulator.setReadLag(lag)),
    addTraffic: (options) => on(emulator.addTraffic(options)),
  }
}
