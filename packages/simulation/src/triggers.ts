/**
 * Thousands of triggers on the virtual clock, with everything that goes wrong in life: lost answers before and after the
 * vendor acted, gateways that give up first, strangers, schedules, reads that lag, callers who time out. The simulation
 * compares each result with the emulator's runs.
 */

import type { Intent } from "@openretl/core/Intent"
import * as IntentStore from "@openretl/core/IntentStore"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import type { Resolution, Result, TriggerIndeterminate, WhenRunning } from "@openretl/core/Trigger"
import type { Emulator, Ids, TruthRun } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { attributed, CurrentCall, mayHaveHappened } from "./attribution.ts"
import { begin } from "./begin.ts"
import type { Vendor } from "./vendors.ts"

interface Call {
  readonly sync: SyncRef
  readonly ids: Ids
  readonly scope: "incremental" | "full"
  readonly beganAt: number
  /** The triggers that it sent, by their place among the emulator's calls. */
  readonly posts: Array<number>
  /** The ids of the intents that it wrote. */
  readonly intents: Array<string>
  exit: Exit.Exit<Result, RetlError | TriggerIndeterminate | Cause.TimeoutError> | undefined
}

/** What became of all triggers, in numbers of calls. */
export interface Report {
  readonly triggers: number
  /** How the calls ended. */
  readonly ends: Readonly<Record<string, number>>
  /** Calls that began two runs, or that sent a second request after one that may have begun a run. */
  readonly doubles: number
  /** Results with a run that is not the call's. */
  readonly wrongAdoptions: number
  /** Calls that may have begun a run, returned none, and left no intent. */
  readonly lostIntents: number
  /** Intents that were resolved as `NotStarted` although the run had begun. */
  readonly falseNotStarted: number
  /** Results with a stranger's run while the call's never began: no vendor reports the difference. */
  readonly strangersAdopted: number
  /** Requests over a documented limit. */
  readonly overLimit: number
}

/** Mulberry32: small, seeded, good enough to draw troubles. */
const randomOf = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const minutes = 60_000

/** Triggers runs within hours of virtual time, resolves every open intent, and compares with the emulator's runs. */
export const simulateTriggers = Effect.fnUntraced(function* (vendor: Vendor, seed: number, triggers: number) {
  const random = randomOf(seed)
  const between = (low: number, high: number) => low + random() * (high - low)
  const pick = <A>(choices: ReadonlyArray<A>): A => choices[Math.floor(random() * choices.length)] as A

  const emulator = yield* vendor.emulator({
    seed,
    readLag: { min: 0, max: "3 seconds" },
    plan: (draw) => ({ duration: (5 + draw() * 600) * 1_000, queued: draw() * 5_000 }),
  })
  const calls: Array<Call> = []
  const transport = attributed(emulator, (call, place) => calls[call]?.posts.push(place))
  const { runs, trigger } = yield* vendor
    .operations(emulator, attributedStore(calls))
    .pipe(Effect.provideService(Transport, transport))

  const hours = triggers / 100
  const syncs: Array<{ readonly ids: Ids; readonly ref: SyncRef; readonly isAlone: boolean }> = []
  for (let i = 0; i < triggers / 10; i++) {
    const kind = pick(["alone", "alone", "alone", "strangers", "schedule"] as const)
    const ids = yield* emulator.addSync({
      ...(kind === "strangers" && { strangers: { every: "40 minutes" } }),
      ...(kind === "schedule" && { schedule: { every: "30 minutes" } }),
    })
    syncs.push({ ids, ref: yield* vendor.sync(ids), isAlone: kind === "alone" })
  }
  yield* addTrouble(emulator)

  const triggerOne = Effect.fnUntraced(function* (index: number) {
    const { ids, ref, isAlone } = pick(syncs)
    const scope = vendor.hasScopes && random() < 0.3 ? "full" : "incremental"
    const modes: ReadonlyArray<WhenRunning> =
      scope === "full" ? ["fail", "skip", "wait"] : ["fail", "skip", "wait", "adopt"]
    const options = { whenRunning: pick(modes), exclusive: isAlone && random() < 0.5 }
    const patience = random() < 0.2 ? between(0, 100_000) : 24 * 60 * minutes
    const beganAt = yield* emulator.now
    const call: Call = { sync: ref, ids, scope, beganAt, posts: [], intents: [], exit: undefined }
    calls[index] = call
    call.exit = yield* trigger(ref, options, scope).pipe(
      Effect.timeout(patience),
      Effect.provideService(CurrentCall, index),
      Effect.exit,
    )
  })

  const delays = Array.from({ length: triggers }, () => between(0, hours * 60 * minutes))
  const fibers = yield* Effect.forEach(delays, (delay, index) => begin(Effect.delay(triggerOne(index), delay)))
  yield* TestClock.adjust(`${hours + 30} hours`)
  yield* Fiber.joinAll(fibers)

  const intents = (yield* runs.intents).map(({ intent }) => intent)
  const resolutions = new Map<string, Resolution>()
  yield* emulator.clearFaults
  for (const intent of intents) {
    const resolving = yield* begin(runs.resolve(intent))
    yield* TestClock.adjust("10 minutes")
    resolutions.set(intent.id, yield* Fiber.join(resolving))
  }
  return yield* compare(emulator, calls, intents, resolutions)
})

