/**
 * Lost answers under odd clocks and odd lists: every clock of `oddClocks` times every form of a list times whether the
 * vendor acted before the answer was lost. Each result is compared with the emulator's runs.
 */

import * as Journal from "@openretl/core/Journal"
import { allStates } from "@openretl/core/JournalEntry"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import type { Result, TriggerIndeterminate } from "@openretl/core/Trigger"
import type { Emulator, Ids, TruthRun } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { begin } from "./begin.ts"
import { type OddClock, oddClocks, settable, throughOddClocks } from "./oddClocks.ts"
import { type Random, randomOf } from "./randomOf.ts"
import type { Operations, Vendor } from "./vendors.ts"

/** A form of the vendor's list of runs. */
interface ListForm {
  readonly name: string
  readonly switches: Readonly<Record<string, string>>
  /** How many runs there are before the trigger. */
  readonly runs: number
  /** Whether runs vanish from the list while core reads it. */
  readonly vanishes?: true
  /** Whether the list shows all runs since the fence, and a run of the fence. */
  readonly isComplete: boolean
}

/** The switches of each vendor's lists. */
const switchesOf: Readonly<Record<string, Readonly<Record<"oldestFirst" | "cut", Readonly<Record<string, string>>>>>> =
  {
    segment: { oldestFirst: { listOrder: "oldest-first" }, cut: { listPagination: "absent" } },
    rudderstack: { oldestFirst: { listOrder: "oldest-first" }, cut: { pagingObject: "absent" } },
    // A list says whether entries follow, and is never cut.
    hightouch: { oldestFirst: { runOrder: "oldest-first" }, cut: {} },
    // The order is documented, and so is that a list goes on.
    "fivetran-activations": { oldestFirst: {}, cut: { pagination: "absent" } },
    // The order is documented; the adapter notices a page that may be cut.
    polytomic: { oldestFirst: {}, cut: {} },
    zeotap: { oldestFirst: { runOrder: "oldest-first", listShape: "envelope" }, cut: { runsLength: "20" } },
  }

const listForms = ({ name }: Vendor): ReadonlyArray<ListForm> => {
  const { oldestFirst = {}, cut = {} } = switchesOf[name] ?? {}
  return [
    { name: "empty", switches: {}, runs: 0, isComplete: true },
    { name: "newest first", switches: {}, runs: 5, isComplete: true },
    { name: "oldest first", switches: oldestFirst, runs: 5, isComplete: true },
    { name: "oldest first, several pages", switches: oldestFirst, runs: 130, isComplete: true },
    { name: "cut", switches: cut, runs: 40, isComplete: false },
    {
      name: "oldest first, cut",
      switches: { ...oldestFirst, ...cut, ...(name === "zeotap" && { listShape: "array" }) },
      runs: 40,
      isComplete: false,
    },
    { name: "newest first, 700 long", switches: {}, runs: 700, isComplete: true },
    { name: "oldest first, 700 long", switches: oldestFirst, runs: 700, isComplete: true },
    { name: "vanishing", switches: oldestFirst, runs: 130, vanishes: true, isComplete: false },
  ]
}

/** What else starts runs of the sync. */
type Company = "none" | "a stranger afterwards" | "a hidden stranger before" | "a run under way"

interface Case {
  readonly clock: OddClock
  readonly list: ListForm
  readonly commits: boolean
  readonly isExclusive: boolean
  readonly company: Company
}

/** What became of all cases, in numbers of them. */
export interface Report {
  readonly cases: number
  /** Lost answers after which a trigger or its entry ended as not started although its run had begun. */
  readonly falseNotStarted: number
  /** Results with a run that the call did not start. */
  readonly wrongAdoptions: number
  /** Results with a stranger's run while the call's never began, and no clock tells the two apart. */
  readonly strangersAdopted: number
  /** Triggers beside a run under way that neither named it nor said that the list does not show it. */
  readonly missedRuns: number
  /** Calls that sent a second request after one that may have begun a run. */
  readonly doubles: number
  /** Lost answers that stayed open with honest clocks, a complete list, and nothing else that starts runs. */
  readonly ambiguousThough: number
  /** Lost answers of syncs that nothing else starts, by a complete list: the emulator's truth decides them. */
  readonly decidable: number
  /** Those of them that core decided. */
  readonly decided: number
  /** What went wrong, and the decidable ones that stayed open, by their case. */
  readonly findings: ReadonlyArray<string>
}

/** Returns the clocks under which a list is tried: the longer the list, the fewer, since it takes long to make. */
const clocksFor = ({ runs }: ListForm): ReadonlyArray<OddClock> =>
  oddClocks.filter((_, index) => runs <= 40 || index % (runs <= 130 ? 4 : 8) === 0)

const companies: ReadonlyArray<Company> = ["none", "none", "a stranger afterwards", "a hidden stranger before"]

