/**
 * Thousands of triggers on the virtual clock, with everything that goes wrong in life: lost answers before and after the
 * vendor acted, gateways that give up first, strangers, schedules, reads that lag, callers who time out. The simulation
 * compares each result with the emulator's runs.
 */

import * as Journal from "@openretl/core/Journal"
import { allStates, type TriggerEntry } from "@openretl/core/JournalEntry"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import type { Result, TriggerIndeterminate, WhenRunning } from "@openretl/core/Trigger"
import type { Call as EmulatedCall, Emulator, Ids, TruthRun } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { attributed, CurrentCall, mayHaveHappened } from "./attribution.ts"
import { begin } from "./begin.ts"
import { randomOf } from "./randomOf.ts"
import type { Vendor } from "./vendors.ts"

interface Call {
  readonly sync: SyncRef
  readonly ids: Ids
  readonly scope: "incremental" | "full"
  readonly beganAt: number
  /** The triggers that it sent, by their place among the emulator's calls. */
  readonly posts: Array<number>
  /** The ids of the entries that it marked as sent. */
  readonly entries: Array<string>
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
  /** Calls that may have begun a run, returned none, and left no entry. */
  readonly lostEntries: number
  /** Calls and entries that ended as not started although the run had begun. */
  readonly falseNotStarted: number
  /** Results with a stranger's run of the same minutes while the call's never began: no vendor reports the difference. */
  readonly strangersAdopted: number
  /** Requests over a documented limit. */
  readonly overLimit: number
}

const minutes = 60_000

/** The longest time from a request to the run that it starts: its time-out, the vendor's delay, and clocks that differ. */
const longestWindow = 6 * minutes

/** Triggers runs within hours of virtual time, resolves every open entry, and compares with the emulator's runs. */
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
  const journal = attributedJournal(calls)
  const { runs, trigger } = yield* vendor
    .operations(emulator, journal)
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
  yield* addTrouble(emulator, vendor.keepsKeys === true)

  const triggerOne = Effect.fnUntraced(function* (index: number) {
    const { ids, ref, isAlone } = pick(syncs)
    const scope = vendor.hasScopes && random() < 0.3 ? "full" : "incremental"
    const modes: ReadonlyArray<WhenRunning> =
      scope === "full" ? ["fail", "skip", "wait"] : ["fail", "skip", "wait", "adopt"]
    const options = { whenRunning: pick(modes), exclusive: isAlone && random() < 0.5 }
    const patience = random() < 0.2 ? between(0, 100_000) : 24 * 60 * minutes
    const beganAt = yield* emulator.now
    const call: Call = { sync: ref, ids, scope, beganAt, posts: [], entries: [], exit: undefined }
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

  yield* emulator.clearFaults
  for (const entry of yield* entriesOf(journal, ["sent", "lost"])) {
    const resolving = yield* begin(runs.resolve(entry))
    yield* TestClock.adjust("10 minutes")
    yield* Fiber.join(resolving)
  }
  return yield* compare(emulator, calls, yield* entriesOf(journal, allStates), vendor.keepsKeys === true)
})

const addTrouble = (emulator: Emulator, keepsKeys: boolean) => {
  const always = { times: Number.POSITIVE_INFINITY }
  /** Errors of the vendor's that it gives to each repetition, too. */
  const kept = { ...always, status: 500, body: '{"message":"oops"}', isKept: true, chance: 0.01 }
  return emulator.addFaults(
    ...(keepsKeys ? [true, false].map((commits) => Fault.respond("start", { ...kept, commits })) : []),
    Fault.lost("start", { ...always, commits: true, chance: 0.1 }),
    Fault.lost("start", { ...always, commits: false, chance: 0.06 }),
    Fault.lost("start", { ...always, commits: true, chance: 0.03, latency: "2 seconds", commitAfter: "81 seconds" }),
    Fault.gatewayPage("start", { ...always, status: 504, commits: true, chance: 0.03, latency: "1 minute" }),
    Fault.gatewayPage("start", { ...always, status: 502, commits: false, chance: 0.03 }),
    Fault.never("start", { ...always, commits: true, chance: 0.01 }),
    Fault.truncated("start", { ...always, chance: 0.02 }),
    Fault.emptyBody("start", { ...always, chance: 0.02 }),
    Fault.unreachable("start", { ...always, chance: 0.03 }),
    Fault.tooManyRequests("start", { ...always, chance: 0.01, retryAfter: "7 seconds" }),
    Fault.slow("start", { ...always, chance: 0.1, latency: "20 seconds", commitAfter: "15 seconds" }),
    Fault.lost("list", { ...always, commits: false, chance: 0.02 }),
    Fault.gatewayPage("list", { ...always, chance: 0.02 }),
    Fault.gatewayPage("sync", { ...always, chance: 0.02 }),
  )
}

/** A journal that notes which call marked which entry as sent. */
const attributedJournal = (calls: ReadonlyArray<Call>): Journal.Service => {
  const journal = Journal.memory()
  return {
    ...journal,
    mark: (request) =>
      Effect.tap(journal.mark(request), (marked) =>
        Effect.map(CurrentCall, (index) => {
          if (index !== undefined && marked._tag === "Marked") calls[index]?.entries.push(marked.stored.entry.id)
        }),
      ),
  }
}

/** Reads all triggers of the journal in these states. */
const entriesOf = Effect.fnUntraced(function* (journal: Journal.Service, states: Journal.Filter["states"] & object) {
  const found: Array<TriggerEntry> = []
  for (let after: string | undefined; ; ) {
    const page = yield* journal.list({ states, limit: 1_000, ...(after !== undefined && { after }) })
    for (const { entry } of page.entries) if (entry.kind === "trigger") found.push(entry)
    if (page.next === undefined) return found
    after = page.next
  }
})

