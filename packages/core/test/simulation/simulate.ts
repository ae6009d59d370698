/**
 * Thousands of triggers on the virtual clock, with everything that goes wrong in life: lost answers before and after the
 * vendor acted, gateways that give up first, strangers, own schedules, reads that lag, callers who time out. The
 * emulator knows the truth, so that what each caller was told can be held against it.
 */
import type { Emulator, Ids, TruthRun } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import { Cause, Context, Effect, Exit, Fiber, Option, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import { Transport, type Service as TransportService } from "../../src/http/Transport.ts"
import * as IntentStore from "../../src/journal/IntentStore.ts"
import type { Intent } from "../../src/model/Intent.ts"
import type { SyncRef } from "../../src/model/Ref.ts"
import type { RetlError } from "../../src/model/RetlError.ts"
import type { Resolution, Result, TriggerIndeterminate, WhenRunning } from "../../src/model/Trigger.ts"
import { begin } from "../support/testbed.ts"
import type { Vendor } from "./vendors.ts"

/** Which call a request belongs to: it travels with the caller's fibers. */
const CurrentCall = Context.Reference<number | undefined>("simulation/CurrentCall", { defaultValue: () => undefined })

interface Call {
  readonly index: number
  readonly sync: SyncRef
  readonly ids: Ids
  readonly scope: "incremental" | "full"
  readonly beganAt: number
  /** The requests this call sent, by their place among the emulator's calls. */
  readonly posts: Array<number>
  /** The intents it wrote. */
  readonly intents: Array<string>
  exit: Exit.Exit<Result, RetlError | TriggerIndeterminate | Cause.TimeoutError> | undefined
}

export interface Report {
  readonly triggers: number
  readonly ends: Readonly<Record<string, number>>
  readonly doubles: number
  readonly wrongAdoptions: number
  readonly lostIntents: number
  readonly falseNotStarted: number
  readonly strangersAdopted: number
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

export const simulate = Effect.fnUntraced(function* (vendor: Vendor, seed: number, triggers: number) {
  const random = randomOf(seed)
  const between = (low: number, high: number) => low + random() * (high - low)
  const pick = <A>(choices: ReadonlyArray<A>): A => choices[Math.floor(random() * choices.length)] as A

  const emulator = yield* vendor.emulator({
    seed,
    readLag: { min: 0, max: "3 seconds" },
    plan: (draw) => ({ duration: (5 + draw() * 600) * 1_000, queued: draw() * 5_000 }),
  })
  const calls: Array<Call> = []
  const desk = yield* vendor
    .desk(emulator, noted(calls))
    .pipe(Effect.provideService(Transport, attributed(emulator, calls)))

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

  const trouble = Infinity
  yield* emulator.addFaults(
    Fault.lost("start", { commits: true, chance: 0.1, times: trouble }),
    Fault.lost("start", { commits: false, chance: 0.06, times: trouble }),
    Fault.lost("start", {
      commits: true,
      chance: 0.03,
      times: trouble,
      latency: "2 seconds",
      commitAfter: "81 seconds",
    }),
    Fault.gatewayPage("start", { status: 504, commits: true, chance: 0.03, times: trouble, latency: "1 minute" }),
    Fault.gatewayPage("start", { status: 502, commits: false, chance: 0.03, times: trouble }),
    Fault.never("start", { commits: true, chance: 0.01, times: trouble }),
    Fault.truncated("start", { chance: 0.02, times: trouble }),
    Fault.emptyBody("start", { chance: 0.02, times: trouble }),
    Fault.unreachable("start", { chance: 0.03, times: trouble }),
    Fault.tooManyRequests("start", { chance: 0.01, times: trouble, retryAfter: "7" }),
    Fault.slow("start", { chance: 0.1, times: trouble, latency: "20 seconds", commitAfter: "15 seconds" }),
    Fault.lost("list", { commits: false, chance: 0.02, times: trouble }),
    Fault.gatewayPage("list", { chance: 0.02, times: trouble }),
    Fault.gatewayPage("sync", { chance: 0.02, times: trouble }),
  )

  const one = (index: number) =>
    Effect.gen(function* () {
      const { ids, ref, isAlone } = pick(syncs)
      const scope = vendor.hasScopes && random() < 0.3 ? "full" : "incremental"
      const modes: ReadonlyArray<WhenRunning> =
        scope === "full" ? ["fail", "skip", "wait"] : ["fail", "skip", "wait", "adopt"]
      const options = { whenRunning: pick(modes), exclusive: isAlone && random() < 0.5 }
      const patience = random() < 0.2 ? between(0, 100_000) : 24 * 60 * minutes
      const call: Call = {
        index,
        sync: ref,
        ids,
        scope,
        beganAt: yield* emulator.now,
        posts: [],
        intents: [],
        exit: undefined,
      }
      calls[index] = call
      call.exit = yield* desk
        .trigger(ref, options, scope)
        .pipe(Effect.timeout(patience), Effect.provideService(CurrentCall, index), Effect.exit)
    })

  const waits = Array.from({ length: triggers }, () => between(0, hours * 60 * minutes))
  const fibers = yield* Effect.forEach(waits, (wait, index) => begin(Effect.delay(one(index), wait)))
  yield* TestClock.adjust(`${hours + 30} hours`)
  yield* Fiber.joinAll(fibers)

  // Afterwards everything that is still open is resolved, as its owner would.
  const records = yield* desk.runs.intents
  const resolutions = new Map<string, Resolution>()
  yield* emulator.clearFaults
  for (const { intent } of records) {
    const resolving = yield* begin(desk.runs.resolve(intent))
    yield* TestClock.adjust("10 minutes")
    resolutions.set(intent.id, yield* Fiber.join(resolving))
  }
  return yield* judge(
    emulator,
    calls,
    records.map(({ intent }) => intent),
    resolutions,
  )
})

/** The emulator's transport, noting which caller sent which trigger. */
const attributed = (emulator: Emulator, calls: ReadonlyArray<Call>): TransportService => ({
  send: (request) =>
    request.method !== "POST"
      ? emulator.transport.send(request)
      : Effect.gen(function* () {
          const index = yield* CurrentCall
          const call = index === undefined ? undefined : calls[index]
          call?.posts.push((yield* emulator.calls).length)
          return yield* emulator.transport.send(request)
          // No other fiber may come between the count and the request.
        }).pipe(Effect.provideService(Scheduler.MaxOpsBeforeYield, Number.MAX_SAFE_INTEGER)),
})

/** An intent store that notes whose intents are whose. */
const noted = (calls: ReadonlyArray<Call>): IntentStore.IntentStore => {
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

const judge = Effect.fnUntraced(function* (
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
    const mine = runs.filter(({ callIndex }) => callIndex !== undefined && posts.includes(callIndex))
    const unknown = posts.filter((index) => isUnknown(requests[index]?.status))
    if (mine.length > 1 || unknown.length > 1) doubles++

    const end = endOf(exit)
    ends[end] = (ends[end] ?? 0) + 1

    /** Holds a run that a caller was given against the truth. */
    const given = (id: string) => {
      const run = runs.find((one) => one.id === id)
      if (mine.some((one) => one.id === id)) return
      // Nothing of ours began, a stranger's run did after the call: no vendor lets anybody tell these apart.
      if (run?.origin === "stranger" && mine.length === 0 && run.createdAt >= call.beganAt) strangersAdopted++
      else wrongAdoptions++
    }
    if (exit !== undefined && Exit.isSuccess(exit)) {
      const result = exit.value
      if (result._tag === "Adopted" && result.because === "lost-answer") given(result.run.run)
      if (result._tag === "Started" && mine.length > 0 && mine[0]?.id !== result.run.run) wrongAdoptions++
    }

    const own = intents.filter(({ id }) => call.intents.includes(id))
    const resolution = own[0] && resolutions.get(own[0].id)
    if (resolution?._tag === "Started") given(resolution.run.run)
    if (resolution?._tag === "NotStarted" && mine.length > 0) falseNotStarted++
    // A request that may have begun a run, and a caller who was not told: there must be an intent.
    if (
      (end === "interrupted" || end === "indeterminate") &&
      (mine.length > 0 || unknown.length > 0) &&
      own.length === 0
    ) {
      lostIntents++
    }
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

const isUnknown = (status: number | string | undefined): boolean =>
  status === "lost" || status === "pending" || (typeof status === "number" && (status < 400 || status >= 500))

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
