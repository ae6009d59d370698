/**
 * Changes of two processes that share a journal, on the virtual clock: reads that lag for as long as the vendor's may, changes
 * that take effect late, lost answers, strangers, callers who leave, and processes that are killed. Every create has a key, and
 * its caller calls again until it is made, as an orchestrator does; where the adapter creates none, people do in the vendor's
 * app. What exists in the end is compared with what the callers and the journal learned.
 */
import type { Changed } from "@openretl/core/Administration"
import type { ChangeFailure } from "@openretl/core/Change"
import * as Journal from "@openretl/core/Journal"
import type { ChangeEntry } from "@openretl/core/JournalEntry"
import * as ProcessState from "@openretl/core/ProcessState"
import { SyncRef } from "@openretl/core/Ref"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import { Transport } from "@openretl/core/Transport"
import type { Emulator, Ids, TruthSync } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { begin } from "./begin.ts"
import {
  administrationOf,
  type Changes,
  type ConfigurableVendor,
  creationOf,
  type Wanted,
} from "./configurableVendors.ts"
import { normalizationOf } from "./normalizations.ts"

type Failure = ChangeFailure

/** One sync that is wanted, and what its callers learned. */
interface Job {
  readonly name: string
  readonly parts: Ids
  readonly wanted: Wanted
  readonly exclusive: boolean
  readonly learned: Set<string>
  isDone: boolean
  indeterminate: number
  /** Whether a stranger has made a sync of the same ends. */
  readonly hasStranger: boolean
}

/** What became of all, in numbers. */
export interface Report {
  readonly jobs: number
  readonly done: number
  /** Jobs that made more than one sync. */
  readonly doubles: number
  /** Syncs that a create made, of which neither a caller nor the journal knows. */
  readonly unreported: number
  /** Syncs that are enabled although no call wanted that. */
  readonly enabledUnwanted: number
  /** Syncs of strangers that a change has touched. */
  readonly strangersTouched: number
  /** Pauses, resumes, schedules and deletes that were reported as done, and are not: the last of a sync counts. */
  readonly leftOut: number
  /** Creates that were exclusive, made a sync, and ended as `ChangeIndeterminate` all the same. */
  readonly needlesslyIndeterminate: number
  /** Kills of a process. */
  readonly kills: number
}

interface Process {
  administration: Changes
  scope: Scope.Closeable
}

/** How many jobs share an emulator and a journal. */
const together = 50

/** Runs `count` jobs in two processes, and compares what they learned with the emulators' syncs. */
export const simulateTwo = Effect.fnUntraced(function* (vendor: ConfigurableVendor, seed: number, count: number) {
  const sum = {
    ...{ jobs: 0, done: 0, doubles: 0, unreported: 0, enabledUnwanted: 0, strangersTouched: 0, leftOut: 0 },
    ...{ needlesslyIndeterminate: 0, kills: 0 },
  }
  while (sum.jobs < count) {
    const part = yield* simulateSome(vendor, seed + sum.jobs, sum.jobs / together, Math.min(together, count - sum.jobs))
    for (const name of Object.keys(sum) as ReadonlyArray<keyof Report>) sum[name] += part[name]
  }
  return sum satisfies Report
})

/** What the latest change of a field of a sync was reported to have set. */
interface Latest {
  readonly isGone?: true
  readonly state?: "paused" | "enabled" | undefined
  readonly hasSchedule?: boolean | undefined
}

