/**
 * The load of the benchmark: every night, an orchestrator runs a step for each of a hundred syncs. A step triggers its sync
 * and waits for its run. A step that fails or is killed is run again five minutes later, as Airflow does, three times at most.
 *
 * Answers of triggers are lost, late, or replaced by a gateway's page, and steps are killed. No run fails, and nothing else
 * triggers the syncs: each further run is a double.
 */
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import type { Attempt } from "./attempts.ts"
import type { Vendor } from "./vendors.ts"

const syncCount = 100
const attemptsPerStep = 4
const always = { times: Number.POSITIVE_INFINITY }

/** How a load has ended, over all occasions. */
export interface Report {
  readonly occasions: number
  /** Steps that succeeded. */
  readonly succeeded: number
  /** Steps that failed for good although the vendor ran the sync for their occasion. */
  readonly failedWithRun: number
  /** Steps that succeeded although the vendor did not run the sync for their occasion. */
  readonly succeededWithoutRun: number
  /** Runs after the first of each occasion. */
  readonly doubles: number
}

/** Simulates so many occasions at one vendor. */
export const simulate = Effect.fnUntraced(function* (
  vendor: Vendor,
  occasions: number,
  seed: number,
  attemptWith: (vendor: Vendor, emulator: Emulator) => Attempt,
) {
  const emulator = yield* vendor.emulator({
    seed,
    latency: "500 millis",
    plan: (random) => ({ duration: Duration.minutes(1 + 11 * random()), rows: { succeeded: 100 } }),
  })
  const syncs = yield* Effect.all(Array.from({ length: syncCount }, () => emulator.addSync()))
  yield* emulator.addFaults(
    Fault.lost("start", { ...always, commits: true, chance: 0.05 }),
    Fault.lost("start", { ...always, commits: false, chance: 0.05 }),
    Fault.gatewayPage("start", { ...always, status: 504, commits: true, chance: 0.05 }),
    Fault.slow("start", { ...always, latency: "100 seconds", commitAfter: "10 seconds", chance: 0.05 }),
  )
  const attempt = attemptWith(vendor, emulator)
  let report: Report = {
    occasions: 0,
    succeeded: 0,
    failedWithRun: 0,
    succeededWithoutRun: 0,
    doubles: 0,
  }
  const runCounts = Effect.forEach(syncs, (ids) => Effect.map(emulator.runsOf(ids), (runs) => runs.length))
  for (let night = 1; report.occasions < occasions; night++) {
    const before = yield* runCounts
    const results: Array<boolean | undefined> = syncs.map(() => undefined)
    yield* Effect.forEach(syncs, (ids, index) =>
      Effect.forkDetach(
        Effect.gen(function* () {
          yield* Effect.sleep(Duration.seconds(1 + (yield* Random.nextIntBetween(0, 3 * 3600))))
          results[index] = yield* step(attempt, ids, `night-${night}`)
        }),
      ),
    )
    yield* TestClock.adjust("1 day")
    const after = yield* runCounts
    for (const [index, isGreen] of results.entries()) {
      if (isGreen === undefined) return yield* Effect.die(new Error("a step did not end within its day"))
      const runs = (after[index] ?? 0) - (before[index] ?? 0)
      report = {
        ...report,
        occasions: report.occasions + 1,
        succeeded: report.succeeded + (isGreen ? 1 : 0),
        failedWithRun: report.failedWithRun + (!isGreen && runs > 0 ? 1 : 0),
        succeededWithoutRun: report.succeededWithoutRun + (isGreen && runs === 0 ? 1 : 0),
        doubles: report.doubles + Math.max(0, runs - 1),
      }
    }
  }
  return report
})

const step = Effect.fnUntraced(function* (attempt: Attempt, ids: Ids, key: string) {
  for (let number = 1; number <= attemptsPerStep; number++) {
    if (yield* attempt(ids, key, yield* kill)) return true
    yield* Effect.sleep("5 minutes")
  }
  return false
})

/** One attempt in ten is killed, most of them soon: within four minutes, a half within the first. */
const kill = Effect.gen(function* () {
  const [dice, moment] = [yield* Random.next, yield* Random.next]
  return dice < 0.1 ? Duration.millis(moment ** 2 * 240_000) : undefined
})
