/** The three vendors, each as a workspace of one process and as a driver without core. */
import type { Snapshot } from "@openretl/core/driver/Driver"
import type { Service as Journal } from "@openretl/core/Journal"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Runs } from "@openretl/core/Runs"
import type { Emulator, Options as EmulatorOptions, Ids } from "@openretl/emulator/Emulator"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { RudderStack } from "@openretl/rudderstack"
import { Segment } from "@openretl/segment"
import { Zeotap } from "@openretl/zeotap"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"

/** What a workspace takes besides the vendor's own options. */
interface Common {
  readonly name: "jobs"
  readonly token: Redacted.Redacted
  readonly closeWithin: 0
  readonly writeTimeout?: "30 seconds"
  readonly journal?: Journal
}

/** The requests of a vendor for one sync, without core: one request each. */
export interface Requests {
  readonly start: Effect.Effect<string, RetlError>
  readonly get: (run: string) => Effect.Effect<Snapshot, RetlError>
}

export interface Vendor {
  readonly name: string
  readonly emulator: (options: EmulatorOptions) => Effect.Effect<Emulator>
  /** Opens the workspace of a process. */
  readonly open: (
    emulator: Emulator,
    journal: Journal,
  ) => Effect.Effect<typeof Runs.Service, RetlError, EffectScope.Scope>
  readonly sync: (ids: Ids) => Effect.Effect<SyncRef, RetlError>
  readonly requests: (emulator: Emulator, ids: Ids) => Effect.Effect<Requests, RetlError>
}

const common = ({ token }: Emulator): Common => ({ name: "jobs", token: Redacted.make(token), closeWithin: 0 })
/** As the vendors' own clients, which give up after half a minute or less. */
const impatient = (emulator: Emulator): Common => ({ ...common(emulator), writeTimeout: "30 seconds" })
const id = (ids: Ids, name: string): string => ids[name] ?? ""
const runsOf = ({ services }: { readonly services: Context.Context<Runs> }) => Context.get(services, Runs)

const segmentIds = (ids: Ids) => ({
  source: id(ids, "source"),
  model: id(ids, "model"),
  subscription: id(ids, "subscription"),
})

export const vendors: ReadonlyArray<Vendor> = [
  {
    name: "segment",
    emulator: (options) => SegmentEmulator.make(options as SegmentEmulator.Options),
    open: (emulator, journal) => Effect.map(Segment.workspace({ ...common(emulator), region: "us", journal }), runsOf),
    sync: (ids) => Segment.syncRef("jobs", segmentIds(ids)),
    requests: (emulator, ids) =>
      Effect.map(Segment.client({ ...impatient(emulator), region: "us" }), (client) => {
        const { runs } = Segment.driver(client)
        return { start: runs.start(segmentIds(ids)), get: (run) => runs.get(segmentIds(ids), run) }
      }),
  },
  {
    name: "rudderstack",
    emulator: (options) => RudderStackEmulator.make(options as RudderStackEmulator.Options),
    open: (emulator, journal) =>
      Effect.map(
        RudderStack.workspace({ ...common(emulator), region: "us", defaultScope: "incremental", journal }),
        runsOf,
      ),
    sync: (ids) => RudderStack.syncRef("jobs", { connection: id(ids, "connection") }),
    requests: (emulator, ids) =>
      Effect.map(
        RudderStack.client({ ...impatient(emulator), region: "us", defaultScope: "incremental" }),
        (client) => {
          const { runs } = RudderStack.driver(client)
          const sync = { connection: id(ids, "connection") }
          return { start: runs.start(sync, { scope: "incremental" }), get: (run) => runs.get(sync, run) }
        },
      ),
  },
  {
    name: "zeotap",
    emulator: (options) => ZeotapEmulator.make(options as ZeotapEmulator.Options),
    open: (emulator, journal) =>
      Effect.map(Zeotap.workspace({ ...common(emulator), workspaceId: emulator.workspace.id, journal }), runsOf),
    sync: (ids) => Zeotap.syncRef("jobs", { sync: id(ids, "sync") }),
    requests: (emulator, ids) =>
      Effect.map(Zeotap.client({ ...impatient(emulator), workspaceId: emulator.workspace.id }), (client) => {
        const { runs } = Zeotap.driver(client)
        const sync = { sync: id(ids, "sync") }
        return { start: runs.start(sync), get: (run) => runs.get(sync, run) }
      }),
  },
]
