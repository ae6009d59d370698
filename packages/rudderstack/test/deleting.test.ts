/** Deleting connections, and configuring where the routes are closed. */
import { describe, expect, it } from "@effect/vitest"
import * as Fault from "@openretl/emulator/Fault"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { setup } from "./admin.ts"

const { definition } = RudderStackAdmin

/** With a clock that goes on meanwhile; the delay makes the test clock follow it across its fibers. */
const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.delay(effect, "1 millis"))
    yield* TestClock.adjust("10 minutes")
    return yield* Fiber.join(fiber)
  })

describe("deleting", () => {
  it.effect("A1: sent once, and looked up where its answer was lost; what is gone is deleted already", () =>
    Effect.gen(function* () {
      for (const faults of [
        [],
        [Fault.lost("delete", { commits: true })],
        [Fault.gatewayPage("delete", { commits: true })],
      ]) {
        const { emulator, administration, wanted, written } = yield* setup()
        const { ref } = yield* administration.create(definition(wanted))
        yield* emulator.addFaults(...faults)
        yield* timed(administration.delete(ref))
        expect(yield* emulator.syncs).toEqual([])
        yield* administration.delete(ref)
        expect(yield* written).toHaveLength(2)
      }
    }),
  )

  it.effect("A1: one that was not carried out is ChangeIndeterminate", () =>
    Effect.gen(function* () {
      const { emulator, administration, wanted } = yield* setup()
      const { ref } = yield* administration.create(definition(wanted))
      yield* emulator.addFaults(Fault.lost("delete", { commits: false }))
      expect(yield* Effect.flip(timed(administration.delete(ref)))).toMatchObject({
        _tag: "ChangeIndeterminate",
        operation: "delete",
      })
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )
})

describe("where the routes are closed", () => {
  it.effect("K3: nothing is changed, and nothing counts as deleted", () =>
    Effect.gen(function* () {
      for (const connectionsList of ["403", "404"] as const) {
        const { emulator, administration, wanted } = yield* setup()
        const { ref } = yield* administration.create(definition(wanted))
        yield* emulator.setSwitches({ connectionsList })
        for (const attempt of [administration.pause(ref), administration.resume(ref), administration.delete(ref)]) {
          expect(yield* Effect.flip<unknown, unknown, never>(attempt)).toMatchObject({
            reason: { _tag: "Unsupported" },
          })
        }
        const failed = yield* Effect.flip(administration.create(definition(wanted)))
        expect(failed).toMatchObject({
          reason: { _tag: connectionsList === "403" ? "PermissionDenied" : "NotFound" },
          delivery: "refused",
        })
        expect(yield* emulator.syncs).toHaveLength(1)
      }
    }),
  )
})