const simulateSome = Effect.fnUntraced(function* (
  vendor: ConfigurableVendor,
  seed: number,
  part: number,
  count: number,
) {
  const random = yield* Random.Random
  const next = () => random.nextDoubleUnsafe()
  const emulator = yield* vendor.emulator({
    seed,
    readLag: { min: 0, max: "50 seconds" },
    normalization: normalizationOf(part),
    changeTakes: "30 seconds",
  })
  yield* addTrouble(emulator)
  const journal = Journal.memory()
  const start = Effect.gen(function* () {
    const scope = yield* Scope.make()
    const administration = yield* administrationOf(vendor, emulator, { journal }).pipe(
      Effect.provideService(Transport, emulator.transport),
      Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
      Scope.provide(scope),
    )
    return { administration, scope }
  })
  const processes: ReadonlyArray<Process> = [yield* start, yield* start]
  let kills = 0
  const anyProcess = () => processes[next() < 0.5 ? 0 : 1] as Process

  const kill = Effect.gen(function* () {
    const process = anyProcess()
    kills++
    yield* Scope.close(process.scope, Exit.void)
    Object.assign(process, yield* start)
  })

  const jobs: Array<Job> = []
  const strangers: Array<Ids> = []
  const latest = new Map<string, Latest>()

  const attempt = Effect.fnUntraced(function* (job: Job) {
    const { exclusive, wanted, parts } = job
    const create = creationOf(vendor, anyProcess().administration)
    if (create === undefined) {
      const { name, enabled } = wanted
      const ids = yield* emulator.addSync({ parts, name, state: enabled ? "enabled" : "paused" })
      job.isDone = true
      return new SyncRef({ workspace: "sim", vendor: vendor.name, ids })
    }
    const leaves = next() < 0.1 ? next() * 60_000 : 3_600_000
    const exit = yield* Effect.exit(Effect.timeout(create(parts, wanted, { key: job.name, exclusive }), leaves))
    const result = Exit.isSuccess(exit) ? Result.succeed(exit.value) : Result.fail(failureOf(exit))
    yield* note(job, result)
    return Result.isSuccess(result) ? result.success.ref : undefined
  })

  const note = (job: Job, result: Result.Result<Sync, Failure | undefined>) =>
    Effect.sync(() => {
      if (Result.isSuccess(result)) {
        job.isDone = true
        job.learned.add(textOf(result.success.ref.ids))
        return
      }
      const error = result.failure
      if (error?._tag === "ChangeIncomplete") job.learned.add(textOf(error.sync.ref.ids))
      if (error?._tag === "ChangeIndeterminate") {
        if (error.candidates.length > 0) job.indeterminate++
        for (const { ids } of error.candidates) job.learned.add(textOf(ids))
      }
    })

  const changeIt = Effect.fnUntraced(function* (sync: SyncRef) {
    const { administration } = anyProcess()
    const key = textOf(sync.ids)
    const kind = next()
    const schedule = next() < 0.5 ? vendor.schedules[0] : undefined
    const change: readonly [Changed<Sync>, Latest] =
      kind < 0.4
        ? [administration.pause(sync), { state: "paused" }]
        : kind < 0.8
          ? [administration.resume(sync), { state: "enabled" }]
          : [administration.setSchedule(sync, schedule ?? Schedule.manual), { hasSchedule: schedule !== undefined }]
    const exit = yield* Effect.exit(Effect.timeout(change[0], 3_600_000))
    // Whether a failed change has set its field is open. The others have to be as they were, unless its error names them.
    const error = failureOf(exit)
    const conflicts = error?._tag === "ChangeConflict" ? error.fields.map(({ field }) => field) : []
    const open: Latest = {
      ...(conflicts.includes("enabled") && { state: undefined }),
      ...(conflicts.includes("schedule") && { hasSchedule: undefined }),
    }
    latest.set(key, { ...latest.get(key), ...(Exit.isFailure(exit) ? unset(change[1]) : change[1]), ...open })
  })

  const removeIt = Effect.fnUntraced(function* (sync: SyncRef) {
    const { delete: remove } = anyProcess().administration
    if (remove === undefined) return
    const exit = yield* Effect.exit(Effect.timeout(remove(sync), 3_600_000))
    if (Exit.isSuccess(exit)) latest.set(textOf(sync.ids), { isGone: true })
  })

  const work = Effect.fnUntraced(function* (index: number) {
    const parts = yield* emulator.addParts(`parts ${index}`)
    const schedule = next() < 0.5 ? vendor.schedules[0] : undefined
    const wanted: Wanted = { name: `sync-${index}`, enabled: next() < 0.3, ...(schedule && { schedule }) }
    const hasStranger = vendor.isUnique !== true && next() < 0.1
    const job: Job = {
      ...{ name: `job-${index}`, parts, wanted, exclusive: !hasStranger && next() < 0.7 },
      ...{ learned: new Set<string>(), isDone: false, indeterminate: 0, hasStranger },
    }
    jobs.push(job)
    if (hasStranger) {
      const add = Effect.map(emulator.addSync({ parts, name: wanted.name, state: "paused" }), (ids) => {
        strangers.push(ids)
      })
      yield* begin(Effect.delay(add, next() * 20_000))
    }
    let made: SyncRef | undefined
    for (let tries = 0; tries < 4 && made === undefined; tries++) {
      made = yield* attempt(job)
      yield* Effect.sleep(next() * 120_000)
    }
    if (made === undefined) return
    for (let changes = 0; changes < 4; changes++) {
      yield* changeIt(made)
      yield* Effect.sleep(next() < 0.7 ? next() * 20_000 : next() * 600_000)
    }
    if (next() < 0.2) yield* removeIt(made)
  })

  const hours = count / 10
  const fibers = yield* Effect.forEach(Array.from({ length: count }), (_, index) =>
    begin(Effect.delay(work(index), next() * hours * 3_600_000)),
  )
  const killer = yield* begin(
    Effect.forEach(Array.from({ length: Math.ceil(count / 5) }), () =>
      Effect.delay(kill, next() * 10 * 3_600_000 * (hours / count)),
    ),
  )
  yield* TestClock.adjust(`${hours + 60} hours`)
  yield* Fiber.joinAll(fibers)
  yield* Fiber.join(killer)

  const { entries } = yield* Effect.orDie(journal.list({ states: allStates, limit: 1_000 }))
  const known = new Set(entries.flatMap(({ entry }) => (entry.kind === "trigger" ? [] : refsOf(entry).map(textOf))))
  /** The ends of creates that the journal has as pending: their syncs are not known yet. */
  const open = new Set(
    entries.flatMap(({ entry }) =>
      entry.kind === "create" && isPending(entry) ? [JSON.stringify(Object.values(entry.fingerprint.ends).sort())] : [],
    ),
  )
  return compare({ jobs, strangers, latest, configured: yield* emulator.syncs, known, open, kills })
})

