/**
 * A storm of interrupts and closing workspaces over a slow journal, in which the token changes. No run may be lost between its caller and the
 * journal, nothing is sent for a caller who has left, and nothing outlasts its bound.
 */

import * as Journal from "@openretl/core/Journal"
import { allStates, type TriggerEntry } from "@openretl/core/JournalEntry"
import type { RetlError } from "@openretl/core/RetlError"
import { Transport, type Service as TransportService } from "@openretl/core/Transport"
import type { Result, TriggerIndeterminate } from "@openretl/core/Trigger"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as EffectScope from "effect/Scope"
import { TestClock } from "effect/testing"
import { CurrentCall } from "./attribution.ts"
import { begin } from "./begin.ts"
import { type Random, randomOf } from "./randomOf.ts"
import type { Vendor } from "./vendors.ts"

/** What became of all triggers, in numbers. */
export interface Report {
  readonly triggers: number
  /** Runs that calls have started. */
  readonly runs: number
  /** Calls that ended with their run before the storm reached them. */
  readonly returned: number
  /** Runs that neither the caller nor the journal knows. */
  readonly unknownRuns: number
  /** Requests to start a run whose sending began after the interrupt or the close. */
  readonly lateRequests: number
  /** Calls and closings that went on for longer than their bound. */
  readonly outlasting: number
  /** Calls that started two runs. */
  readonly doubles: number
}

/** Calls that share a workspace, and so end together where it closes. */
const groupSize = 40

/** How long a workspace waits for what has left when it closes, in milliseconds. */
const closeWithin = 100

/** How long a call may take to end after its interrupt, and a workspace after `closeWithin`, in milliseconds. */
const bound = 1_000

/** How long the storm lasts, in milliseconds: about as long as a trigger takes. */
const stormLasts = 90

interface Call {
  readonly ids: Ids
  readonly fiber: Fiber.Fiber<Result, RetlError | TriggerIndeterminate>
}

/** A storm over `triggers` calls. Every third workspace closes, and of all others each call is interrupted. */
export const simulateStorm = Effect.fnUntraced(function* (vendor: Vendor, seed: number, triggers: number) {
  const random = randomOf(seed)
  const report = { triggers: 0, runs: 0, returned: 0, unknownRuns: 0, lateRequests: 0, outlasting: 0, doubles: 0 }
  for (let group = 0; report.triggers < triggers; group++) {
    const size = Math.min(groupSize, triggers - report.triggers)
    const found = yield* stormOver(vendor, { random, seed: seed + group, size, closes: group % 3 === 2 })
    for (const name of Object.keys(found) as ReadonlyArray<keyof Report>) report[name] += found[name]
  }
  return report satisfies Report
})

interface Group {
  readonly random: Random
  readonly seed: number
  readonly size: number
  readonly closes: boolean
}

const stormOver = Effect.fnUntraced(function* (vendor: Vendor, { random, seed, size, closes }: Group) {
  const emulator = yield* vendor.emulator({ seed, latency: "20 millis", plan: { duration: "1 minute" } })
  const memory = Journal.memory()
  const journal = slow(memory, random)
  const hasLeft = new Set<number>()
  let lateRequests = 0
  const transport: TransportService = {
    send: (request) =>
      Effect.flatMap(CurrentCall, (call) => {
        if (request.method !== "GET" && call !== undefined && hasLeft.has(call)) lateRequests++
        return emulator.transport.send(request)
      }),
  }
  // The token is read again after a 401: between the answer and the next request, a caller may leave.
  const token = Effect.suspend(() =>
    Effect.delay(
      Effect.sync(() => Redacted.make(emulator.token)),
      random() * 10,
    ),
  )
  yield* begin(Effect.delay(emulator.rotateToken, random() * stormLasts))
  const scope = yield* EffectScope.make()
  const { trigger } = yield* vendor
    .operations(emulator, journal, { closeWithin, token })
    .pipe(Effect.provideService(Transport, transport), EffectScope.provide(scope))

  const calls: Array<Call> = []
  for (let index = 0; index < size; index++) {
    const ids = yield* emulator.addSync()
    const ref = yield* vendor.sync(ids)
    const options = { whenRunning: "fail", exclusive: true, ...(random() < 0.5 && { key: `call ${index}` }) } as const
    const call = Effect.provideService(trigger(ref, options, "incremental"), CurrentCall, index)
    calls.push({ ids, fiber: yield* begin(call) })
  }
  let outlasting = 0
  if (closes) {
    yield* TestClock.adjust(random() * stormLasts)
    for (const index of calls.keys()) hasLeft.add(index)
    const closing = yield* Effect.forkChild(EffectScope.close(scope, Exit.void), { startImmediately: true })
    yield* TestClock.adjust(closeWithin + bound)
    if (closing.pollUnsafe() === undefined) outlasting++
    outlasting += calls.filter(({ fiber }) => fiber.pollUnsafe() === undefined).length
  } else {
    const interrupted = yield* Effect.forEach(calls, ({ fiber }, index) => {
      const interrupt = Effect.suspend(() => {
        hasLeft.add(index)
        fiber.interruptUnsafe()
        return Effect.delay(
          Effect.sync(() => fiber.pollUnsafe() === undefined),
          bound,
        )
      })
      return begin(Effect.delay(interrupt, random() * stormLasts))
    })
    yield* TestClock.adjust(stormLasts + 2 * bound)
    for (const fiber of interrupted) if (yield* Fiber.join(fiber)) outlasting++
  }
  yield* TestClock.adjust("15 minutes")
  const counts = yield* compare(vendor, emulator, memory, calls)
  if (!closes) yield* EffectScope.close(scope, Exit.void).pipe(begin, Effect.andThen(TestClock.adjust("1 minute")))
  return { triggers: size, lateRequests, outlasting, ...counts }
})

