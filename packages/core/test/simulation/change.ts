/**
 * Hundreds of changes on the virtual clock, with everything that goes wrong: lost answers before and after the vendor
 * acted, gateways that give up first, writes that take effect late, reads that lag, strangers who make the same sync at
 * the same time, callers who time out. What each caller was told is held against the emulator's truth.
 */
import type { Emulator, Ids, TruthSync } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import { Cause, Context, Effect, Exit, Fiber, Option, Random, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import type * as Administration from "../../src/Administration.ts"
import { Transport, type Service as TransportService } from "../../src/http/Transport.ts"
import type { ChangeIncomplete, ChangeIndeterminate } from "../../src/model/Change.ts"
import type { SyncRef } from "../../src/model/Ref.ts"
import type { RetlError } from "../../src/model/RetlError.ts"
import type { Sync } from "../../src/model/Sync.ts"
import { begin } from "../support/testbed.ts"
import type { Configurable, Wanted } from "./configuring.ts"

const CurrentChange = Context.Reference<number | undefined>("simulation/CurrentChange", {
  defaultValue: () => undefined,
})

type Kind = "create" | "pause" | "resume" | "delete"

interface Change {
  readonly kind: Kind
  readonly wanted?: Wanted
  readonly sync?: SyncRef
  /** The writes that it sent, by their place among the emulator's calls. */
  readonly writes: Array<number>
  exit?: Exit.Exit<Sync | undefined, RetlError | ChangeIndeterminate | ChangeIncomplete | Cause.TimeoutError>
  /** The syncs that its requests had made when its caller was told; a sync may be deleted later. */
  made?: ReadonlyArray<TruthSync>
  /** The sync that it was about, as it was when its caller was told. */
  after?: TruthSync | undefined
}

export interface Report {
  readonly changes: number
  /** A change whose requests were carried out twice, or sent again while nobody could know. */
  readonly doubles: number
  /** A caller was given a sync that is not what came of the change. */
  readonly wrong: number
  /** A caller was told that nothing came of it, and something did. */
  readonly falseRefusals: number
  /** A sync that was made by a change is switched on though nobody asked for that. */
  readonly enabledUnasked: number
  /** Ours never came to be, and a stranger's that is just like it did: nobody can tell. */
  readonly strangersTaken: number
  readonly overLimit: number
  readonly ends: Readonly<Record<string, number>>
}

export const simulateChanges = Effect.fnUntraced(function* (vendor: Configurable, seed: number, count: number) {
  const random = yield* Random.Random
  const next = () => random.nextDoubleUnsafe()
  const pick = <A>(choices: ReadonlyArray<A>): A => choices[Math.floor(next() * choices.length)] as A

  const emulator = yield* vendor.emulator({ seed, readLag: { min: 0, max: "3 seconds" } })
  const changes: Array<Change> = []
  const known: Array<SyncRef> = []
  const administration = yield* vendor
    .administration(emulator)
    .pipe(Effect.provideService(Transport, attributed(emulator, changes)))
  yield* trouble(emulator)

  const truthOf = (ids: Ids) =>
    Effect.map(emulator.syncs, (all) => all.find((one) => Object.entries(ids).every(([k, v]) => one.ids[k] === v)))

  const create = Effect.fnUntraced(function* (index: number) {
    const schedule = next() < 0.5 ? pick(vendor.schedules) : undefined
    const wanted: Wanted = { name: `sync ${index}`, enabled: next() < 0.3, ...(schedule && { schedule }) }
    const parts = yield* emulator.addParts(`parts ${index}`)
    const change: Change = { kind: "create", wanted, writes: [] }
    changes[index] = change
    if (next() < 0.1) {
      // A stranger makes the same, at about the same time.
      yield* begin(Effect.delay(emulator.addSync({ parts, name: wanted.name, state: "paused" }), next() * 4_000))
    }
    return { change, work: administration.create(vendor.definition(parts, wanted)) }
  })

  const one = Effect.fnUntraced(function* (index: number) {
    const sync = known.length === 0 ? undefined : pick(known)
    const kind = sync === undefined ? "create" : pick(["create", "create", "pause", "resume", "delete"] as const)
    const chosen: { readonly change: Change; readonly work: Administration.Changed<Sync | undefined> } =
      kind === "create" || sync === undefined
        ? yield* create(index)
        : {
            change: { kind, sync, writes: [] },
            work: Effect.map(administration[kind](sync), (told) => told ?? undefined),
          }
    const {
      change,
      work,
    }: { change: Change; work: Effect.Effect<Sync | undefined, RetlError | ChangeIndeterminate | ChangeIncomplete> } =
      chosen
    changes[index] = change
    const patience = next() < 0.15 ? next() * 60_000 : 24 * 3_600_000
    change.exit = yield* work.pipe(Effect.timeout(patience), Effect.provideService(CurrentChange, index), Effect.exit)
    const configured = yield* emulator.syncs
    change.made = configured.filter(({ callIndex }) => callIndex !== undefined && change.writes.includes(callIndex))
    const told = Exit.isSuccess(change.exit) ? change.exit.value : undefined
    const about = told?.ref ?? change.sync
    change.after = about && (yield* truthOf(about.ids))
    if (change.kind === "create" && told !== undefined) known.push(told.ref)
  })

  const hours = count / 10
  const waits = Array.from({ length: count }, () => next() * hours * 3_600_000)
  const fibers = yield* Effect.forEach(waits, (wait, index) => begin(Effect.delay(one(index), wait)))
  yield* TestClock.adjust(`${hours + 30} hours`)
  yield* Fiber.joinAll(fibers)
  return yield* judge(emulator, changes)
})

const trouble = (emulator: Emulator) => {
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
    Fault.tooManyRequests(kind, { ...always, chance: 0.01, retryAfter: "7" }),
    Fault.slow(kind, { ...always, chance: 0.1, latency: "20 seconds", commitAfter: "15 seconds" }),
  ])
  const reads = (["syncs", "sync", "parts"] as const).flatMap((kind) => [
    Fault.lost(kind, { ...always, commits: false, chance: 0.02 }),
    Fault.gatewayPage(kind, { ...always, chance: 0.02 }),
  ])
  return emulator.addFaults(...writes, ...reads)
}

