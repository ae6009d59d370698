/** Numbers in the configuration of syncs, which are kept exactly. */
import { describe, expect, it } from "@effect/vitest"
import type { JsonObject } from "@openretl/core/driver/Json"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import { setup } from "./configured.ts"

/** Lets ten minutes pass. */
const within = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.delay(effect, "1 millis"))
    yield* TestClock.adjust("10 minutes")
    return yield* Fiber.join(fiber)
  })

describe("numbers in a configuration", () => {
  it.effect("A1, R5: an id beyond 2^53 survives a read, a change of another field, and the write", () =>
    Effect.gen(function* () {
      const { creation, administration, define } = yield* setup()
      const id = 7301234567890123457n
      const sync = yield* within(creation.create(define({ config: { audience_id: id, list: "a" } })))
      expect(ZeotapAdmin.nativeOf(sync)?.config).toEqual({ audience_id: id, list: "a" })
      const config = { ...(ZeotapAdmin.nativeOf(sync)?.config as JsonObject), list: "b" }
      const changed = yield* within(administration.update(sync.ref, ZeotapAdmin.change({ config })))
      expect(ZeotapAdmin.nativeOf(changed)?.config).toEqual({ audience_id: id, list: "b" })
    }),
  )
})
