/** Builds the one control interface over a vendor's dialect. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Configurable, Emulator, Ids, Lag, Operation, Options, TruthRun } from "../../Emulator.ts"
import type { RateLimit } from "../../RateLimit.ts"
import { type Settings, type Switches, settingsOf } from "../../Switch.ts"
import { makeFaults } from "../http/faults.ts"
import { makeLimits } from "../http/limits.ts"
import type { MutableCall } from "../world/calls.ts"
import { complete } from "../world/plan.ts"
import { hash, type Mint, makeMint, makeRandom, type Random } from "../world/random.ts"
import { finishedAt, type Run, stateAt, stop } from "../world/run.ts"
import * as Syncs from "../world/sync.ts"
import { makeWorld, syncOf, type World } from "../world/world.ts"
import type { Dialect } from "./dialect.ts"
import { type Desk, exchange } from "./exchange.ts"
import { addSync, truthOfSync } from "./newSync.ts"

/** What a dialect is built from. */
export interface Setting<S extends Switches> {
  readonly world: World
  readonly mint: Mint
  /** The switches' values now. */
  readonly settings: () => Settings<S>
  readonly stopTakes: number
}

/** One vendor, as far as the common engine needs it. */
export interface Vendor<V extends Emulator["vendor"], S extends Switches> {
  readonly vendor: V
  readonly switches: S
  readonly dialect: (setting: Setting<S>) => Dialect
  readonly limits: (settings: Settings<S>) => ReadonlyArray<RateLimit>
}

type Made<V extends Emulator["vendor"], S extends Switches> = Emulator & Configurable<S> & { readonly vendor: V }

export const make = <V extends Emulator["vendor"], S extends Switches>(
  vendor: Vendor<V, S>,
  options: Options<S>,
): Effect.Effect<Made<V, S>> => Effect.map(Clock.currentTimeMillis, (origin) => build(vendor, options, origin))