/** Compares what each call returned with the emulator's truth. */
const compare = Effect.fnUntraced(function* (
  emulator: Emulator,
  calls: ReadonlyArray<Call>,
  entries: ReadonlyArray<TriggerEntry>,
  keepsKeys: boolean,
) {
  const entryById = new Map(entries.map((entry) => [entry.id, entry]))
  const requests = yield* emulator.calls
  const truths = new Map<string, ReadonlyArray<TruthRun>>()
  for (const { ids, sync } of calls)
    if (!truths.has(String(sync))) truths.set(String(sync), yield* emulator.runsOf(ids))
  const ends: Record<string, number> = {}
  let doubles = 0
  let wrongAdoptions = 0
  let lostEntries = 0
  let falseNotStarted = 0
  let strangersAdopted = 0

  for (const call of calls) {
    const { exit } = call
    const posts = postsOf(call, requests)
    const runs = truths.get(String(call.sync)) ?? []
    const begun = runs.filter(({ callIndex }) => callIndex !== undefined && posts.includes(callIndex))
    const uncertain = posts.filter((place) => mayHaveHappened(requests[place]?.status))
    // A trigger that is sent again with its key is the same one.
    const sent = new Set(uncertain.map((place) => requests[place]?.headers[keyHeader] ?? place))
    if (begun.length > 1 || sent.size > 1) doubles++

    const end = endOf(exit) + (keepsKeys ? whyOpen(call, requests) : "")
    ends[end] = (ends[end] ?? 0) + 1

    const wrong = new Set<string>()
    const strangers = new Set<string>()
    /** Notes a run that the call has and did not begin. */
    const checkAdopted = (id: string) => {
      if (begun.some((run) => run.id === id)) return
      const adopted = runs.find((run) => run.id === id)
      // The call began nothing and a stranger did, right after its request: no vendor reports the difference.
      const isLikeOwn = posts.some((place) => {
        const sentAt = requests[place]?.at ?? Number.NaN
        return adopted !== undefined && adopted.createdAt >= sentAt && adopted.createdAt <= sentAt + longestWindow
      })
      if (adopted?.origin === "stranger" && begun.length === 0 && isLikeOwn) strangers.add(id)
      else wrong.add(id)
    }
    if (exit !== undefined && Exit.isSuccess(exit)) {
      const result = exit.value
      if (result._tag === "Adopted" && result.because === "lost-answer") checkAdopted(result.run.run)
      if (result._tag === "Started" && begun[0]?.id !== result.run.run) wrong.add(result.run.run)
    }

    const written = call.entries.flatMap((id) => entryById.get(id) ?? [])
    for (const entry of written) if ("run" in entry && entry.adopted !== "already-running") checkAdopted(entry.run.run)
    if (begun.length > 0 && (isNotStarted(exit) || written.some(({ state }) => state === "not-started"))) {
      falseNotStarted++
    }
    const isOpen =
      (end === "interrupted" || end.startsWith("indeterminate")) && (begun.length > 0 || uncertain.length > 0)
    if (isOpen && written.length === 0) lostEntries++
    wrongAdoptions += wrong.size
    strangersAdopted += strangers.size
  }
  return {
    triggers: calls.length,
    ends,
    doubles,
    wrongAdoptions,
    lostEntries,
    falseNotStarted,
    strangersAdopted,
    overLimit: yield* emulator.overLimit,
  } satisfies Report
})

const keyHeader = "idempotency-key"

/** Returns the triggers of a call: those with the key of one of its entries, of any sender, and those without a key. */
const postsOf = ({ posts, entries }: Call, requests: ReadonlyArray<EmulatedCall>): ReadonlyArray<number> => [
  ...posts.filter((place) => requests[place]?.headers[keyHeader] === undefined),
  ...requests.flatMap(({ headers }, place) =>
    entries.some((id) => headers[keyHeader]?.startsWith(id)) ? [place] : [],
  ),
]

/** From this age of a key on, core does not rely on it: half of the time that the vendor keeps it, less a call's. */
const oldKey = 12 * 60 * minutes - 20 * minutes

/** Returns why a trigger stays open although the vendor keeps its key. */
const whyOpen = ({ exit, beganAt }: Call, requests: ReadonlyArray<EmulatedCall>): string => {
  const error = exit && Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
  if (error?._tag !== "TriggerIndeterminate") return ""
  const { entry } = error
  if (requests.some(({ headers, status }) => status === 500 && headers[keyHeader]?.startsWith(entry.id))) {
    return " (the vendor has kept an error)"
  }
  const sentAt =
    "request" in entry && entry.request !== undefined ? DateTime.toEpochMillis(entry.request.sentAt) : beganAt
  return beganAt - sentAt > oldKey ? " (its key is too old)" : ""
}

/** Returns whether the call failed with the proof that its lost answer started nothing. */
const isNotStarted = (exit: Call["exit"]): boolean => {
  const error = exit && Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
  return error?._tag === "RetlError" && error.delivery === "refused" && error.reason._tag !== "AlreadyRunning"
}

const endOf = (exit: Call["exit"]): string => {
  if (exit === undefined) return "never ended"
  if (Exit.isSuccess(exit)) {
    return exit.value._tag === "Adopted" ? `adopted, ${exit.value.because}` : exit.value._tag.toLowerCase()
  }
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error?._tag === "TriggerIndeterminate") {
    return error.delivery === "not-sent" ? "not sent, an earlier one is open" : `indeterminate: ${error.why}`
  }
  if (error?._tag === "TimeoutError") return "interrupted"
  if (error?._tag === "RetlError") return `refused, ${error.reason._tag}`
  return "defect"
}
