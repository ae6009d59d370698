/** A workspace that configures, over an emulator. */
import * as Administration from "@openretl/core/Administration"
import * as Catalog from "@openretl/core/Catalog"
import * as Creation from "@openretl/core/Creation"
import * as Deletion from "@openretl/core/Deletion"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Context, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"

/** Opens a workspace over an emulator. */
export const open = Effect.fnUntraced(function* (
  emulator: Pick<RudderStackEmulator.RudderStackEmulator, "token" | "transport">,
  options: Partial<RudderStackAdmin.Options> = {},
) {
  const { services } = yield* RudderStackAdmin.workspace({
    name: "prod",
    region: "us",
    defaultScope: "incremental",
    token: Redacted.make(emulator.token),
    closeWithin: 0,
    ...options,
  }).pipe(Effect.provideService(Transport, emulator.transport))
  return {
    catalog: Context.get(services, Catalog.Catalog),
    administration: Context.get(services, Administration.Administration),
    create: Context.get(services, Creation.Creation).create,
    deleteSync: Context.get(services, Deletion.Deletion).delete,
    runs: Context.get(services, Runs),
  }
})

/** Makes an emulator, opens a workspace over it, and returns a new connection over parts of its own. */
export const setup = Effect.fnUntraced(function* (
  options: RudderStackEmulator.Options = {},
  workspaceOptions: Partial<RudderStackAdmin.Options> = {},
) {
  const emulator = yield* RudderStackEmulator.make(options)
  const workspace = yield* open(emulator, workspaceOptions)
  const { source, destination } = yield* emulator.addParts("Orders")
  const newSync: RudderStackAdmin.NewSync = {
    sourceId: String(source),
    destinationId: String(destination),
    identifiers: [{ from: "email", to: "user_id" }],
    mappings: [{ from: "name", to: "first_name" }],
    event: { type: "identify" },
    constants: [{ key: "from", value: "warehouse" }],
  }
  /** The writes that arrived, as in `POST 200`. */
  const writes = Effect.map(emulator.calls, (calls) =>
    calls.filter(({ method }) => method !== "GET").map(({ method, status }) => `${method} ${status}`),
  )
  /** The state and the wire schedule of each connection. */
  const states = Effect.map(emulator.syncs, (syncs) => syncs.map(({ state, schedule }) => ({ state, schedule })))
  return { emulator, ...workspace, newSync, writes, states }
})

/** Every value of every switch of the emulator under which connections can be configured, as in `["pairTaken", "409"]`. */
export const switchValues = Object.entries(RudderStackSwitches)
  .filter(([name]) => name !== "connectionsList")
  .flatMap(([name, { values }]) => values.map((value): readonly [name: string, value: string] => [name, value]))

/** Runs an effect while the clock goes on for ten minutes. The delay makes the test clock follow the fibers of the effect. */
export const whileTimePasses = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.delay(effect, "1 millis"))
    yield* TestClock.adjust("10 minutes")
    return yield* Fiber.join(fiber)
  })
