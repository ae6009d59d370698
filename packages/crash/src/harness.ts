/**
 * Three processes at a time trigger syncs over one journal, at one emulated vendor, and are killed at marked points. Then
 * everything that is left is resumed, and the truth is compared with the journal and with what callers learned.
 */
import type { Service as Journal } from "@openretl/core/Journal"
import type { JournalEntry } from "@openretl/core/JournalEntry"
import type { JournalError } from "@openretl/core/JournalError"
import * as ControlClient from "@openretl/emulator/ControlClient"
import type { ControlError } from "@openretl/emulator/ControlError"
import * as Fault from "@openretl/emulator/Fault"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import type * as EffectScope from "effect/Scope"
import type { Learned } from "./judge.ts"
import type { Job, StorePlace, Windows } from "./messages.ts"
import { allEntries, type Outcome, outcomeOf } from "./outcome.ts"
import { type Point, points } from "./points.ts"
import {
  bundledWorker,
  openWorker,
  ProcessFailed,
  serveEmulator,
  startWorker,
  type Worker,
  type WorkerEvent,
} from "./processes.ts"
import type { Store } from "./stores.ts"

/** How much to do. */
export interface Settings {
  /** How many processes to kill at each point, at least. */
  readonly killsPerPoint: number
  readonly windows: Windows
  /** How many workers are alive at a time. @default 3 */
  readonly workers?: number
  /** How many jobs a worker has at a time. @default 6 */
  readonly lanes?: number
  /** How many syncs there are: half of them exclusive, half with a schedule. @default 24 */
  readonly syncs?: number
  /** How many runs each sixth pair of syncs has had before. @default 50 */
  readonly pastRuns?: number
}

interface State {
  readonly settings: Required<Settings>
  readonly place: StorePlace
  readonly workerFile: string
  readonly url: string
  readonly token: string
  /** All syncs: the even ones are exclusive, the odd ones have a schedule. */
  readonly connections: Array<string>
  /** The syncs that new keys are for, as indices of `connections`. */
  readonly inUse: Array<number>
  readonly client: ControlClient.ControlClient
  readonly kills: Map<Point, number>
  /** The points that living workers stop at. */
  readonly armed: Array<Point>
  /** Jobs that some worker has to do, before any new one. */
  readonly waiting: Array<Job>
  readonly keys: Map<string, { readonly isExclusive: boolean }>
  readonly learned: Array<Learned>
  readonly idle: Array<Worker>
  jobs: number
  lives: number
  /** When a worker was killed last, in epoch milliseconds. */
  lastKill: number
}

const killsAt = (state: State, point: Point): number => state.kills.get(point) ?? 0

/** Whether each point has its kills: what was begun is brought to an end, and nothing new begins. */
const isDraining = (state: State): boolean =>
  points.every((point) => killsAt(state, point) >= state.settings.killsPerPoint)

/** Returns the point with the fewest kills and workers that go to it, one of them at random. */
const nextPoint = (state: State): Effect.Effect<Point | undefined> =>
  Effect.gen(function* () {
    if (isDraining(state)) return undefined
    const countOf = (point: Point) => killsAt(state, point) + state.armed.filter((armed) => armed === point).length
    const fewest = Math.min(...points.map(countOf))
    const candidates = points.filter((point) => countOf(point) === fewest)
    return candidates[yield* Random.nextIntBetween(0, candidates.length, { halfOpen: true })]
  })

/** Sends a worker to another point. Returns it. */
const rearm = (state: State, worker: Worker, previous: Point | undefined): Effect.Effect<Point | undefined> =>
  Effect.gen(function* () {
    disarm(state, previous)
    const point = yield* nextPoint(state)
    if (point !== undefined) state.armed.push(point)
    worker.send({ _tag: "Arm", point })
    return point
  })

const disarm = (state: State, point: Point | undefined): void => {
  const index = point === undefined ? -1 : state.armed.indexOf(point)
  if (index >= 0) state.armed.splice(index, 1)
}

const isExclusive = (index: number) => index % 2 === 0

/** Whether a sync has had runs before: some of both halves. */
const hasPast = (index: number) => index % 12 < 2

const scheduled = { schedule: { every: "4 seconds" } } as const

/** Takes another sync in place of one whose open entry nothing can settle: it would stop every later key. */
const replace = (state: State, connection: string): Effect.Effect<void, ControlError> =>
  Effect.gen(function* () {
    const index = state.connections.indexOf(connection)
    const place = state.inUse.indexOf(index)
    if (place < 0 || isExclusive(index)) return
    // Two more, so that the even ones stay exclusive: at once, since other lives may add theirs meanwhile.
    const added = yield* Effect.forEach([{}, scheduled], (options) => state.client.addSync(options))
    state.connections.push(...added.map(({ connection = "" }) => connection))
    state.inUse[place] = state.connections.length - 1
  })

