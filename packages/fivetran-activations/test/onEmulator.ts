/** The adapter over an emulator. */
import { Administration } from "@openretl/core/Administration"
import { Cancellation } from "@openretl/core/Cancellation"
import { Catalog } from "@openretl/core/Catalog"
import type { Definition } from "@openretl/core/Change"
import { Deletion } from "@openretl/core/Deletion"
import type { Portable } from "@openretl/core/driver/Administration"
import { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import { Transport } from "@openretl/core/Transport"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import * as FivetranActivationsEmulator from "@openretl/emulator/FivetranActivationsEmulator"
import { Context, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as FivetranActivationsAdmin from "../src/FivetranActivationsAdmin.ts"

/** 2021-10-20: when the vendor's samples are from. */
export const start = Date.UTC(2021, 9, 20, 2, 50)

/** Returns options with a default scope, and with the emulator's group. */
export const scoped = <O extends object>(emulator: Emulator, options: O) => ({
  defaultScope: "incremental" as const,
  groupId: emulator.workspace.id,
  ...options,
})

/** Opens the client of every endpoint and the services of a workspace over an emulator, which has one sync. */
export const onEmulator = Effect.fnUntraced(function* (options: FivetranActivationsEmulator.Options = {}) {
  yield* TestClock.setTime(start)
  const emulator = yield* FivetranActivationsEmulator.make(options)
  const ids = yield* emulator.addSync({ name: "Customers to HubSpot" })
  const settings = scoped(emulator, { name: "prod", token: Redacted.make(emulator.token), closeWithin: 0 })
  const [client, { services }] = yield* Effect.all([
    FivetranActivationsAdmin.client(settings),
    FivetranActivationsAdmin.workspace(settings),
  ]).pipe(Effect.provideService(Transport, emulator.transport))
  const { sync = "" } = ids
  return {
    emulator,
    client,
    ids,
    sync,
    ref: yield* FivetranActivationsAdmin.syncRef("prod", { sync }),
    runs: Context.get(services, Runs),
    scopes: Context.get(services, ScopedTriggers),
    cancellation: Context.get(services, Cancellation),
    catalog: Context.get(services, Catalog),
    administration: Context.get(services, Administration),
    deletion: Context.get(services, Deletion),
  }
})

/** Returns the result of an effect, while the clock advances for at most an hour. */
export const ended = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    for (let second = 0; second < 3_600 && fiber.pollUnsafe() === undefined; second++) {
      yield* TestClock.adjust("1 second")
    }
    return yield* Effect.result(Fiber.join(fiber))
  })

/** Returns what stands for a definition in the suite, which wants one of every adapter: this one creates no sync. */
export const definition = (_: Ids, wanted: Portable): Definition => ({
  ...wanted,
  part: { vendor: "fivetran-activations", spec: {} },
})
