/** The client of every endpoint over an emulator, which has one sync, and parts for another. */
import { Administration } from "@openretl/core/Administration"
import { Catalog } from "@openretl/core/Catalog"
import { Creation } from "@openretl/core/Creation"
import { Deletion } from "@openretl/core/Deletion"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import type { Ids } from "@openretl/emulator/Emulator"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { Context, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import type { CreateSyncRequest } from "../src/ZeotapSyncsApi.ts"

/** 2024-01-15, 15:00: when the vendor's samples are from. */
export const start = Date.UTC(2024, 0, 15, 15)

export const onEmulator = Effect.fnUntraced(function* (options: ZeotapEmulator.Options = {}) {
  yield* TestClock.setTime(start)
  const emulator = yield* ZeotapEmulator.make(options)
  const { sync = "" } = yield* emulator.addSync({ name: "Customers" })
  const { model = "", destination = "" } = yield* emulator.addParts("Orders")
  const client = yield* ZeotapAdmin.client({
    name: "prod",
    workspaceId: emulator.workspace.id,
    token: Redacted.make(emulator.token),
  }).pipe(Effect.provideService(Transport, emulator.transport))
  /** A valid request for a sync. */
  const request: CreateSyncRequest = {
    name: "Orders to Salesforce",
    model_id: model,
    destination_id: destination,
    field_mapping: [{ source_column: "email", destination_field: "Email" }],
    sync_mode: "upsert",
    primary_key: "customer_id",
  }
  return { emulator, client, sync, model, destination, request }
})

/** The id of nothing. */
export const nowhere = "00000000-0000-4000-a000-000000000000"

/** Returns the services of a workspace that can be configured, over an emulator. */
export const admin = Effect.fnUntraced(function* (emulator: ZeotapEmulator.ZeotapEmulator) {
  const { services } = yield* ZeotapAdmin.workspace({
    name: "prod",
    workspaceId: emulator.workspace.id,
    token: Redacted.make(emulator.token),
  }).pipe(Effect.provideService(Transport, emulator.transport))
  return {
    catalog: Context.get(services, Catalog),
    administration: Context.get(services, Administration),
    creation: Context.get(services, Creation),
    deletion: Context.get(services, Deletion),
    runs: Context.get(services, Runs),
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
  wanted: Pick<ZeotapAdmin.NewSync, "name" | "enabled" | "schedule">,
) =>
  ZeotapAdmin.definition({
    ...wanted,
    model,
    destination,
    mapping: [{ from: "email", to: "Email" }],
    mode: "upsert",
    primaryKey: "customer_id",
  })
