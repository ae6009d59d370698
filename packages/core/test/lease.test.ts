import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Lease from "../src/engine/trigger/lease.ts"
import type { Owner } from "../src/model/JournalEntry.ts"
import * as Engine from "./support/engine.ts"
import { broken } from "./support/journals.ts"
import { begin } from "./support/testbed.ts"

const other: Owner = { host: "b", pid: 2, call: "c2" }

describe("the lease", () => {
  const take = Effect.fnUntraced(function* (engine: Engine.Engine, owner: Owner, within = Duration.seconds(10)) {
    let held: Lease.Held | undefined
    yield* Lease.take(engine.context, "i", owner, within, (lease) => {
      held = lease
    })
    return held ?? expect.unreachable()
  })
  const owner: Owner = { host: "a", pid: 1, call: "c1" }

  it.effect("J4: it is fresh for two thirds of its length, and renewed after each third", () =>
    Effect.gen(function* () {
      const renewals: Array<number> = []
      let isRenewing = true
      const renewing: Engine.Change = ({ renew }) => ({
        renew: (...args) =>
          Effect.flatMap(
            Effect.clockWith(({ currentTimeMillis }) => currentTimeMillis),
            (now) => {
              renewals.push(now)
              return isRenewing ? renew(...args) : Effect.succeed(false)
            },
          ),
      })
      const engine = yield* Engine.make(renewing)
      const { isFresh, giveBack } = yield* take(engine, owner)
      yield* TestClock.adjust("25 seconds")
      expect(renewals).toEqual([10_000, 20_000])
      expect(yield* isFresh).toBe(true)
      isRenewing = false
      yield* TestClock.adjust(14_999)
      expect(yield* isFresh).toBe(true)
      yield* TestClock.adjust(1)
      expect(yield* isFresh).toBe(false)
      yield* giveBack
      yield* TestClock.adjust("1 minute")
      expect(renewals).toEqual([10_000, 20_000, 30_000, 40_000])
      expect(yield* engine.journal.acquire("i", other, "1 second")).toMatchObject({ _tag: "Acquired" })
    }),
  )

  it.effect("J4: a renewal that fails does not end the renewals, nor a give-back that fails anything", () =>
    Effect.gen(function* () {
      let renewals = 0
      const failing: Engine.Change = () => ({
        renew: () =>
          Effect.andThen(
            Effect.sync(() => renewals++),
            broken,
          ),
        release: () => broken,
      })
      const engine = yield* Engine.make(failing)
      const { giveBack } = yield* take(engine, owner)
      yield* TestClock.adjust("35 seconds")
      expect(renewals).toBe(3)
      yield* giveBack
      yield* TestClock.adjust("1 minute")
      expect(renewals).toBe(3)
    }),
  )

  it.effect("T9: a caller looks for it each second, until it is free, and fails after its time", () =>
    Effect.gen(function* () {
      const looks: Array<number> = []
      const counting: Engine.Change = ({ acquire }) => ({
        acquire: (...args) =>
          Effect.flatMap(
            Effect.clockWith(({ currentTimeMillis }) => currentTimeMillis),
            (now) => {
              looks.push(now)
              return acquire(...args)
            },
          ),
      })
      const engine = yield* Engine.make(counting)
      yield* engine.journal.acquire("i", other, "2500 millis")
      const fiber = yield* begin(take(engine, owner))
      yield* TestClock.adjust("4 seconds")
      expect(fiber.pollUnsafe()).toBeDefined()
      expect(looks).toEqual([1, 1_001, 2_001, 2_500])

      yield* engine.journal.acquire("j", other, "1 hour")
      const late = yield* begin(Effect.flip(Lease.take(engine.context, "j", owner, Duration.millis(1_500), () => {})))
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(late)).toMatchObject({ reason: { _tag: "TriggerBusy", owner: other } })
      expect(looks.slice(4).map((at) => at - (looks[4] ?? 0))).toEqual([0, 1_000, 1_500])
    }),
  )

  it.effect("T9: the error names the entry of the call at work, where the journal shows it", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make()
      const { call, entry } = yield* Engine.mark(engine, { key: "k" })
      const busy = Lease.busyWith(engine.context, call.identity, call.owner)
      const named = { reason: { _tag: "TriggerBusy", owner: call.owner, entry: entry.id } }
      expect(yield* Effect.flip(busy)).toMatchObject(named)
      yield* engine.journal.update(entry, { state: "lost" }, call.owner)
      expect(yield* Effect.flip(busy)).toMatchObject(named)
      const elsewhere = Lease.busyWith(engine.context, call.identity, other)
      expect((yield* Effect.flip(elsewhere)).reason).not.toHaveProperty("entry")

      const claimed = yield* Engine.make()
      const sent = yield* Engine.mark(claimed, { key: "k" })
      yield* claimed.journal.update(sent.entry, { state: "claimed", lease: "1 hour" }, sent.call.owner)
      const error = yield* Effect.flip(Lease.busyWith(claimed.context, sent.call.identity, sent.call.owner))
      expect(error).toMatchObject({ reason: { entry: sent.entry.id } })

      const failing = yield* Engine.make(() => ({ list: () => broken }))
      expect(yield* Effect.flip(Lease.busyWith(failing.context, "i", other))).toMatchObject({
        reason: { owner: other },
      })
    }),
  )

  it.effect("T8: one whose answer is interrupted is given back, where it was given", () =>
    Effect.gen(function* () {
      for (const isOther of [false, true]) {
        let isSlow = true
        const releases: Array<string> = []
        const slow: Engine.Change = ({ acquire, release }) => ({
          acquire: (...args) => Effect.tap(acquire(...args), () => (isSlow ? Effect.sleep("5 seconds") : Effect.void)),
          release: (lease) =>
            Effect.andThen(
              Effect.sync(() => releases.push(lease.owner.call)),
              release(lease),
            ),
        })
        const engine = yield* Engine.make(slow)
        if (isOther) yield* engine.journal.acquire("i", other, "1 hour")
        const fiber = yield* begin(take(engine, owner))
        yield* TestClock.adjust("1 second")
        isSlow = false
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 second")
        expect(releases).toEqual(isOther ? [] : ["c1"])
      }
    }),
  )
})
