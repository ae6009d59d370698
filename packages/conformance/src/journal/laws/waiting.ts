import { StoreWithin } from "@openretl/core/Journal"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as EffectScope from "effect/Scope"
import { expect } from "vitest"
import { type JournalLaw, type JournalTestbed, law } from "../JournalLaw.ts"
import { claimed, identity, keyed, leased, long, owner, required } from "../testbed/parts.ts"

/** Opens a client and takes the store's lock. Returns the client, and what gives the lock back. */
const blocked = Effect.fnUntraced(function* ({ open, place }: JournalTestbed) {
  const block = yield* required(place.block)
  const journal = yield* open
  yield* claimed(journal, owner("a"))
  const scope = yield* EffectScope.make()
  yield* Effect.addFinalizer(() => EffectScope.close(scope, Exit.void))
  yield* EffectScope.provide(block, scope)
  return { journal, release: EffectScope.close(scope, Exit.void) }
})

export const waitingLaws: ReadonlyArray<JournalLaw> = [
  law("J10", "a call that waits for a lock lets its process go on, and ends well once it has the lock", (testbed) =>
    Effect.gen(function* () {
      const { journal, release } = yield* blocked(testbed)
      const fiber = yield* Effect.forkChild(journal.acquire(identity, owner("b"), long), { startImmediately: true })
      // A call that stopped the process would keep this from going on, and the lock from being given back.
      yield* Effect.sleep(300)
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* release
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "Acquired" })
    }),
  ),

  law("J10", "a call that does not get the lock fails as busy within its time, and writes nothing", (testbed) =>
    Effect.gen(function* () {
      const { journal, release } = yield* blocked(testbed)
      const call = Effect.flip(journal.acquire(identity, owner("b"), long))
      const error = yield* Effect.provideService(call, StoreWithin, Duration.millis(300))
      expect(error.reason).toMatchObject({ _tag: "StoreBusy" })
      yield* release
      expect((yield* leased(journal, owner("c"))).number).toBe(1)
    }),
  ),

  law("J10", "an interrupt ends a call that waits for a lock, and the call writes nothing", (testbed) =>
    Effect.gen(function* () {
      const { journal, release } = yield* blocked(testbed)
      const claim = journal.claim({ draft: keyed("e2", { key: "another key" }), owner: owner("b"), lease: long })
      const fiber = yield* Effect.forkChild(claim, { startImmediately: true })
      yield* Effect.sleep(50)
      yield* Effect.timeout(Fiber.interrupt(fiber), "5 seconds")
      yield* release
      yield* Effect.sleep(50)
      expect(yield* journal.find(identity, "another key")).toBeUndefined()
    }),
  ),

  law("J10", "the finalizers of the scope that a store is opened in can still use it", ({ open }) =>
    Effect.gen(function* () {
      const keys = ["one", "two", "three"]
      yield* Effect.scoped(
        Effect.gen(function* () {
          const journal = yield* open
          const claims = keys.map((key) => claimed(journal, owner(key), keyed(key, { key })))
          yield* Effect.addFinalizer(() => Effect.ignore(Effect.all(claims, { concurrency: "unbounded" })))
        }),
      )
      const listed = yield* (yield* open).list({})
      expect(listed.entries.map(({ entry }) => entry.id).toSorted()).toEqual(keys.toSorted())
    }),
  ),

  law("J5, J10", "a lease that expires while a call waits for the lock is free when the call has the lock", (testbed) =>
    Effect.gen(function* () {
      const block = yield* required(testbed.place.block)
      const [journal, other] = [yield* testbed.open, yield* testbed.open]
      yield* leased(journal, owner("a"), identity, "1 second")
      const scope = yield* EffectScope.make()
      yield* EffectScope.provide(block, scope)
      const fiber = yield* Effect.forkChild(other.acquire(identity, owner("b"), long), { startImmediately: true })
      yield* Effect.sleep("1200 millis")
      yield* EffectScope.close(scope, Exit.void)
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "Acquired" })
    }),
  ),
]
