/** Deleting connections, and configuring where the routes are closed. */
import { describe, expect, it } from "@effect/vitest"
import * as Fault from "@openretl/emulator/Fault"
import { Effect } from "effect"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { setup, whileTimePasses } from "./admin.ts"

const { definition } = RudderStackAdmin

describe("a delete", () => {
  it.effect.each([
    ["complete", []],
    ["lost", [Fault.lost("delete", { commits: true })]],
    ["the page of a gateway", [Fault.gatewayPage("delete", { commits: true })]],
  ] as const)("A1: is sent once where its answer is %s, and not at all for a connection that is gone", ([, faults]) =>
    Effect.gen(function* () {
      const { emulator, create, deleteSync, newSync, writes } = yield* setup()
      const { ref } = yield* create(definition(newSync))
      yield* emulator.addFaults(...faults)
      yield* whileTimePasses(deleteSync(ref))
      expect(yield* emulator.syncs).toEqual([])
      yield* deleteSync(ref)
      expect(yield* writes).toHaveLength(2)
    }),
  )

  it.effect("A1: that was not carried out fails with ChangeIndeterminate", () =>
    Effect.gen(function* () {
      const { emulator, create, deleteSync, newSync } = yield* setup()
      const { ref } = yield* create(definition(newSync))
      yield* emulator.addFaults(Fault.lost("delete", { commits: false }))
      expect(yield* Effect.flip(whileTimePasses(deleteSync(ref)))).toMatchObject({
        _tag: "ChangeIndeterminate",
        operation: "delete",
      })
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )
})

describe("where the routes are closed", () => {
  it.effect.each([
    ["403", "PermissionDenied"],
    ["404", "NotFound"],
  ] as const)("K3: with a %s nothing is changed, and nothing counts as deleted", ([connectionsList, reason]) =>
    Effect.gen(function* () {
      const { emulator, administration, create, deleteSync, newSync } = yield* setup()
      const { ref } = yield* create(definition(newSync))
      yield* emulator.setSwitches({ connectionsList })
      const isUnsupported = { reason: { _tag: "Unsupported" } }
      expect(yield* Effect.flip(administration.pause(ref))).toMatchObject(isUnsupported)
      expect(yield* Effect.flip(administration.resume(ref))).toMatchObject(isUnsupported)
      expect(yield* Effect.flip(deleteSync(ref))).toMatchObject(isUnsupported)
      expect(yield* Effect.flip(create(definition(newSync)))).toMatchObject({
        reason: { _tag: reason },
        delivery: "refused",
      })
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )
})
