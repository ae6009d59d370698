/**
 * Hundreds of changes on the virtual clock, with everything that goes wrong: lost answers before and after the vendor
 * acted, gateways that give up first, writes that take effect late, reads that lag, strangers who make the same sync at
 * the same time, callers who time out. Each result is compared with the emulator's truth.
 */

import type * as Administration from "@openretl/core/Administration"
import type { ChangeFailure } from "@openretl/core/Change"
import { SyncRef } from "@openretl/core/Ref"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import { Transport } from "@openretl/core/Transport"
import type { Emulator, Ids, TruthSync } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { TestClock } from "effect/testing"
import { attributed, CurrentCall, mayHaveHappened } from "./attribution.ts"
import { begin } from "./begin.ts"
import { administrationOf, type ConfigurableVendor, creationOf, type Wanted } from "./configurableVendors.ts"

type Kind = "create" | "pause" | "resume" | "reschedule" | "delete"

interface Change {
  readonly kind: Kind
  readonly wanted?: Wanted
  readonly sync?: SyncRef
  readonly schedule?: Schedule.Schedule
  /** The writes that it sent, by their place among the emulator's calls. */
  readonly writes: Array<number>
  endedAt?: number
  exit?: Exit.Exit<Sync | undefined, ChangeFailure | Cause.TimeoutError>
  /** The syncs that its requests had created when it ended; a sync may be deleted later. */
  created?: ReadonlyArray<TruthSync>
  /** The sync that it was about, as it was when the change ended. */
  after?: TruthSync | undefined
}

/** A change, and the program that makes it. */
interface Task {
  readonly change: Change
  readonly work: Administration.Changed<Sync | undefined>
}

/** What became of all changes, in numbers of them. */
export interface Report {
  readonly changes: number
  /** Changes that were carried out twice, or sent again after a request that may have been carried out. */
  readonly doubles: number
  /** Results with a sync that does not show what became of the change. */
  readonly wrong: number
  /** Creates that ended as refused although they created a sync. */
  readonly falseRefusals: number
  /** Created syncs that are enabled although neither the create nor a resume wanted that. */
  readonly wronglyEnabled: number
  /** Results with a stranger's sync that is just like the one that never came to be: no vendor reports the difference. */
  readonly strangersTaken: number
  /** Requests over a documented limit. */
  readonly overLimit: number
  /** How the changes ended. */
  readonly ends: Readonly<Record<string, number>>
}

/** How many changes share an emulator: with every sync its lists grow, and each create reads one. */
const together = 100

/** Makes `count` changes, and compares their results with the emulators' syncs. */
export const simulateChanges = Effect.fnUntraced(function* (vendor: ConfigurableVendor, seed: number, count: number) {
  const sum = { changes: 0, doubles: 0, wrong: 0, falseRefusals: 0, wronglyEnabled: 0, strangersTaken: 0, overLimit: 0 }
  const ends: Record<string, number> = {}
  while (sum.changes < count) {
    const part = yield* simulateSome(vendor, seed + sum.changes, Math.min(together, count - sum.changes))
    for (const name of Object.keys(sum) as ReadonlyArray<keyof typeof sum>) sum[name] += part[name]
    for (const [end, times] of Object.entries(part.ends)) ends[end] = (ends[end] ?? 0) + times
  }
  return { ...sum, ends } satisfies Report
})