/** Returns a job that waits, or a new one. The same new job may go to two workers. */
const nextJob = (state: State): Effect.Effect<Job | undefined> =>
  Effect.gen(function* () {
    // A job that waits may have to wait for what is open at its sync; a new one comes to every point at once.
    const isNew = !isDraining(state) && (yield* Random.next) < 0.5
    const waiting = isNew ? undefined : state.waiting.shift()
    if (waiting !== undefined) return waiting
    if (isDraining(state)) return undefined
    const index = state.inUse[yield* Random.nextIntBetween(0, state.inUse.length, { halfOpen: true })] ?? 0
    const connection = state.connections[index] ?? ""
    const job: Job = {
      id: state.jobs++,
      connection,
      key: `sync ${index}, occasion ${state.jobs}`,
      isExclusive: isExclusive(index),
      mode: "run",
    }
    state.keys.set(job.key, { isExclusive: job.isExclusive })
    if ((yield* Random.next) < 0.3) state.waiting.push({ ...job, id: state.jobs++ })
    return job
  })

const takeWorker = (state: State): Effect.Effect<Worker> =>
  Effect.gen(function* () {
    const worker = state.idle.shift() ?? (yield* startWorker(state.workerFile))
    if (!isDraining(state)) state.idle.push(yield* startWorker(state.workerFile))
    return worker
  })

const openedWorker = (state: State): Effect.Effect<Worker, ProcessFailed> =>
  Effect.gen(function* () {
    const worker = yield* takeWorker(state)
    state.lives++
    const { place, url, token, settings } = state
    yield* openWorker(worker, { store: place, url, token, windows: settings.windows })
    return worker
  })

/** How long a worker may take to reach its point, before it gets another one. */
const patience = "15 seconds"

/** The life of one worker, to its kill, or to the end of all jobs. */
const live = (state: State): Effect.Effect<void, ProcessFailed | ControlError> =>
  Effect.gen(function* () {
    const worker = yield* openedWorker(state)
    const active = new Map<number, Job>()
    let point = yield* rearm(state, worker, undefined)
    while (true) {
      while (active.size < state.settings.lanes) {
        const job = yield* nextJob(state)
        if (job === undefined) break
        active.set(job.id, job)
        worker.send({ _tag: "Do", job })
      }
      if (active.size === 0) break
      const event = yield* Effect.timeoutOption(Queue.take(worker.events), patience)
      if (Option.isNone(event)) {
        point = yield* rearm(state, worker, point)
        continue
      }
      if (!(yield* follow(state, worker, active, event.value))) continue
      disarm(state, point)
      return
    }
    disarm(state, point)
    worker.kill()
  })

/** Does what an event of a worker requires. Returns whether its life is over. */
const follow = (
  state: State,
  worker: Worker,
  active: Map<number, Job>,
  event: WorkerEvent,
): Effect.Effect<boolean, ProcessFailed | ControlError> =>
  Effect.gen(function* () {
    switch (event._tag) {
      case "Opened":
        return false
      case "Ended": {
        const job = active.get(event.job)
        active.delete(event.job)
        if (job !== undefined) {
          state.learned.push({ key: job.key, at: yield* Clock.currentTimeMillis, end: event.end })
          if (event.end._tag === "Indeterminate") yield* replace(state, job.connection)
        }
        return false
      }
      case "Reached": {
        worker.kill()
        state.lastKill = yield* Clock.currentTimeMillis
        state.kills.set(event.point, (state.kills.get(event.point) ?? 0) + 1)
        for (const job of active.values()) {
          const mode = (yield* Random.next) < 0.3 ? "resume" : job.mode
          state.waiting.push({ ...job, id: state.jobs++, mode })
        }
        return true
      }
      case "Gone":
        return yield* new ProcessFailed({ message: "a worker ended by itself" })
    }
  })

/** One place for a worker: as one is killed, the next one begins. */
const slot = (state: State): Effect.Effect<void, ProcessFailed | ControlError> =>
  Effect.gen(function* () {
    do yield* live(state)
    while (!isDraining(state) || state.waiting.length > 0)
  })

const isPending = ({ state }: JournalEntry) => ["claimed", "sent", "lost", "started"].includes(state)