const unset = (latest: Latest): Latest => Object.fromEntries(Object.keys(latest).map((name) => [name, undefined]))

const isPending = (entry: ChangeEntry): boolean =>
  entry.state === "sent" || entry.state === "lost" || (entry.state === "started" && entry.created === undefined)

const allStates = ["claimed", "sent", "lost", "started", "finished", "refused", "not-started", "abandoned"] as const

const refsOf = (entry: ChangeEntry): ReadonlyArray<Ids> => {
  const created = "created" in entry && entry.created !== undefined ? [entry.created.ids] : []
  const candidates = entry.state === "abandoned" ? entry.candidates.map(({ ids }) => ids) : []
  return [...created, ...candidates]
}

/** Required ids only: refs may carry others. */
const textOf = (ids: Ids): string => {
  const { destination: _, ...required } = ids
  return JSON.stringify(Object.entries(required).sort())
}

const failureOf = (exit: Exit.Exit<unknown, unknown>): Failure | undefined =>
  Option.getOrUndefined(Exit.findErrorOption(exit)) as Failure | undefined

interface Seen {
  readonly jobs: ReadonlyArray<Job>
  readonly strangers: ReadonlyArray<Ids>
  readonly latest: ReadonlyMap<string, Latest>
  readonly configured: ReadonlyArray<TruthSync>
  readonly known: ReadonlySet<string>
  readonly open: ReadonlySet<string>
  readonly kills: number
}

const compare = ({ jobs, strangers, latest, configured, known, open, kills }: Seen): Report => {
  const theirs = new Set(strangers.map(textOf))
  const ours = configured.filter(({ ids, callIndex }) => callIndex !== undefined && !theirs.has(textOf(ids)))
  const ofJob = (job: Job) => ours.filter(({ parts }) => hasIds(parts, job.parts))
  const isOpen = ({ parts }: Job) =>
    [...open].some((ends) => Object.values(parts).filter((id) => ends.includes(id)).length >= 2)
  const latestOf = (sync: TruthSync): Latest => latest.get(textOf(sync.ids)) ?? {}
  return {
    jobs: jobs.length,
    done: jobs.filter(({ isDone }) => isDone).length,
    doubles: jobs.filter((job) => ofJob(job).length > 1).length,
    unreported: jobs.flatMap((job) =>
      ofJob(job).filter(({ ids }) => !job.learned.has(textOf(ids)) && !known.has(textOf(ids)) && !isOpen(job)),
    ).length,
    enabledUnwanted: jobs.flatMap((job) =>
      ofJob(job).filter(
        (sync) => sync.state === "enabled" && !job.wanted.enabled && !job.isDone && !latestOf(sync).state,
      ),
    ).length,
    strangersTouched: configured.filter(({ ids, state }) => theirs.has(textOf(ids)) && state !== "paused").length,
    leftOut: configured.filter((sync) => {
      const { isGone, state = sync.state, hasSchedule = sync.nextFire !== undefined } = latestOf(sync)
      return isGone || (sync.state !== state && sync.state !== "draft") || hasSchedule !== (sync.nextFire !== undefined)
    }).length,
    needlesslyIndeterminate: jobs.filter(
      ({ exclusive, indeterminate, hasStranger }) => exclusive && !hasStranger && indeterminate > 0,
    ).length,
    kills,
  }
}

const hasIds = (parts: Ids, wanted: Ids): boolean =>
  Object.entries(wanted).every(([name, id]) => parts[name] === undefined || parts[name] === id)

const addTrouble = (emulator: Emulator) => {
  const always = { times: Number.POSITIVE_INFINITY }
  return emulator.addFaults(
    ...(["create", "update", "delete"] as const).flatMap((kind) => [
      Fault.lost(kind, { ...always, commits: true, chance: 0.08 }),
      Fault.lost(kind, { ...always, commits: false, chance: 0.06 }),
      Fault.gatewayPage(kind, { ...always, status: 504, commits: true, chance: 0.03, latency: "1 minute" }),
      Fault.emptyBody(kind, { ...always, chance: 0.02 }),
      Fault.unreachable(kind, { ...always, chance: 0.03 }),
      Fault.slow(kind, { ...always, chance: 0.1, latency: "20 seconds", commitAfter: "15 seconds" }),
    ]),
    ...(["syncs", "sync", "parts"] as const).flatMap((kind) => [
      Fault.lost(kind, { ...always, commits: false, chance: 0.02 }),
      Fault.gatewayPage(kind, { ...always, chance: 0.02 }),
    ]),
  )
}