/** Makes `count` changes within hours of virtual time. */
const simulateSome = Effect.fnUntraced(function* (vendor: ConfigurableVendor, seed: number, count: number) {
  const random = yield* Random.Random
  const next = () => random.nextDoubleUnsafe()
  const pick = <A>(choices: ReadonlyArray<A>): A => choices[Math.floor(next() * choices.length)] as A

  const emulator = yield* vendor.emulator({ seed, readLag: { min: 0, max: "3 seconds" } })
  const changes: Array<Change> = []
  const configured: Array<SyncRef> = []
  const transport = attributed(emulator, (change, place) => changes[change]?.writes.push(place))
  const administration = yield* administrationOf(vendor, emulator).pipe(Effect.provideService(Transport, transport))
  const create = creationOf(vendor, administration)
  yield* addTrouble(emulator)

  const truthOf = (ids: Ids) => Effect.map(emulator.syncs, (syncs) => syncs.find((sync) => hasIds(sync, ids)))

  const drawCreate = Effect.fnUntraced(function* (index: number, send: NonNullable<typeof create>) {
    const schedule = next() < 0.5 ? pick(vendor.schedules) : undefined
    const wanted: Wanted = { name: `sync-${index}`, enabled: next() < 0.3, ...(schedule && { schedule }) }
    const parts = yield* emulator.addParts(`parts ${index}`)
    if (next() < 0.1) {
      // A stranger makes the same, at about the same time.
      const like = emulator.addSync({ parts, name: wanted.name, state: "paused" })
      const isPossible = vendor.isUnique === true ? isFree(emulator, parts, wanted.name) : Effect.succeed(true)
      yield* begin(Effect.delay(Effect.when(like, isPossible), next() * 4_000))
    }
    const change: Change = { kind: "create", wanted, writes: [] }
    return { change, work: send(parts, wanted) } satisfies Task
  })

  /** Returns a sync to change. Where the adapter creates none, people do in the vendor's app. */
  const drawSync = Effect.fnUntraced(function* () {
    if (create === undefined && (configured.length < 3 || next() < 0.3)) {
      const ids = yield* emulator.addSync({ state: pick(["enabled", "paused"] as const) })
      configured.push(new SyncRef({ workspace: "sim", vendor: vendor.name, ids }))
    }
    return configured.length === 0 ? undefined : pick(configured)
  })

  const draw = Effect.fnUntraced(function* (index: number): Effect.fn.Return<Task> {
    const sync = yield* drawSync()
    if (create !== undefined && (sync === undefined || next() < 0.35)) return yield* drawCreate(index, create)
    if (sync === undefined) return yield* Effect.die("a vendor without creates has syncs")
    const remove = administration.delete
    const kind = pick([
      "pause",
      "resume",
      "reschedule",
      ...(remove === undefined ? [] : (["delete"] as const)),
    ] as const)
    if (kind === "delete" && remove !== undefined) {
      return { change: { kind, sync, writes: [] }, work: Effect.as(remove(sync), undefined) }
    }
    if (kind === "pause" || kind === "resume") {
      return { change: { kind, sync, writes: [] }, work: administration[kind](sync) }
    }
    const schedule = pick([...vendor.schedules, Schedule.manual])
    return {
      change: { kind: "reschedule", sync, schedule, writes: [] },
      work: administration.setSchedule(sync, schedule),
    }
  })

  const changeOne = Effect.fnUntraced(function* (index: number) {
    const { change, work } = yield* draw(index)
    changes[index] = change
    const patience = next() < 0.15 ? next() * 60_000 : 24 * 3_600_000
    change.exit = yield* work.pipe(Effect.timeout(patience), Effect.provideService(CurrentCall, index), Effect.exit)
    change.endedAt = yield* emulator.now
    const syncs = yield* emulator.syncs
    change.created = syncs.filter(({ callIndex }) => callIndex !== undefined && change.writes.includes(callIndex))
    const result = Exit.isSuccess(change.exit) ? change.exit.value : undefined
    const ref = result?.ref ?? change.sync
    change.after = ref && (yield* truthOf(ref.ids))
    if (change.kind === "create" && result !== undefined) configured.push(result.ref)
  })

  const hours = count / 10
  const delays = Array.from({ length: count }, () => next() * hours * 3_600_000)
  const fibers = yield* Effect.forEach(delays, (delay, index) => begin(Effect.delay(changeOne(index), delay)))
  yield* TestClock.adjust(`${hours + 30} hours`)
  yield* Fiber.joinAll(fibers)
  return yield* compare(emulator, changes)
}, Effect.scoped)

/** Returns whether a vendor that refuses a second sync like one would take one of these parts, with this name. */
const isFree = (emulator: Emulator, parts: Ids, name: string) =>
  Effect.map(emulator.syncs, (syncs) =>
    syncs.every((sync) => sync.name !== name && JSON.stringify(sync.parts) !== JSON.stringify(parts)),
  )

const addTrouble = (emulator: Emulator) => {
  const always = { times: Number.POSITIVE_INFINITY }
  const writes = (["create", "update", "delete"] as const).flatMap((kind) => [
    Fault.lost(kind, { ...always, commits: true, chance: 0.08 }),
    Fault.lost(kind, { ...always, commits: false, chance: 0.06 }),
    Fault.lost(kind, { ...always, commits: true, chance: 0.03, latency: "2 seconds", commitAfter: "40 seconds" }),
    Fault.gatewayPage(kind, { ...always, status: 504, commits: true, chance: 0.03, latency: "1 minute" }),
    Fault.gatewayPage(kind, { ...always, status: 502, commits: false, chance: 0.03 }),
    Fault.truncated(kind, { ...always, chance: 0.02 }),
    Fault.emptyBody(kind, { ...always, chance: 0.02 }),
    Fault.unreachable(kind, { ...always, chance: 0.03 }),
    Fault.tooManyRequests(kind, { ...always, chance: 0.01, retryAfter: "7 seconds" }),
    Fault.slow(kind, { ...always, chance: 0.1, latency: "20 seconds", commitAfter: "15 seconds" }),
  ])
  const reads = (["syncs", "sync", "parts"] as const).flatMap((kind) => [
    Fault.lost(kind, { ...always, commits: false, chance: 0.02 }),
    Fault.gatewayPage(kind, { ...always, chance: 0.02 }),
  ])
  return emulator.addFaults(...writes, ...reads)
}

