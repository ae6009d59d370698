/** The adapter over an emulator. */
import { Administration } from "@openretl/core/Administration"
import { Catalog } from "@openretl/core/Catalog"
import { Creation } from "@openretl/core/Creation"
import { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import { Transport } from "@openretl/core/Transport"
import type { Ids } from "@openretl/emulator/Emulator"
import * as HightouchEmulator from "@openretl/emulator/HightouchEmulator"
import { Context, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as HightouchAdmin from "../src/HightouchAdmin.ts"

/** 2022-02-08, 16:00: when the vendor's samples are from. */
export const start = Date.UTC(2022, 1, 8, 16)

/** Returns options with a default scope. */
export const scoped = <O extends object>(options: O) => ({ defaultScope: "incremental" as const, ...options })

/** Opens the client of every endpoint and the services of a workspace over an emulator, which has one sync. */
export const onEmulator = Effect.fnUntraced(function* (options: HightouchEmulator.Options = {}) {
  yield* TestClock.setTime(start)
  const emulator = yield* HightouchEmulator.make(options)
  const ids = yield* emulator.addSync({ name: "customers-to-hubspot" })
  const settings = scoped({ name: "prod", token: Redacted.make(emulator.token), closeWithin: 0 })
  const [client, { services }] = yield* Effect.all([
    HightouchAdmin.client(settings),
    HightouchAdmin.workspace(settings),
  ]).pipe(Effect.provideService(Transport, emulator.transport))
  const { sync = "" } = ids
  return {
    emulator,
    client,
    ids,
    sync,
    ref: yield* HightouchAdmin.syncRef("prod", { sync }),
    runs: Context.get(services, Runs),
    scopes: Context.get(services, ScopedTriggers),
    catalog: Context.get(services, Catalog),
    administration: Context.get(services, Administration),
    creation: Context.get(services, Creation),
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

/** Returns the definition of a new sync over parts of the emulator. */
export const definition = (
  { model = "", destination = "" }: Ids,
  { name, ...wanted }: { readonly name: string } & Pick<HightouchAdmin.NewSync, "enabled" | "schedule">,
) =>
  HightouchAdmin.definition({
    ...wanted,
    // Two syncs of other parts may have one name in a test, and no two syncs have one slug.
    slug: `${name} of ${model}`,
    model,
    destination,
    configuration: { mode: "upsert", object: "contacts", mappings: [{ to: "email", from: "email", type: "standard" }] },
  })