const build = <V extends Emulator["vendor"], S extends Switches>(
  { vendor, switches, dialect: dialectOf, limits: limitsOf }: Vendor<V, S>,
  options: Options<S>,
  origin: number,
): Made<V, S> => {
  const seed = options.seed ?? 1
  const speed = options.speed ?? 1
  const mint = makeMint(seed)
  const stream = (kind: string): Random => makeRandom(hash(`${seed}/${kind}`))
  let settings = settingsOf(switches, options.switches)
  const world = makeWorld({
    random: stream("world"),
    plan: options.plan,
    newRunId: () => dialect.newRunId(),
    serial: () => dialect.serial(),
    exclusive: () => dialect.exclusive(),
  })
  const stopTakes = Duration.toMillis(options.stopTakes ?? "5 seconds")
  const dialect = dialectOf({ world, mint, settings: () => settings, stopTakes })
  const limits = makeLimits(options.limits ?? limitsOf(settings))
  const faults = makeFaults(stream("faults"))
  let lag = lagOf(options.readLag ?? 0, stream("lag"))
  let token = options.token ?? mint.token("token")
  let denied: ReadonlyArray<Operation> = []
  let calls: Array<MutableCall> = []
  let logged = 0

  const emulated = (clockMillis: number) => origin + (clockMillis - origin) * speed
  const desk: Desk = {
    dialect,
    world,
    limits,
    faults,
    speed,
    latency: Duration.toMillis(options.latency ?? 0),
    emulated,
    lag: () => lag(),
    token: () => token,
    denied: () => denied,
    log: (call) => {
      const entry: MutableCall = { index: logged++, ...call }
      calls.push(entry)
      return entry
    },
  }
  /** Runs a control at the present moment, with everything due carried out. */
  const atNow = <A>(use: (now: number) => A): Effect.Effect<A> =>
    Effect.map(Clock.currentTimeMillis, (clockMillis) => {
      const now = emulated(clockMillis)
      world.settle(now)
      return use(now)
    })
  const find = (ids: Ids, now: number) => {
    const sync = syncOf(world, dialect.key, ids)
    world.advance(sync, now)
    return sync
  }

  return {
    vendor,
    baseUrl: dialect.baseUrl,
    get token() {
      return token
    },
    workspace: dialect.workspace,
    switches,
    transport: { send: (request) => exchange(desk, request) },
    now: atNow((now) => now),
    calls: atNow(() => calls.slice()),
    clearCalls: Effect.sync(() => {
      calls = []
    }),
    overLimit: Effect.sync(limits.overLimit),
    addSync: (sync = {}) => atNow((now) => addSync(world, dialect, sync, now)),
    addParts: (name = "Parts", ids = {}) => Effect.sync(() => dialect.newParts(name, ids)),
    configured: atNow((now) =>
      Array.from(world.syncs.values(), (sync) => {
        world.advance(sync, now)
        return truthOfSync(sync)
      }),
    ),
    setState: (ids, state) =>
      atNow((now) => {
        find(ids, now).state = state
      }),
    script: (ids, plans) =>
      atNow((now) => {
        find(ids, now).scripted.push(...plans.map(complete))
      }),
    stranger: (ids, how = {}) =>
      atNow((now) => {
        const sync = find(ids, now)
        if (sync.state !== "enabled" || (sync.live.length > 0 && dialect.exclusive())) return undefined
        return Syncs.create(world.rules, sync, now, "stranger", how).id
      }),
    stop: (runId) =>
      atNow((now) => {
        const run = world.runs.get(runId)
        if (run === undefined) throw new Error(`no such run in this emulator: ${runId}`)
        world.advance(run.sync, now)
        if (finishedAt(run) > now) stop(run, now, stopTakes)
      }),
    runsOf: (ids) => atNow((now) => find(ids, now).runs.map((run) => truth(dialect, run, now))),
    fault: (...added) =>
      Effect.sync(() => {
        for (const fault of added) {
          faults.add(fault, fault.sync === undefined ? undefined : syncOf(world, dialect.key, fault.sync))
        }
      }),
    clearFaults: Effect.sync(faults.clear),
    deny: (operations) =>
      Effect.sync(() => {
        denied = operations
      }),
    rotateToken: Effect.sync(() => {
      token = mint.token("token")
      return token
    }),
    setReadLag: (next) =>
      Effect.sync(() => {
        lag = lagOf(next, stream("lag"))
      }),
    noise: ({ operation, atOnce, every }) =>
      atNow((now) =>
        limits.noise(operation, now, atOnce ?? 0, every === undefined ? undefined : Duration.toMillis(every)),
      ),
    set: (nameOrFact, value) =>
      Effect.sync(() => {
        const [name, entry] =
          Object.entries(switches).find(([key, one]) => key === nameOrFact || one.fact === nameOrFact) ?? []
        if (name === undefined || !entry?.values.includes(value)) {
          throw new Error(`no such switch or value in this emulator: ${nameOrFact} = ${value}`)
        }
        settings = { ...settings, [name]: value }
      }),
    configure: (changes) =>
      Effect.sync(() => {
        settings = { ...settings, ...changes }
      }),
  }
}

const lagOf = (lag: Lag, random: Random): (() => number) => {
  if (typeof lag === "object" && lag !== null && "min" in lag) {
    const [min, max] = [Duration.toMillis(lag.min), Duration.toMillis(lag.max)]
    return () => min + random() * (max - min)
  }
  const constant = Duration.toMillis(lag)
  return () => constant
}

const truth = (dialect: Dialect, run: Run, now: number): TruthRun => {
  const over = finishedAt(run)
  return {
    id: run.id,
    origin: run.origin,
    ...(run.call !== undefined && { callIndex: run.call.index }),
    createdAt: run.createdAt,
    ...(run.startsAt <= now && { startedAt: run.startsAt }),
    ...(over <= now && { finishedAt: over }),
    status: dialect.word(run, now),
    ...(run.scope !== undefined && { scope: run.scope }),
    ...(stateAt(run, now) === "stopped" && { stopped: true as const }),
  }
}
