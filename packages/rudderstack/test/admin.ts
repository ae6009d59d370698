/** A workspace with configuration over an emulator. */
import * as Administration from "@openretl/core/Administration"
import * as Catalog from "@openretl/core/Catalog"
import * as Creation from "@openretl/core/Creation"
import * as Deletion from "@openretl/core/Deletion"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { Context, Effect, Redacted } from "effect"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"

export const admin = Effect.fnUntraced(function* (
  emulator: RudderStackEmulator.RudderStackEmulator,
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

/** An emulator, a workspace over it, and what a connection over new parts is to be. */
export const setup = Effect.fnUntraced(function* (
  options: RudderStackEmulator.Options = {},
  workspace: Partial<RudderStackAdmin.Options> = {},
) {
  const emulator = yield* RudderStackEmulator.make(options)
  const made = yield* admin(emulator, workspace)
  const { source, destination } = yield* emulator.addParts("Orders")
  const wanted: RudderStackAdmin.NewSync = {
    sourceId: String(source),
    destinationId: String(destination),
    identifiers: [{ from: "email", to: "user_id" }],
    mappings: [{ from: "name", to: "first_name" }],
    event: { type: "identify" },
    constants: [{ key: "from", value: "warehouse" }],
  }
  /** The writes that arrived, as in `POST 200`. */
  const written = Effect.map(emulator.calls, (calls) =>
    calls.filter(({ method }) => method !== "GET").map(({ method, status }) => `${method} ${status}`),
  )
  return { emulator, ...made, wanted, written }
})