/** The emulator's transport, noting which change sent which write. */
const attributed = (emulator: Emulator, changes: ReadonlyArray<Change>): TransportService => ({
  send: (request) =>
    request.method === "GET"
      ? emulator.transport.send(request)
      : Effect.gen(function* () {
          const index = yield* CurrentChange
          const change = index === undefined ? undefined : changes[index]
          change?.writes.push((yield* emulator.calls).length)
          return yield* emulator.transport.send(request)
          // No other fiber may come between the count and the request.
        }).pipe(Effect.provideService(Scheduler.MaxOpsBeforeYield, Number.MAX_SAFE_INTEGER)),
})

const judge = Effect.fnUntraced(function* (emulator: Emulator, changes: ReadonlyArray<Change>) {
  const calls = yield* emulator.calls
  const configured = yield* emulator.syncs
  const ends: Record<string, number> = {}
  let [doubles, wrong, falseRefusals, strangersTaken, enabledUnasked] = [0, 0, 0, 0, 0]

  for (const change of changes) {
    const { kind, wanted, writes, exit, made = [], after } = change
    const end = `${kind} ${endOf(exit)}`
    ends[end] = (ends[end] ?? 0) + 1
    const unknown = (operation: string) =>
      writes.filter((index) => calls[index]?.operation === operation && isUnknown(calls[index]?.status))
    const lastly = configured.filter(({ callIndex }) => callIndex !== undefined && writes.includes(callIndex))
    if (["create", "update", "delete"].some((operation) => unknown(operation).length > 1) || lastly.length > 1)
      doubles++
    if (exit === undefined) continue

    if (Exit.isSuccess(exit)) {
      if (kind === "delete") wrong += after === undefined ? 0 : 1
      else if (kind !== "create")
        wrong += after?.state === (kind === "resume" ? "enabled" : "paused") || after?.state === "draft" ? 0 : 1
      else if (after === undefined) wrong++
      else if (after.callIndex === undefined && lastly.length === 0) strangersTaken++
      else if (after.callIndex === undefined || !writes.includes(after.callIndex)) wrong++
      else {
        const isRight =
          (after.state === "enabled") === wanted?.enabled &&
          (after.nextFire !== undefined) === (wanted.schedule !== undefined)
        if (!isRight) wrong++
      }
      continue
    }
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    if (kind === "create" && error?._tag === "RetlError" && lastly.length > 0) falseRefusals++
    if (kind === "create" && error?._tag === "ChangeIncomplete" && made.length === 0) wrong++
  }
  for (const { ids, callIndex, state } of configured) {
    const change = changes.find(({ writes }) => callIndex !== undefined && writes.includes(callIndex))
    const wasResumed = changes.some(
      ({ kind, sync }) => kind === "resume" && Object.entries(ids).every(([name, id]) => sync?.ids[name] === id),
    )
    if (change?.wanted?.enabled === false && state === "enabled" && !wasResumed) enabledUnasked++
  }
  return {
    changes: changes.length,
    doubles,
    wrong,
    falseRefusals,
    enabledUnasked,
    strangersTaken,
    overLimit: yield* emulator.overLimit,
    ends,
  } satisfies Report
})

const isUnknown = (status: number | string | undefined): boolean =>
  status === "lost" || status === "pending" || (typeof status === "number" && (status < 400 || status >= 500))

const endOf = (exit: Change["exit"]): string => {
  if (exit === undefined) return "never ended"
  if (Exit.isSuccess(exit)) return "done"
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  switch (error?._tag) {
    case "ChangeIndeterminate":
      return "indeterminate"
    case "ChangeIncomplete":
      return "incomplete"
    case "TimeoutError":
      return "interrupted"
    case "RetlError":
      return `refused, ${error.reason._tag}`
    default:
      return "defect"
  }
}
