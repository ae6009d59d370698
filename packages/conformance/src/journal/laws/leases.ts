import type { Owner } from "@openretl/core/JournalEntry"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type JournalLaw, law, Skipped } from "../JournalLaw.ts"
import {
  afterBrief,
  afterShort,
  brief,
  identity,
  keyed,
  leased,
  long,
  markOf,
  otherIdentity,
  owner,
  short,
  trigger,
} from "../testbed/parts.ts"
import { race } from "../testbed/race.ts"

export const leaseLaws: ReadonlyArray<JournalLaw> = [
  law("J4", "leases that processes take from each other have numbers that only grow", (testbed) =>
    Effect.gen(function* () {
      const rounds = 20
      const numbers = yield* race(testbed, "leases", { identity, rounds })
      expect(numbers.map((ascending) => ascending.toSorted((one, other) => one - other))).toEqual(numbers)
      expect(numbers.flat().toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: numbers.length * rounds }, (_, index) => index + 1),
      )
    }),
  ),

  law("J4", "one call at a time has the lease on a sync", ({ open }) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* open, yield* open]
      const lease = yield* leased(journal, owner("a"))
      const refused = yield* other.acquire(identity, owner("b"), long)
      expect(refused).toMatchObject({ _tag: "Occupied", owner: owner("a") })
      if (refused._tag === "Occupied") {
        expect(Duration.toMillis(refused.freeIn)).toBeGreaterThan(0)
        expect(Duration.toMillis(refused.freeIn)).toBeLessThanOrEqual(600_000)
      }
      yield* leased(other, owner("b"), otherIdentity)
      yield* journal.release(lease)
      expect((yield* leased(other, owner("b"))).number).toBeGreaterThan(lease.number)
    }),
  ),

  law("J4", "a call that has the lease already gets a new number, and the old one is void", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const old = yield* leased(journal, owner("a"))
      const lease = yield* leased(journal, owner("a"))
      expect(lease.number).toBeGreaterThan(old.number)
      expect(yield* journal.renew(old, long)).toBe(false)
      expect(yield* journal.mark(markOf(old, trigger("e1")))).toMatchObject({ _tag: "LeaseLost" })
      yield* journal.release(old)
      expect(yield* journal.renew(lease, long)).toBe(true)
    }),
  ),

  law("J4", "a lease without an owner, of no identity or of no duration is refused", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const refused = Effect.fnUntraced(function* (of: string, by: Owner, duration: number) {
        const { reason } = yield* Effect.flip(journal.acquire(of, by, duration))
        expect(reason._tag).toBe("InvalidEntry")
      })
      yield* refused("", owner("a"), 1_000)
      yield* refused(identity, owner("a b"), 1_000)
      yield* refused(identity, owner("a", ""), 1_000)
      yield* refused(identity, owner("a"), -1)
      yield* leased(journal, owner("a"), "x".repeat(8_192))
      expect(yield* journal.acquire("x".repeat(8_192), owner("b"), long)).toMatchObject({ _tag: "Occupied" })
      yield* leased(journal, owner("b"), "x".repeat(8_191))
    }),
  ),

  law("J5", "a lease expires by the store's clock, cannot be renewed then, and marks nothing", (testbed) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* testbed.open, yield* testbed.open]
      const lease = yield* leased(journal, owner("a"), identity, short)
      yield* testbed.pass(afterShort)
      expect(yield* journal.renew(lease, long)).toBe(false)
      expect(yield* journal.mark(markOf(lease, trigger("e1")))).toMatchObject({ _tag: "LeaseLost" })
      const next = yield* leased(other, owner("b"))
      expect(next.number).toBeGreaterThan(lease.number)
      expect(yield* journal.renew(lease, long)).toBe(false)
      expect(yield* journal.mark(markOf(lease, trigger("e1")))).toMatchObject({ _tag: "LeaseLost" })
      yield* journal.release(lease)
      expect(yield* other.renew(next, long)).toBe(true)
      expect(yield* journal.get("e1")).toBeUndefined()
    }),
  ),

  law("J5", "a renewal keeps a lease alive, from when it is made", (testbed) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* testbed.open, yield* testbed.open]
      const lease = yield* leased(journal, owner("a"), identity, brief)
      expect(yield* journal.renew(lease, long)).toBe(true)
      yield* testbed.pass(afterBrief)
      expect(yield* other.acquire(identity, owner("b"), long)).toMatchObject({ _tag: "Occupied" })
      expect(yield* journal.renew(lease, short)).toBe(true)
      yield* testbed.pass(afterShort)
      expect(yield* other.acquire(identity, owner("b"), long)).toMatchObject({ _tag: "Acquired" })
    }),
  ),

  law("J5", "the clock of a caller decides nothing", ({ open, time }) =>
    Effect.gen(function* () {
      if (time === "virtual") return yield* new Skipped({ reason: "the store's clock is the caller's" })
      const [journal, other] = [yield* open, yield* open]
      for (const hours of [24, -24]) {
        const of = `sync ${hours}`
        const ahead = yield* shifted(hours)
        const lease = yield* leased(journal, owner("a"), of)
        const acquire = Effect.provideService(other.acquire(of, owner("b"), long), Clock.Clock, ahead)
        expect(yield* acquire).toMatchObject({ _tag: "Occupied" })
        yield* journal.release(lease)
        expect(yield* acquire).toMatchObject({ _tag: "Acquired" })
        expect(yield* journal.acquire(of, owner("a"), long)).toMatchObject({ _tag: "Occupied" })
      }
    }),
  ),

  law("J12", "a store that hosts cannot share refuses a host while another has a live lease", (testbed) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* testbed.open, yield* testbed.open]
      const stranger = owner("b", "host-b")
      const lease = yield* leased(journal, owner("a"))
      if (testbed.place.isSharedByHosts) {
        yield* leased(other, stranger, otherIdentity)
        return
      }
      const refusal = yield* Effect.flip(other.acquire(otherIdentity, stranger, long))
      expect(refusal.reason).toMatchObject({ _tag: "OtherHost", host: "host-a" })
      const claim = other.claim({ draft: keyed("e1"), owner: stranger, lease: brief })
      expect((yield* Effect.flip(claim)).reason._tag).toBe("OtherHost")
      yield* journal.release(lease)
      yield* leased(other, stranger, otherIdentity, brief)
      expect((yield* Effect.flip(journal.acquire(identity, owner("a"), long))).reason._tag).toBe("OtherHost")
      yield* testbed.pass(afterBrief)
      yield* claim
      expect((yield* Effect.flip(journal.acquire(identity, owner("a"), long))).reason._tag).toBe("OtherHost")
      yield* testbed.pass(afterBrief)
      yield* leased(journal, owner("a"))
    }),
  ),
]

/** A clock that is ahead of the machine's by some hours. */
const shifted = (hours: number) =>
  Clock.clockWith((clock) => {
    const millis = () => clock.currentTimeMillisUnsafe() + hours * 3_600_000
    const nanos = () => clock.currentTimeNanosUnsafe() + BigInt(hours) * 3_600_000_000_000n
    return Effect.succeed<Clock.Clock>({
      ...clock,
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      sleep: (duration) => clock.sleep(duration),
    })
  })