/** Returns whether a sync fires where this schedule does. */
const isScheduled = (sync: TruthSync, schedule: Schedule.Schedule = Schedule.manual): boolean =>
  (sync.nextFire !== undefined) === (schedule._tag !== "Manual")

const hasIds = (sync: TruthSync, ids: Ids): boolean => Object.entries(sync.ids).every(([name, id]) => ids[name] === id)

/** Compares what each change returned with the emulator's truth. */
const compare = Effect.fnUntraced(function* (emulator: Emulator, changes: ReadonlyArray<Change>) {
  const calls = yield* emulator.calls
  const configured = yield* emulator.syncs
  const ends: Record<string, number> = {}
  let [doubles, wrong, falseRefusals, strangersTaken, wronglyEnabled] = [0, 0, 0, 0, 0]
  /** Whether the next change of the sync was sent in the instant in which this one ended: its caller looks too late. */
  const isOvertaken = (change: Change) =>
    changes.some(
      ({ sync, writes }) =>
        sync !== undefined &&
        String(sync) === String(change.sync) &&
        writes.some((place) => calls[place]?.at === change.endedAt && !change.writes.includes(place)),
    )

  for (const change of changes) {
    const { kind, wanted, schedule, writes, exit, created = [], after } = change
    const end = `${kind} ${endOf(exit)}`
    ends[end] = (ends[end] ?? 0) + 1
    const uncertain = (operation: string) =>
      writes.filter((place) => calls[place]?.operation === operation && mayHaveHappened(calls[place]?.status))
    const remaining = configured.filter(({ callIndex }) => callIndex !== undefined && writes.includes(callIndex))
    if (["create", "update", "delete"].some((operation) => uncertain(operation).length > 1) || remaining.length > 1)
      doubles++
    if (exit === undefined) continue

    if (Exit.isSuccess(exit)) {
      if (isOvertaken(change)) continue
      if (kind === "delete") wrong += after === undefined ? 0 : 1
      else if (kind === "reschedule") wrong += after !== undefined && isScheduled(after, schedule) ? 0 : 1
      else if (kind !== "create")
        wrong += after?.state === (kind === "resume" ? "enabled" : "paused") || after?.state === "draft" ? 0 : 1
      else if (after === undefined) wrong++
      else if (after.callIndex === undefined && remaining.length === 0) strangersTaken++
      else if (after.callIndex === undefined || !writes.includes(after.callIndex)) wrong++
      else {
        const isRight = (after.state === "enabled") === wanted?.enabled && isScheduled(after, wanted.schedule)
        if (!isRight) wrong++
      }
      continue
    }
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    if (kind === "create" && error?._tag === "RetlError" && remaining.length > 0) falseRefusals++
    if (kind === "create" && error?._tag === "ChangeIncomplete" && created.length === 0) wrong++
  }
  for (const sync of configured) {
    const { callIndex, state } = sync
    const change = changes.find(({ writes }) => callIndex !== undefined && writes.includes(callIndex))
    const wasResumed = changes.some(
      ({ kind, sync: ref }) => kind === "resume" && ref !== undefined && hasIds(sync, ref.ids),
    )
    if (change?.wanted?.enabled === false && state === "enabled" && !wasResumed) wronglyEnabled++
  }
  return {
    changes: changes.length,
    doubles,
    wrong,
    falseRefusals,
    wronglyEnabled,
    strangersTaken,
    overLimit: yield* emulator.overLimit,
    ends,
  } satisfies Report
})

const endOf = (exit: Change["exit"]): string => {
  if (exit === undefined) return "never ended"
  if (Exit.isSuccess(exit)) return "done"
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  switch (error?._tag) {
    case "ChangeIndeterminate":
      return "indeterminate"
    case "ChangeIncomplete":
      return "incomplete"
    case "ChangeConflict":
      return "done beside another change"
    case "TimeoutError":
      return "interrupted"
    case "RetlError":
      return `refused, ${error.reason._tag}`
    default:
      return "defect"
  }
}
