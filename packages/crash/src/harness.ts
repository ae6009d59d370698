/**
 * Three processes at a time trigger syncs over one journal, at one emulated vendor, and are killed at marked points. Then
 * everything that is left is resumed, and the truth is compared with the journal and with what callers were told.
 */
import type { Service as Journal } from "@openretl/core/Journal"
import type { JournalEntry } from "@openretl/core/JournalEntry"
import type { JournalError } from "@openretl/core/JournalError"
import * as ControlClient from "@openretl/emulator/ControlClient"
import type { ControlError } from "@openretl/emulator/ControlError"
import * as Fault from "@openretl/emulator/Fault"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import type * as EffectScope from "effect/Scope"
import { type EntryFacts, type Findings, judge, type Told } from "./judge.ts"
import type { Job, StorePlace, Windows } from "./messages.ts"
import { type Point, points } from "./points.ts"
import { bundledWorker, ProcessFailed, serveEmulator, startWorker, type Worker, type WorkerEvent } from "./processes.ts"
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
}

/** What happened, in numbers, and what is wrong. */
export interface Outcome {
  /** Kills by point. */
  readonly kills: ReadonlyMap<Point, number>
  readonly counts: Readonly<Record<string, number>>
  /** One message for each code of an error that a caller was told. */
  readonly errors: ReadonlyMap<string, string>
  readonly findings: Findings
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
  readonly told: Array<Told>
  readonly idle: Array<Worker>
  jobs: number
  lives: number
}

const killed = (state: State): number => [...state.kills.values()].reduce((sum, count) => sum + count, 0)

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

const scheduled = { schedule: { every: "4 seconds" } } as const

/** Takes another sync in place of one whose open entry nothing can settle: it would stop every later key. */
const replace = (state: State, connection: string): Effect.Effect<void, ControlError> =>
  Effect.gen(function* () {
    const index = state.connections.indexOf(connection)
    const place = state.inUse.indexOf(index)
    if (place < 0 || isExclusive(index)) return
    // Two more, so that the even ones stay exclusive.
    for (const options of [{}, scheduled]) {
      const { connection = "" } = yield* state.client.addSync(options)
      state.connections.push(connection)
    }
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

const openWorker = (state: State): Effect.Effect<Worker, ProcessFailed> =>
  Effect.gen(function* () {
    const worker = yield* takeWorker(state)
    state.lives++
    const { place, url, token, settings } = state
    worker.send({ _tag: "Open", store: place, url, token, windows: settings.windows })
    const event = yield* Queue.take(worker.events)
    if (event._tag === "Opened") return worker
    return yield* new ProcessFailed({ message: `a worker did not open: ${event._tag}` })
  })

/** How long a worker may take to reach its point, before it gets another one. */
const patience = "15 seconds"

/** The life of one worker, to its kill, or to the end of all jobs. */
const live = (state: State): Effect.Effect<void, ProcessFailed | ControlError> =>
  Effect.gen(function* () {
    const worker = yield* openWorker(state)
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
          state.told.push({ key: job.key, at: yield* Clock.currentTimeMillis, end: event.end })
          if (event.end._tag === "Indeterminate") yield* replace(state, job.connection)
        }
        return false
      }
      case "Reached": {
        worker.kill()
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

const allEntries = (journal: Journal): Effect.Effect<ReadonlyArray<JournalEntry>, JournalError> =>
  Effect.gen(function* () {
    const entries: Array<JournalEntry> = []
    const states = ["claimed", "sent", "lost", "started", "finished", "refused", "not-started", "abandoned"] as const
    let after: string | undefined
    do {
      const page = yield* journal.list({ states, limit: 1_000, ...(after !== undefined && { after }) })
      entries.push(...page.entries.map(({ entry }) => entry))
      after = page.next
    } while (after !== undefined)
    return entries
  })

const isPending = ({ state }: JournalEntry) => ["claimed", "sent", "lost", "started"].includes(state)

const factsOf = (entry: JournalEntry): EntryFacts => ({
  id: entry.id,
  key: entry.key ?? "",
  attempt: entry.attempt,
  state: entry.state,
  ...("request" in entry && entry.request !== undefined && { sentAt: DateTime.toEpochMillis(entry.request.sentAt) }),
  ...("run" in entry && { run: entry.run.run }),
  ...("adopted" in entry && entry.adopted !== undefined && { adopted: entry.adopted }),
  ...("candidates" in entry && {
    candidates: entry.candidates.map((candidate) => ("run" in candidate ? candidate.run : "")),
  }),
})

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

/** Runs a crash test over one store. */
export const crash = (
  { place, journal }: Store,
  settings: Settings,
): Effect.Effect<Outcome, ProcessFailed | JournalError | ControlError, EffectScope.Scope> =>
  Effect.gen(function* () {
    const { workers = 3, lanes = 6, syncs = 24 } = settings
    const workerFile = yield* bundledWorker
    const emulator = yield* serveEmulator({
      seed: yield* Random.nextIntBetween(0, 1_000_000),
      syncs: Array.from({ length: syncs }, (_, index) => (isExclusive(index) ? {} : scheduled)),
      plan: { duration: "300 millis" },
      readLag: { min: 0, max: "300 millis" },
      latency: "20 millis",
      switches: { overlap: "concurrent" },
    })
    const client = yield* ControlClient.make({ url: emulator.url })
    yield* trouble(client)
    const state: State = {
      settings: { ...settings, workers, lanes, syncs },
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
      told: [],
      idle: [],
      jobs: 0,
      lives: 0,
    }
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const worker of state.idle) worker.kill()
      }),
    )
    const [took] = yield* Effect.timed(
      Effect.all(
        Array.from({ length: workers }, () => slot(state)),
        { concurrency: "unbounded", discard: true },
      ),
    )
    yield* client.clearFaults
    // What is left can be concluded only when its request and its effect are over.
    const { writeTimeout, runAppearsWithin } = settings.windows
    yield* Effect.sleep(writeTimeout + runAppearsWithin)
    const resumed = yield* resumeAll(state, journal)
    const entries = (yield* allEntries(journal)).map(factsOf)
    const truth = yield* client.truth
    const findings = judge({
      truth,
      entries,
      told: state.told,
      isExclusive: (key) => state.keys.get(key)?.isExclusive ?? false,
    })
    const ends = Object.groupBy(state.told, ({ end }) =>
      end._tag === "Finished" ? end.how : end._tag === "Failed" ? `failed: ${end.code}` : end._tag,
    )
    const states = Object.groupBy(entries, ({ state }) => state)
    const counts: Record<string, number> = {
      seconds: Math.round(Duration.toSeconds(took)),
      kills: killed(state),
      lives: state.lives,
      keys: state.keys.size,
      requests: truth.calls.filter(({ operation }) => operation === "start").length,
      runs: truth.runs.filter(({ origin }) => origin === "call").length,
      "runs by schedule": truth.runs.filter(({ origin }) => origin === "schedule").length,
      "entries resumed at the end": resumed,
    }
    for (const [name, entries] of Object.entries(states)) counts[`entries ${name}`] = entries?.length ?? 0
    for (const [name, told] of Object.entries(ends)) counts[`told ${name}`] = told?.length ?? 0
    const errors = new Map(
      state.told.flatMap(({ end }) => (end._tag === "Failed" ? [[end.code, end.message] as const] : [])),
    )
    return { kills: state.kills, counts, errors, findings }
  })