/** Resumes what is left, by workers that are not killed. */
const resumeAll = (state: State, journal: Journal) =>
  Effect.gen(function* () {
    const entries = yield* allEntries(journal)
    for (const entry of entries.filter(isPending)) {
      const index = Number(/^sync (\d+)/.exec(entry.key ?? "")?.[1])
      const connection = state.connections[index] ?? ""
      const job = { id: state.jobs++, connection, key: entry.key ?? "", isExclusive: isExclusive(index) }
      state.waiting.push({ ...job, mode: "resume" })
    }
    const count = state.waiting.length
    if (count > 0) yield* Effect.all([live(state), live(state)], { concurrency: "unbounded" })
    return count
  })

/** Gives some syncs a past, as another user of the account, and waits until reads show all of it. */
const addPast = ({ client, connections, settings }: State): Effect.Effect<void, ControlError> =>
  Effect.forEach(
    connections.filter((_, index) => hasPast(index)),
    (connection) => Effect.replicateEffect(client.triggerAsStranger({ connection }), settings.pastRuns),
    { concurrency: "unbounded", discard: true },
  ).pipe(Effect.andThen(Effect.sleep(longestLag * 3)))

/** How late the emulator shows a run, at most, in milliseconds. */
const longestLag = 300

const trouble = (client: ControlClient.ControlClient) => {
  const always = { times: Number.POSITIVE_INFINITY }
  return client.addFaults(
    Fault.lost("start", { ...always, commits: true, chance: 0.05 }),
    Fault.lost("start", { ...always, commits: false, chance: 0.05 }),
    Fault.slow("start", { ...always, chance: 0.1, commitAfter: "800 millis", latency: "900 millis" }),
    Fault.gatewayPage("start", { ...always, status: 504, commits: true, chance: 0.02, latency: "1 second" }),
    Fault.gatewayPage("list", { ...always, chance: 0.02 }),
  )
}

const emulatorOptions = (seed: number, syncs: number) => ({
  seed,
  syncs: Array.from({ length: syncs }, (_, index) => (isExclusive(index) ? {} : scheduled)),
  plan: { duration: "300 millis" },
  readLag: { min: 0, max: longestLag },
  latency: "20 millis",
  switches: { overlap: "concurrent" },
})

/** Runs a crash test over one store. */
export const crash = (
  { place, journal }: Store,
  settings: Settings,
): Effect.Effect<Outcome, ProcessFailed | JournalError | ControlError, EffectScope.Scope> =>
  Effect.gen(function* () {
    const { workers = 3, lanes = 6, syncs = 24, pastRuns = 50 } = settings
    const seed = yield* Random.nextIntBetween(0, 1_000_000)
    const [workerFile, emulator] = yield* Effect.all([bundledWorker, serveEmulator(emulatorOptions(seed, syncs))], {
      concurrency: "unbounded",
    })
    const client = yield* ControlClient.make({ url: emulator.url })
    const state: State = {
      settings: { ...settings, workers, lanes, syncs, pastRuns },
      place,
      workerFile,
      url: emulator.url,
      token: emulator.token,
      connections: emulator.syncs.map(({ connection }) => connection ?? ""),
      inUse: emulator.syncs.map((_, index) => index),
      client,
      kills: new Map(),
      armed: [],
      waiting: [],
      keys: new Map(),
      learned: [],
      idle: [],
      jobs: 0,
      lives: 0,
      lastKill: 0,
    }
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const worker of state.idle) worker.kill()
      }),
    )
    state.idle.push(...(yield* Effect.replicateEffect(startWorker(workerFile), workers)))
    yield* addPast(state)
    yield* trouble(client)
    const [took] = yield* Effect.timed(
      Effect.all(
        Array.from({ length: workers }, () => slot(state)),
        { concurrency: "unbounded", discard: true },
      ),
    )
    yield* client.clearFaults
    // What is left can be concluded only when its request and its effect are over.
    const { writeTimeout, runAppearsWithin } = settings.windows
    const untilOver = state.lastKill + writeTimeout + runAppearsWithin - (yield* Clock.currentTimeMillis)
    yield* Effect.sleep(Math.max(0, untilOver))
    const resumed = yield* resumeAll(state, journal)
    return yield* outcomeOf(journal, yield* client.truth, {
      kills: state.kills,
      learned: state.learned,
      isExclusive: (key) => state.keys.get(key)?.isExclusive ?? false,
      counts: {
        seconds: Math.round(Duration.toSeconds(took)),
        "lives of processes": state.lives,
        keys: state.keys.size,
        "entries resumed at the end": resumed,
      },
    })
  })
