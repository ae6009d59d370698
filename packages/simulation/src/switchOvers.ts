/**
 * Switch-overs between two vendors on the virtual clock, each on syncs of its own: reads that lag, changes that take effect late,
 * lost answers, runs under way, colleagues who switch the old sync on meanwhile, an opposite switch-over in another process, and
 * processes that are killed. What the two syncs are in the end is
 * compared with what the callers and the journal learned.
 */
import * as Fleet from "@openretl/core/Fleet"
import * as Journal from "@openretl/core/Journal"
import * as Move from "@openretl/core/Move"
import * as ProcessState from "@openretl/core/ProcessState"
import { SyncRef } from "@openretl/core/Ref"
import { Transport } from "@openretl/core/Transport"
import type { Emulator } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as RoutingTransport from "@openretl/emulator/RoutingTransport"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { begin } from "./begin.ts"
import type { ConfigurableVendor } from "./configurableVendors.ts"

/** What became of all switch-overs, in numbers. */
export interface Report {
  readonly switchOvers: number
  readonly done: number
  /** Pairs of which both syncs are enabled at a moment after the end. */
  readonly bothEnabled: number
  /** Pairs besides, whose colleague came after the last pause, or to a process that was killed: its entry says so. */
  readonly colleaguesAfter: number
  /** Colleagues who switched a sync on while it was being switched off. */
  readonly colleagues: number
  /** Pairs of which both syncs are off, and neither an error nor an entry of the journal says so. */
  readonly bothOffUnreported: number
  readonly kills: number
}

/** How many switch-overs share their emulators: with every pair of syncs the lists grow. */
const together = 100

/** Makes `count` switch-overs between a pair of vendors. */
export const simulateSwitchOvers = Effect.fnUntraced(function* (
  pair: readonly [ConfigurableVendor, ConfigurableVendor],
  seed: number,
  count: number,
) {
  const sum = {
    switchOvers: 0,
    done: 0,
    bothEnabled: 0,
    colleagues: 0,
    colleaguesAfter: 0,
    bothOffUnreported: 0,
    kills: 0,
  }
  while (sum.switchOvers < count) {
    const part = yield* simulateSome(pair, seed + sum.switchOvers, Math.min(together, count - sum.switchOvers))
    for (const name of Object.keys(sum) as ReadonlyArray<keyof Report>) sum[name] += part[name]
  }
  return sum satisfies Report
})