/** The journal as a call meets it over a network: each way takes up to 5 ms. */
const slow = (journal: Journal.Service, random: Random): Journal.Service => {
  const pause = Effect.suspend(() => Effect.sleep(random() * 5))
  const call =
    <Args extends ReadonlyArray<unknown>, A, E>(run: (...args: Args) => Effect.Effect<A, E>) =>
    (...args: Args): Effect.Effect<A, E> =>
      Effect.andThen(
        pause,
        Effect.tap(run(...args), () => pause),
      )
  return {
    id: journal.id,
    claim: call(journal.claim),
    takeOver: call(journal.takeOver),
    renewClaim: call(journal.renewClaim),
    acquire: call(journal.acquire),
    renew: call(journal.renew),
    release: call(journal.release),
    mark: call(journal.mark),
    update: call(journal.update),
    remove: call(journal.remove),
    get: call(journal.get),
    find: call(journal.find),
    list: call(journal.list),
    forget: call(journal.forget),
  }
}

/** Lets a later process resolve what is open, and looks for each run at its caller and in the journal. */
const compare = Effect.fnUntraced(function* (
  vendor: Vendor,
  emulator: Emulator,
  journal: Journal.Service,
  calls: ReadonlyArray<Call>,
) {
  const { runs } = yield* vendor
    .operations(emulator, journal)
    .pipe(Effect.provideService(Transport, emulator.transport))
  for (const entry of yield* entriesOf(journal)) {
    if (entry.state !== "sent" && entry.state !== "lost") continue
    const resolving = yield* begin(runs.resolve(entry))
    yield* TestClock.adjust("10 minutes")
    yield* Fiber.await(resolving)
  }
  const inJournal = new Set((yield* entriesOf(journal)).flatMap((entry) => ("run" in entry ? [entry.run.run] : [])))
  const counts = { runs: 0, returned: 0, unknownRuns: 0, doubles: 0 }
  for (const { ids, fiber } of calls) {
    const started = (yield* emulator.runsOf(ids)).filter(({ origin }) => origin === "call").map(({ id }) => id)
    const exit = fiber.pollUnsafe()
    const result = exit !== undefined && Exit.isSuccess(exit) ? exit.value : undefined
    const returned = result !== undefined && "run" in result ? result.run?.run : undefined
    counts.runs += started.length
    if (returned !== undefined) counts.returned++
    if (started.length > 1) counts.doubles++
    counts.unknownRuns += started.filter((run) => run !== returned && !inJournal.has(run)).length
  }
  return counts
}, Effect.scoped)

const entriesOf = (journal: Journal.Service): Effect.Effect<ReadonlyArray<TriggerEntry>> =>
  Effect.map(Effect.orDie(journal.list({ states: allStates, limit: 1_000 })), ({ entries }) =>
    entries.flatMap(({ entry }) => (entry.kind === "trigger" ? [entry] : [])),
  )
