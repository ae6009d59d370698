/**
 * Makes emulators of a vendor: of its dialect, the engine and the controls, which are the same for all vendors. The engine
 * has the clock, the life of runs and syncs, schedules, strangers, faults, rate limits, the lag of reads, changes that take
 * effect late, ids, and the log of calls.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Emulator, Options, SwitchControls } from "../Emulator.ts"
import type { Ids } from "../Ids.ts"
import { addSync } from "../internal/engine/addSync.ts"
import { changeSync } from "../internal/engine/changeSync.ts"
import { completeDialect } from "../internal/engine/complete.ts"
import { type ExchangeContext, exchange } from "../internal/engine/exchange.ts"
import { hintsOf } from "../internal/engine/hints.ts"
import { truthOfRun, truthOfSync } from "../internal/engine/truth.ts"
import { makeFaults } from "../internal/http/faults.ts"
import { makeKeptAnswers } from "../internal/http/keptAnswers.ts"
import { makeLimits } from "../internal/http/limits.ts"
import type { Delay } from "../internal/json/delay.ts"
import { drawerOf } from "../internal/world/delay.ts"
import type { Operation } from "../Operation.ts"
import type { RateLimit } from "../RateLimit.ts"
import { type Settings, type Switches, settingsOf } from "../Switch.ts"
import type { Dialect, DialectContext } from "./Dialect.ts"
import { makeMint } from "./Mint.ts"
import { completePlan } from "./Plan.ts"
import { hash, makeRandom, type Random } from "./Random.ts"
import type { LoggedCall } from "./Run.ts"
import { endRun, finishedAt, stopRun } from "./RunState.ts"
import { createRun, isClosedToStrangers } from "./Sync.ts"
import { makeWorld, requireSync } from "./World.ts"

/** What an emulator of one vendor is made of. */
export interface Vendor<V extends string, S extends Switches> {
  /** The vendor's short name, as its adapter has it. */
  readonly vendor: V
  /** The names of the ids of a sync, and of what a sync is made of. Errors of the controls name them. */
  readonly idNames: Emulator["idNames"]
  /** The vendor's open questions. @default none */
  readonly switches?: S
  /** Makes the vendor's dialect for one account. */
  readonly makeDialect: (context: DialectContext<S>) => Dialect
  /** The limits that are enforced unless the options replace them. @default none */
  readonly defaultLimits?: (settings: Settings<S>) => ReadonlyArray<RateLimit>
}

/** An emulator of the vendor with this name and these switches. */
export type VendorEmulator<V extends string, S extends Switches> = Emulator & SwitchControls<S> & { readonly vendor: V }

/** Creates the emulator. Its time starts at the clock's present time. */
export const make = <V extends string, S extends Switches = Readonly<Record<never, never>>>(
  vendor: Vendor<V, S>,
  options: Options<S> = {},
): Effect.Effect<VendorEmulator<V, S>> =>
  Effect.map(Clock.currentTimeMillis, (startedAt) => build(vendor, options, startedAt))