const casesOf = (vendor: Vendor, random: Random): ReadonlyArray<Case> =>
  listForms(vendor).flatMap((list) => {
    const lost = clocksFor(list).flatMap((clock) =>
      [true, false].flatMap((commits) =>
        [true, false].map((isExclusive): Case => {
          const company = isExclusive ? "none" : (companies[Math.floor(random() * companies.length)] ?? "none")
          return { clock, list, commits, isExclusive, company }
        }),
      ),
    )
    const live = oddClocks
      .filter((_, index) => index % 6 === 0)
      .map((clock): Case => ({ clock, list, commits: true, isExclusive: false, company: "a run under way" }))
    return [...lost, ...live]
  })

/** Loses an answer in one case of `every`, and compares what becomes of it with the emulator's runs. */
export const simulateOddities = Effect.fnUntraced(function* (vendor: Vendor, seed: number, every: number = 1) {
  const random = randomOf(seed)
  const counts = {
    falseNotStarted: 0,
    wrongAdoptions: 0,
    strangersAdopted: 0,
    missedRuns: 0,
    doubles: 0,
    ambiguousThough: 0,
    decidable: 0,
    decided: 0,
  }
  const findings: Array<string> = []
  const cases = casesOf(vendor, random).filter((_, index) => index % every === 0)
  for (const [index, oddCase] of cases.entries()) {
    const found = yield* Effect.scoped(simulate(vendor, oddCase, random, seed + index))
    for (const name of found) {
      counts[name]++
      if (!["decidable", "decided", "strangersAdopted"].includes(name)) findings.push(`${name}: ${textOf(oddCase)}`)
    }
    if (found.includes("decidable") && !found.includes("decided")) findings.push(`undecided: ${textOf(oddCase)}`)
  }
  return { cases: cases.length, ...counts, findings } satisfies Report
})

type Finding = Exclude<keyof Report, "cases" | "findings">

const textOf = ({ clock, list, commits, isExclusive, company }: Case): string =>
  [clock.name, list.name, commits ? "run begun" : "no run", isExclusive ? "exclusive" : "shared", company].join("; ")

/** A vendor with a sync, its runs, and a process that reaches it through odd clocks. */
const simulate = Effect.fnUntraced(function* (vendor: Vendor, oddCase: Case, random: Random, seed: number) {
  const { clock, list, company } = oddCase
  const emulator = yield* vendor.emulator({
    seed,
    plan: { duration: "20 seconds" },
    latency: "20 millis",
    switches: list.switches,
  })
  const real = yield* Clock.Clock
  const { clock: local, set } = settable(real)
  const transport = throughOddClocks(emulator.transport, real, clock, set)
  const journal = Journal.memory()
  const operations = yield* vendor
    .operations(emulator, journal)
    .pipe(Effect.provideService(Transport, transport), Effect.provideService(Clock.Clock, local))
  const ids = yield* emulator.addSync()
  const ref = yield* vendor.sync(ids)
  const onLocalClock = <A, E>(program: Effect.Effect<A, E>) => Effect.provideService(program, Clock.Clock, local)
  const past = yield* addPastRuns(emulator, ids, list.runs)
  const { showsSchedule } = vendor
  const world: World = { emulator, operations, showsSchedule, journal, ids, ref, past, random, onLocalClock }
  return company === "a run under way" ? yield* beside(world, oddCase) : yield* loseAnswer(world, oddCase)
})

