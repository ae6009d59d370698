/** An emulator with a sync to change and parts for a new one, and the services over it. */
import * as Schedule from "@openretl/core/Schedule"
import type { ZeotapEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import * as Zeotap from "../src/Zeotap.ts"
import type * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import { admin, definition, onEmulator } from "./onEmulator.ts"

export const daily = Schedule.cron("0 6 * * *")

export const setup = Effect.fnUntraced(function* (options: ZeotapEmulator.Options = {}) {
  const { emulator, model, destination } = yield* onEmulator(options)
  const { administration, creation, deletion, runs } = yield* admin(emulator)
  const define = (extra: Partial<ZeotapAdmin.NewSync> = {}) =>
    definition({ model, destination }, { name: "Orders", ...extra })
  /** The writes that arrived, each with its status and body. */
  const written = Effect.map(emulator.calls, (calls) =>
    calls.filter(({ method }) => method !== "GET").map(({ method, status, body }) => [method, status, body ?? ""]),
  )
  /** A sync to change, scheduled and enabled. */
  const { sync = "" } = yield* emulator.addSync({ name: "Nightly", schedule: { cron: "0 3 * * *" } })
  const ref = yield* Effect.orDie(Zeotap.syncRef("prod", { sync }))
  yield* emulator.clearCalls
  const latest = Effect.map(emulator.syncs, (all) => all.at(-1))
  const changed = Effect.map(emulator.syncs, (all) => all.find(({ ids }) => ids["sync"] === sync))
  return {
    emulator,
    administration,
    creation,
    deletion,
    runs,
    define,
    written,
    ref,
    latest,
    changed,
    model,
    destination,
  }
})
