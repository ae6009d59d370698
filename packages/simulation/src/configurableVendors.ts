/** The three vendors, each as the simulation of changes uses it. */

import { Administration, type Service } from "@openretl/core/Administration"
import type { Definition } from "@openretl/core/Change"
import { Creation, type Service as CreationService } from "@openretl/core/Creation"
import { Deletion, type Service as DeletionService } from "@openretl/core/Deletion"
import type * as Journal from "@openretl/core/Journal"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import type { Emulator, Options as EmulatorOptions, Ids } from "@openretl/emulator/Emulator"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { RudderStackAdmin } from "@openretl/rudderstack"
import { SegmentAdmin } from "@openretl/segment"
import { ZeotapAdmin } from "@openretl/zeotap"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"

export interface Wanted {
  readonly name: string
  readonly enabled: boolean
  readonly schedule?: Schedule.Schedule
}

/** Everything that changes syncs. */
export type Changes = Service & CreationService & DeletionService

const changesOf = (services: Context.Context<Administration | Creation | Deletion>): Changes => ({
  ...Context.get(services, Administration),
  ...Context.get(services, Creation),
  ...Context.get(services, Deletion),
})

/** Options of a workspace besides those that all have. */
export interface More {
  readonly journal?: Journal.Service
}

export interface ConfigurableVendor {
  readonly name: string
  readonly emulator: (options: EmulatorOptions) => Effect.Effect<Emulator>
  readonly administration: (emulator: Emulator, options?: More) => Effect.Effect<Changes, RetlError, Scope.Scope>
  readonly definition: (parts: Ids, wanted: Wanted) => Definition
  readonly schedules: ReadonlyArray<Schedule.Schedule>
}

const common = (emulator: Emulator, more: More = {}) =>
  ({ name: "sim", closeWithin: 0, token: Redacted.make(emulator.token), ...more }) as const

export const configurableVendors: ReadonlyArray<ConfigurableVendor> = [
  {
    name: "segment",
    emulator: (options) => SegmentEmulator.make(options as SegmentEmulator.Options),
    administration: (emulator, more) =>
      Effect.map(SegmentAdmin.workspace({ ...common(emulator, more), region: "us" }), ({ services }) =>
        changesOf(services),
      ),
    definition: ({ source = "", model = "", destination = "", action = "" }, wanted) =>
      SegmentAdmin.definition({ ...wanted, source, model, destination, action, trigger: 'event = "new"' }),
    schedules: [Schedule.every("1 hour"), Schedule.cron("30 7 * * *", "Europe/Berlin")],
  },
  {
    name: "rudderstack",
    emulator: (options) => RudderStackEmulator.make(options as RudderStackEmulator.Options),
    administration: (emulator, more) =>
      Effect.map(
        RudderStackAdmin.workspace({ ...common(emulator, more), region: "us", defaultScope: "incremental" }),
        ({ services }) => changesOf(services),
      ),
    definition: ({ source = "", destination = "" }, { name: _, ...wanted }) =>
      RudderStackAdmin.definition({
        ...wanted,
        sourceId: source,
        destinationId: destination,
        identifiers: [{ from: "email", to: "user_id" }],
        mappings: [{ from: "name", to: "first_name" }],
        event: { type: "identify" },
      }),
    schedules: [Schedule.every("1 hour"), Schedule.cron("30 7 * * *")],
  },
  {
    name: "zeotap",
    emulator: (options) => ZeotapEmulator.make(options as ZeotapEmulator.Options),
    administration: (emulator, more) =>
      Effect.map(
        ZeotapAdmin.workspace({ ...common(emulator, more), workspaceId: emulator.workspace.id }),
        ({ services }) => changesOf(services),
      ),
    definition: ({ model = "", destination = "" }, wanted) =>
      ZeotapAdmin.definition({
        ...wanted,
        model,
        destination,
        mapping: [{ from: "email", to: "Email" }],
        mode: "upsert",
        primaryKey: "id",
      }),
    schedules: [Schedule.cron("0 */6 * * *"), Schedule.cron("30 7 * * *")],
  },
]