interface World extends Pick<Vendor, "showsSchedule"> {
  readonly emulator: Emulator
  readonly operations: Operations
  readonly journal: Journal.Service
  readonly ids: Ids
  readonly ref: SyncRef
  /** The ids of the runs that ended before the trigger. */
  readonly past: ReadonlyArray<string>
  readonly random: Random
  readonly onLocalClock: <A, E>(program: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

const addPastRuns = Effect.fnUntraced(function* (emulator: Emulator, ids: Ids, count: number) {
  const past: Array<string> = []
  for (let run = 0; run < count; run++) {
    const id = yield* emulator.triggerAsStranger(ids, { plan: { duration: 0 } })
    if (id !== undefined) past.push(id)
    yield* TestClock.setTime((yield* Clock.currentTimeMillis) + 60_000)
  }
  yield* TestClock.adjust("1 hour")
  return past
})

/** Lets runs vanish from the list, one after another, while core reads it. */
const vanish = ({ emulator, past, random }: World) =>
  Effect.forEach(past.slice(0, 40), (run) => Effect.delay(emulator.unlistRun(run), random() * 200), { discard: true })

/** Runs a program to its end, whatever time that takes. */
const drive = Effect.fnUntraced(function* <A, E>(program: Effect.Effect<A, E>) {
  const fiber = yield* begin(program)
  for (let minutes = 0; minutes < 180 && fiber.pollUnsafe() === undefined; minutes++)
    yield* TestClock.adjust("1 minute")
  return yield* Fiber.await(fiber)
})

const beside = Effect.fnUntraced(function* (world: World, { list }: Case): Effect.fn.Return<ReadonlyArray<Finding>> {
  const { emulator, operations, ids, ref, onLocalClock } = world
  yield* emulator.triggerAsStranger(ids, { plan: { duration: "10 hours" } })
  yield* TestClock.adjust("1 minute")
  if (list.vanishes === true) yield* begin(vanish(world))
  const exit = yield* drive(onLocalClock(operations.trigger(ref, { whenRunning: "skip" }, "incremental")))
  const ofCalls = (yield* emulator.runsOf(ids)).filter(({ origin }) => origin === "call")
  return ofCalls.length === 0 && isNoticed(exit) ? [] : ["missedRuns"]
})

const isNoticed = (exit: Exit.Exit<Result, RetlError | TriggerIndeterminate>): boolean => {
  if (Exit.isSuccess(exit)) return exit.value._tag === "Skipped"
  const error = Exit.findErrorOption(exit)
  return Option.isSome(error) && error.value._tag === "RetlError" && error.value.delivery === "not-sent"
}

const loseAnswer = Effect.fnUntraced(function* (
  world: World,
  { clock, list, commits, isExclusive, company }: Case,
): Effect.fn.Return<ReadonlyArray<Finding>> {
  const { emulator, operations, showsSchedule, journal, ids, ref, random, onLocalClock } = world
  if (company === "a hidden stranger before") {
    yield* emulator.triggerAsStranger(ids, { plan: { duration: "1 second" } })
    yield* TestClock.adjust(5_000 + random() * 40_000)
    yield* emulator.setReadLag("50 seconds")
  }
  const late = random() < 0.3 ? { commitAfter: 1_000 + random() * 80_000 } : {}
  yield* emulator.addFaults(Fault.lost("start", { commits, ...(commits && late), latency: random() * 5_000 }))
  if (list.vanishes === true) yield* begin(vanish(world))
  if (company === "a stranger afterwards")
    yield* begin(Effect.delay(emulator.triggerAsStranger(ids), 30_000 + random() * 60_000))
  const triggering = operations.trigger(ref, { whenRunning: "fail", exclusive: isExclusive }, "incremental")
  const exit = yield* drive(onLocalClock(triggering))
  yield* TestClock.adjust("10 minutes")
  const { entries } = yield* Effect.orDie(journal.list({ states: ["sent", "lost"] }))
  for (const { entry } of entries) {
    if (entry.kind === "trigger") yield* drive(onLocalClock(operations.runs.resolve(entry)))
  }
  const found = new Set<Finding>()
  const own = (yield* emulator.runsOf(ids)).filter(({ origin }) => origin === "call")
  const starts = (yield* emulator.calls).filter(({ operation }) => operation === "start")
  // A trigger that is sent again with its key is the same one.
  const sent = new Set(starts.map(({ headers, index }) => headers["idempotency-key"] ?? index))
  if (sent.size > 1 || own.length > 1) found.add("doubles")
  const concluded = yield* conclusionsOf(journal, exit)
  if (own.length > 0 && concluded.isNotStarted) found.add("falseNotStarted")
  // Without a run of the call's own, a stranger's looks like it right after the request, and right before it where no clock
  // tells the two apart: no vendor reports the difference.
  const isLikeOwn = own.length === 0 && (company === "a stranger afterwards" || clock.hidesOrder === true)
  if (concluded.runs.some((run) => !own.some(({ id }: TruthRun) => id === run)))
    found.add(isLikeOwn ? "strangersAdopted" : "wrongAdoptions")
  const isAlone = company === "none" && (isExclusive || showsSchedule)
  if (sent.size === 1 && list.isComplete && isAlone) {
    found.add("decidable")
    if (concluded.isNotStarted || concluded.runs.length > 0) found.add("decided")
    else if (clock.name === "honest") found.add("ambiguousThough")
  }
  return Array.from(found)
})

/** What a call and the journal say in the end. */
interface Conclusions {
  /** The runs that they attribute to the call. */
  readonly runs: ReadonlyArray<string>
  /** Whether they say that the call started no run. */
  readonly isNotStarted: boolean
}

const conclusionsOf = Effect.fnUntraced(function* (
  journal: Journal.Service,
  exit: Exit.Exit<Result, RetlError | TriggerIndeterminate>,
): Effect.fn.Return<Conclusions> {
  const { entries } = yield* Effect.orDie(journal.list({ states: allStates, limit: 10 }))
  const concluded = entries.map(({ entry }) => entry)
  const runs = concluded.flatMap((entry) => (entry.kind === "trigger" && "run" in entry ? [entry.run.run] : []))
  const ofCall = Exit.isSuccess(exit) && exit.value._tag === "Adopted" ? [exit.value.run.run] : []
  const error = Exit.isFailure(exit) ? Exit.findErrorOption(exit) : Option.none()
  const isRefused = Option.isSome(error) && error.value._tag === "RetlError" && error.value.delivery === "refused"
  return {
    runs: [...runs, ...ofCall],
    isNotStarted: isRefused || concluded.some(({ state }) => state === "not-started"),
  }
})