const simulateSome = Effect.fnUntraced(function* (
  [old, young]: readonly [ConfigurableVendor, ConfigurableVendor],
  seed: number,
  count: number,
) {
  const random = yield* Random.Random
  const next = () => random.nextDoubleUnsafe()
  const options = { readLag: { min: 0, max: "40 seconds" }, changeTakes: "10 seconds" } as const
  const emulators = [yield* old.emulator({ seed, ...options }), yield* young.emulator({ seed: seed + 1, ...options })]
  const [one, other] = emulators as [Emulator, Emulator]
  for (const emulator of emulators) yield* addTrouble(emulator)
  const journal = Journal.memory()
  const start = Effect.gen(function* () {
    const scope = yield* Scope.make()
    const fleet = yield* Effect.gen(function* () {
      return yield* Fleet.make({
        old: yield* old.workspace(one, { name: "old", journal }),
        young: yield* young.workspace(other, { name: "young", journal }),
      })
    }).pipe(
      Effect.provideService(Transport, RoutingTransport.make(one, other)),
      Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
      Scope.provide(scope),
    )
    return { fleet, scope }
  })
  const processes = [yield* start, yield* start]
  let [kills, done, bothEnabled, bothOffUnreported, colleagues, colleaguesAfter] = [0, 0, 0, 0, 0, 0]

  for (let index = 0; index < count; index++) {
    const [ids, otherIds] = [yield* one.addSync(), yield* other.addSync({ state: "paused" })]
    const from = new SyncRef({ workspace: "old", vendor: one.vendor, ids: required(one, ids) })
    const to = new SyncRef({ workspace: "young", vendor: other.vendor, ids: required(other, otherIds) })
    let isReported = false
    let meddledAt: number | undefined
    const hasRun = next() < 0.3
    if (hasRun) yield* one.triggerAsStranger(ids)
    const call = (place: number, forward: boolean) =>
      Effect.suspend(() => {
        const { fleet } = processes[place] as (typeof processes)[0]
        const ends = forward ? { from, to } : { from: to, to: from }
        return Move.switchOver(fleet, { ...ends, whenRunning: hasRun ? "wait" : "fail" })
      }).pipe(
        Effect.tap(() => Effect.sync(() => done++)),
        Effect.tapError(() => Effect.sync(() => (isReported = true))),
        Effect.exit,
      )
    const first = yield* begin(call(0, true))
    const second = next() < 0.3 ? yield* begin(Effect.delay(call(1, next() < 0.5), next() * 60_000)) : undefined
    const meddle = Effect.gen(function* () {
      if (first.pollUnsafe() !== undefined || second?.pollUnsafe() !== undefined) return
      yield* one.changeSync(ids, { state: "enabled" })
      meddledAt = yield* one.now
      colleagues++
    })
    const colleague = next() < 0.2 ? yield* begin(Effect.delay(meddle, next() * 90_000)) : undefined
    yield* TestClock.adjust(next() * 120_000)
    if (next() < 0.3) {
      kills++
      yield* Scope.close((processes[0] as (typeof processes)[0]).scope, Exit.void)
      processes[0] = yield* start
    }
    let areBothOn = false
    let hadEnded = false
    for (let minutes = 0; minutes < 120; minutes += 5) {
      yield* TestClock.adjust("5 minutes")
      const hasEnded = first.pollUnsafe() !== undefined && (second === undefined || second.pollUnsafe() !== undefined)
      const states = [yield* stateOf(one, ids), yield* stateOf(other, otherIds)]
      // The last pause may have been sent a moment ago: it takes effect late.
      areBothOn ||= hadEnded && states.every((state) => state === "enabled")
      hadEnded = hasEnded
    }
    yield* Fiber.interruptAll([first, ...(second ? [second] : []), ...(colleague ? [colleague] : [])])
    const [a, b] = [yield* stateOf(one, ids), yield* stateOf(other, otherIds)]
    const pauses = (yield* one.calls).filter(({ operation }) => operation === "update").map(({ at }) => at)
    const end = yield* Fiber.await(first)
    const isKilled = Exit.isFailure(end) || Exit.hasInterrupts(end.value)
    const isAfter = meddledAt !== undefined && (isKilled || pauses.every((at) => at <= (meddledAt ?? 0)))
    if (areBothOn && isAfter) colleaguesAfter++
    else if (areBothOn) bothEnabled++
    yield* one.clearCalls
    yield* other.clearCalls
    if (a !== "enabled" && b !== "enabled" && !isReported && !(yield* isPending(journal, String(from), String(to)))) {
      bothOffUnreported++
    }
  }
  for (const { scope } of processes) yield* Scope.close(scope, Exit.void)
  return {
    switchOvers: count,
    done,
    bothEnabled,
    colleagues,
    colleaguesAfter,
    bothOffUnreported,
    kills,
  } satisfies Report
})

/** Returns whether the journal has a switch-over of these syncs that has not ended, or that was given up. */
const isPending = (journal: Journal.Service, ...refs: ReadonlyArray<string>): Effect.Effect<boolean, unknown> =>
  Effect.map(journal.list({ states: ["sent", "lost", "abandoned"], limit: 1_000 }), ({ entries }) =>
    entries.some(
      ({ entry }) =>
        entry.kind === "update" &&
        entry.fingerprint.fields?.includes("switchOver") === true &&
        refs.every((ref) => Object.values(entry.fingerprint.ends).includes(ref)),
    ),
  )

const stateOf = (emulator: Emulator, ids: Readonly<Record<string, string>>) =>
  Effect.map(emulator.syncs, (syncs) => syncs.find((sync) => JSON.stringify(sync.ids) === JSON.stringify(ids))?.state)

/** The ids that a ref has to have. */
const required = ({ vendor }: Emulator, ids: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const { destination: _, action: __, ...others } = ids
  return vendor === "segment" ? others : ids
}

const addTrouble = (emulator: Emulator) => {
  const always = { times: Number.POSITIVE_INFINITY }
  return emulator.addFaults(
    Fault.lost("update", { ...always, commits: true, chance: 0.1 }),
    Fault.lost("update", { ...always, commits: false, chance: 0.1 }),
    Fault.gatewayPage("update", { ...always, status: 504, commits: true, chance: 0.05, latency: "1 minute" }),
    Fault.emptyBody("update", { ...always, chance: 0.05 }),
    Fault.unreachable("update", { ...always, chance: 0.05 }),
    Fault.lost("sync", { ...always, commits: false, chance: 0.05 }),
    Fault.gatewayPage("syncs", { ...always, chance: 0.05 }),
  )
}