const build = <V extends string, S extends Switches>(
  { vendor, idNames, switches = {} as S, makeDialect, defaultLimits = () => [] }: Vendor<V, S>,
  options: Options<S>,
  startedAt: number,
): VendorEmulator<V, S> => {
  const seed = options.seed ?? 1
  const speed = options.speed ?? 1
  const mint = makeMint(seed)
  const randomOf = (purpose: string): Random => makeRandom(hash(`${seed}/${purpose}`))
  let settings = settingsOf(switches, options.switches)
  const world = makeWorld({
    randomOf,
    plan: options.plan,
    newRunId: () => dialect.newRunId(),
    whenBusy: () => dialect.whenBusy(),
    drawChange: () => drawChange(),
  })
  const stopTakes = Duration.toMillis(options.stopTakes ?? "5 seconds")
  let normalization = options.normalization ?? []
  let omittedFields = options.omittedFields ?? "kept"
  const dialectOfVendor = makeDialect({
    world,
    mint,
    currentSwitches: () => settings,
    stopTakes,
    normalization: () => normalization,
    clearsOmitted: () => omittedFields === "cleared",
    startRun: (sync, { now, call }, runOptions) => createRun(world.rules, sync, now, "call", { call, ...runOptions }),
  })
  const dialect = completeDialect(dialectOfVendor, idNames, mint)
  const limits = makeLimits(options.limits ?? defaultLimits(settings))
  const faults = makeFaults(randomOf("faults"))
  const keptAnswers = makeKeptAnswers(dialect.idempotencyKeys)
  const drawerFor = (purpose: string, delay: Delay) => {
    const [draw, random] = [drawerOf(delay), randomOf(purpose)]
    return () => draw(random)
  }
  let drawLag = drawerFor("lag", options.readLag ?? 0)
  let drawChange = drawerFor("changes", options.changeTakes ?? 0)
  let token = options.token ?? mint.token("token")
  let deniedOperations: ReadonlyArray<Operation> = []
  let calls: Array<LoggedCall> = []
  let callCount = 0

  const emulatedTime = (clockMillis: number) => startedAt + (clockMillis - startedAt) * speed
  const context: ExchangeContext = {
    dialect,
    world,
    limits,
    faults,
    keptAnswers,
    speed,
    latency: Duration.toMillis(options.latency ?? 0),
    emulatedTime,
    drawLag: () => drawLag(),
    token: () => token,
    deniedOperations: () => deniedOperations,
    log: (call) => {
      const entry: LoggedCall = { index: callCount++, ...call }
      calls.push(entry)
      return entry
    },
  }
  /** Runs a control at the present instant, after the writes that are due. */
  const atNow = <A>(control: (now: number) => A): Effect.Effect<A> =>
    Effect.map(Clock.currentTimeMillis, (clockMillis) => {
      const now = emulatedTime(clockMillis)
      world.runJobs(now)
      const result = control(now)
      world.changed()
      return result
    })
  const advancedSync = (ids: Ids, now: number) => {
    const sync = requireSync(world, dialect.keyOf, ids)
    world.advance(sync, now)
    return sync
  }
  const advancedRun = (runId: string, now: number) => {
    const run = world.runs.get(runId)
    if (run === undefined) throw new Error(`This emulator has no run with this id: ${runId}`)
    world.advance(run.sync, now)
    return run
  }

  return {
    vendor,
    idNames,
    baseUrl: dialect.baseUrl,
    get token() {
      return token
    },
    workspace: dialect.workspace,
    switches,
    refusal: (status, message) => dialect.refuse(status, message).body,
    transport: { send: (request) => exchange(context, request) },
    now: atNow((now) => now),
    calls: atNow(() => calls.slice()),
    clearCalls: Effect.sync(() => {
      calls = []
    }),
    overLimit: Effect.sync(limits.refusedCount),
    addSync: (sync = {}) => atNow((now) => addSync(world, dialect, sync, now)),
    addParts: (name = "Parts", ids = {}) => Effect.sync(() => dialect.addParts(name, ids)),
    syncs: atNow((now) =>
      Array.from(world.syncs.values(), (sync) => {
        world.advance(sync, now)
        return truthOfSync(sync)
      }),
    ),
    setState: (ids, state) => atNow((now) => changeSync(world, dialect, advancedSync(ids, now), { state }, now)),
    changeSync: (ids, change) => atNow((now) => changeSync(world, dialect, advancedSync(ids, now), change, now)),
    deleteSync: (ids) =>
      atNow((now) => {
        requireSync(world, dialect.keyOf, ids)
        world.remove(dialect.keyOf(ids), now)
      }),
    script: (ids, plans) =>
      atNow((now) => {
        advancedSync(ids, now).scriptedPlans.push(...plans.map(completePlan))
      }),
    triggerAsStranger: (ids, runOptions = {}) =>
      atNow((now) => {
        const sync = advancedSync(ids, now)
        if (isClosedToStrangers(world.rules, sync)) return undefined
        return createRun(world.rules, sync, now, "stranger", runOptions).id
      }),
    stopRun: (runId) =>
      atNow((now) => {
        const run = advancedRun(runId, now)
        if (finishedAt(run) > now) stopRun(run, now, stopTakes)
      }),
    endRun: (runId) => atNow((now) => endRun(advancedRun(runId, now), now)),
    unlistRun: (runId) =>
      atNow((now) => {
        const run = advancedRun(runId, now)
        run.sync.unlistedRuns.add(run)
      }),
    runsOf: (ids) => atNow((now) => advancedSync(ids, now).runs.map((run) => truthOfRun(dialect, run, now))),
    hints: (hintOptions = {}) => hintsOf({ world, randomOf, speed, emulatedTime }, hintOptions),
    addFaults: (...added) =>
      Effect.sync(() => {
        for (const fault of added) {
          const syncOf = (ids: Ids | undefined) => ids && requireSync(world, dialect.keyOf, ids)
          faults.add(fault, syncOf(fault.sync), syncOf(fault.kind === "anothersBody" ? fault.another : undefined))
        }
      }),
    clearFaults: Effect.sync(faults.clear),
    deny: (operations) =>
      Effect.sync(() => {
        deniedOperations = operations
      }),
    rotateToken: Effect.sync(() => {
      token = mint.token("token")
      return token
    }),
    setReadLag: (lag) =>
      Effect.sync(() => {
        drawLag = drawerFor("lag", lag)
      }),
    setNormalization: (...kinds) =>
      Effect.sync(() => {
        normalization = kinds
      }),
    setOmittedFields: (treatment) =>
      Effect.sync(() => {
        omittedFields = treatment
      }),
    setChangeTakes: (takes) =>
      Effect.sync(() => {
        drawChange = drawerFor("changes", takes)
      }),
    addTraffic: ({ operation, atOnce, every }) =>
      atNow((now) =>
        limits.addTraffic(operation, now, atOnce ?? 0, every === undefined ? undefined : Duration.toMillis(every)),
      ),
    setSwitch: (nameOrFact, value) =>
      Effect.sync(() => {
        const [name, entry] =
          Object.entries(switches).find(([key, { fact }]) => key === nameOrFact || fact === nameOrFact) ?? []
        if (name === undefined || !entry?.values.includes(value)) {
          throw new Error(`This emulator has no such switch or value: ${nameOrFact} = ${value}`)
        }
        settings = { ...settings, [name]: value }
        world.changed()
      }),
    setSwitches: (changes) =>
      Effect.sync(() => {
        settings = { ...settings, ...changes }
        world.changed()
      }),
  }
}
