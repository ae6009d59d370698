import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { Priority } from "../src/engine/rate-limit/rateLimit.ts"
import * as Call from "../src/engine/trigger/call.ts"
import * as Hold from "../src/engine/trigger/hold.ts"
import * as Lease from "../src/engine/trigger/lease.ts"
import * as Sending from "../src/engine/trigger/sending.ts"
import { allStates, type Owner } from "../src/model/JournalEntry.ts"
import { atEachStep } from "./support/atEachStep.ts"
import * as Engine from "./support/engine.ts"

const { sync } = Engine
const other: Owner = { host: "b", pid: 2, call: "c2" }
const request = { whenRunning: "fail", scope: undefined } as const

describe("an interrupt at any moment", () => {
  it.effect("T8: leaves no lease behind that its call does not know", () =>
    atEachStep(
      Effect.gen(function* () {
        const engine = yield* Engine.make()
        let isHeld = false
        const program = Lease.take(engine.context, "i", { ...other, call: "c1" }, Duration.seconds(10), () => {
          isHeld = true
        })
        const check = () =>
          Effect.gen(function* () {
            const again = yield* Effect.orDie(engine.journal.acquire("i", other, "1 second"))
            expect(again._tag).toBe(isHeld ? "Occupied" : "Acquired")
          })
        return { program, check }
      }).pipe(Effect.orDie),
    ),
  )

  it.effect("T8: leaves neither a turn nor a lease behind", () =>
    atEachStep(
      Effect.gen(function* () {
        const engine = yield* Engine.make()
        const call = yield* Call.make(engine.context, sync, request)
        const next = yield* Call.make(engine.context, sync, { ...request, turnWithin: 0 })
        const check = () => Effect.orDie(Hold.within(engine.context, next, () => Effect.void))
        return { program: Hold.within(engine.context, call, () => Effect.void), check }
      }).pipe(Effect.orDie),
    ),
  )

  it.effect("T8: leaves no entry of a request that was not sent, and settles one that was", () =>
    atEachStep(
      Effect.gen(function* () {
        const engine = yield* Engine.make()
        const { context, journal, fake } = engine
        const call = yield* Call.make(context, sync, request)
        const leased = yield* journal.acquire(call.identity, call.owner, "1 hour")
        if (leased._tag !== "Acquired") return yield* Effect.die(new Error("another call has the lease"))
        const events: Array<string> = []
        const hold: Hold.Hold = {
          lease: leased.lease,
          isFresh: Effect.succeed(true),
          release: Effect.sync(() => void events.push("released")),
          handOver: () => void events.push("handed over"),
        }
        const grant = yield* context.rateLimit.acquire("start", Priority.write)
        const check = () => {
          const starts = fake.count("start")
          return Effect.gen(function* () {
            const { entries } = yield* journal.list({ identity: call.identity, states: allStates })
            const left = [fake.count("start"), entries.map(({ entry }) => entry.state), events]
            const settled = [1, ["started"], ["handed over", "released"]]
            expect(starts === 0 ? [[0, [], []], settled] : [settled]).toContainEqual(left)
          }).pipe(Effect.orDie)
        }
        return { program: Sending.send(context, call, hold, grant, { runs: [], complete: true }), check }
      }).pipe(Effect.orDie),
    ),
  )
})