const addTrouble = (emulator: Emulator) => {
  const always = { times: Number.POSITIVE_INFINITY }
  return emulator.addFaults(
    Fault.lost("start", { ...always, commits: true, chance: 0.1 }),
    Fault.lost("start", { ...always, commits: false, chance: 0.06 }),
    Fault.lost("start", { ...always, commits: true, chance: 0.03, latency: "2 seconds", commitAfter: "81 seconds" }),
    Fault.gatewayPage("start", { ...always, status: 504, commits: true, chance: 0.03, latency: "1 minute" }),
    Fault.gatewayPage("start", { ...always, status: 502, commits: false, chance: 0.03 }),
    Fault.never("start", { ...always, commits: true, chance: 0.01 }),
    Fault.truncated("start", { ...always, chance: 0.02 }),
    Fault.emptyBody("start", { ...always, chance: 0.02 }),
    Fault.unreachable("start", { ...always, chance: 0.03 }),
    Fault.tooManyRequests("start", { ...always, chance: 0.01, retryAfter: "7" }),
    Fault.slow("start", { ...always, chance: 0.1, latency: "20 seconds", commitAfter: "15 seconds" }),
    Fault.lost("list", { ...always, commits: false, chance: 0.02 }),
    Fault.gatewayPage("list", { ...always, chance: 0.02 }),
    Fault.gatewayPage("sync", { ...always, chance: 0.02 }),
  )
}

/** An intent store that notes which call wrote which intent. */
const attributedStore = (calls: ReadonlyArray<Call>): IntentStore.IntentStore => {
  const store = IntentStore.memory()
  return {
    ...store,
    put: (record) =>
      Effect.gen(function* () {
        const index = yield* CurrentCall
        const intents = (index === undefined ? undefined : calls[index])?.intents ?? []
        if (!intents.includes(record.intent.id)) intents.push(record.intent.id)
        yield* store.put(record)
      }),
  }
}

/** Compares what each call returned with the emulator's truth. */
const compare = Effect.fnUntraced(function* (
  emulator: Emulator,
  calls: ReadonlyArray<Call>,
  intents: ReadonlyArray<Intent>,
  resolutions: ReadonlyMap<string, Resolution>,
) {
  const requests = yield* emulator.calls
  const truths = new Map<string, ReadonlyArray<TruthRun>>()
  for (const { ids, sync } of calls)
    if (!truths.has(String(sync))) truths.set(String(sync), yield* emulator.runsOf(ids))
  const ends: Record<string, number> = {}
  let doubles = 0
  let wrongAdoptions = 0
  let lostIntents = 0
  let falseNotStarted = 0
  let strangersAdopted = 0

  for (const call of calls) {
    const { exit, posts } = call
    const runs = truths.get(String(call.sync)) ?? []
    const begun = runs.filter(({ callIndex }) => callIndex !== undefined && posts.includes(callIndex))
    const uncertain = posts.filter((place) => mayHaveHappened(requests[place]?.status))
    if (begun.length > 1 || uncertain.length > 1) doubles++

    const end = endOf(exit)
    ends[end] = (ends[end] ?? 0) + 1

    /** Counts a returned run that the call did not begin. */
    const checkAdopted = (id: string) => {
      if (begun.some((run) => run.id === id)) return
      const adopted = runs.find((run) => run.id === id)
      // The call began nothing and a stranger did, after the call: no vendor reports the difference.
      if (adopted?.origin === "stranger" && begun.length === 0 && adopted.createdAt >= call.beganAt) strangersAdopted++
      else wrongAdoptions++
    }
    if (exit !== undefined && Exit.isSuccess(exit)) {
      const result = exit.value
      if (result._tag === "Adopted" && result.because === "lost-answer") checkAdopted(result.run.run)
      if (result._tag === "Started" && begun.length > 0 && begun[0]?.id !== result.run.run) wrongAdoptions++
    }

    const intent = intents.find(({ id }) => call.intents.includes(id))
    const resolution = intent && resolutions.get(intent.id)
    if (resolution?._tag === "Started") checkAdopted(resolution.run.run)
    if (resolution?._tag === "NotStarted" && begun.length > 0) falseNotStarted++
    const isOpen = (end === "interrupted" || end === "indeterminate") && (begun.length > 0 || uncertain.length > 0)
    if (isOpen && intent === undefined) lostIntents++
  }
  return {
    triggers: calls.length,
    ends,
    doubles,
    wrongAdoptions,
    lostIntents,
    falseNotStarted,
    strangersAdopted,
    overLimit: yield* emulator.overLimit,
  } satisfies Report
})

const endOf = (exit: Call["exit"]): string => {
  if (exit === undefined) return "never ended"
  if (Exit.isSuccess(exit)) {
    return exit.value._tag === "Adopted" ? `adopted, ${exit.value.because}` : exit.value._tag.toLowerCase()
  }
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error?._tag === "TriggerIndeterminate") return "indeterminate"
  if (error?._tag === "TimeoutError") return "interrupted"
  if (error?._tag === "RetlError") return `refused, ${error.reason._tag}`
  return "defect"
}
