/** The vendors whose syncs an adapter changes, each as the simulation of changes uses it. */

import { Administration, type Service } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type { CreateOptions, Definition } from "@openretl/core/Change"
import { Creation, type Service as CreationService } from "@openretl/core/Creation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import { Deletion, type Service as DeletionService } from "@openretl/core/Deletion"
import type * as Journal from "@openretl/core/Journal"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import * as Schedule from "@openretl/core/Schedule"
import type { Workspace } from "@openretl/core/Workspace"
import type { Emulator, Options as EmulatorOptions, Ids } from "@openretl/emulator/Emulator"
import * as FivetranActivationsEmulator from "@openretl/emulator/FivetranActivationsEmulator"
import * as HightouchEmulator from "@openretl/emulator/HightouchEmulator"
import * as PolytomicEmulator from "@openretl/emulator/PolytomicEmulator"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { FivetranActivationsAdmin } from "@openretl/fivetran-activations"
import { HightouchAdmin } from "@openretl/hightouch"
import { PolytomicAdmin } from "@openretl/polytomic"
import { RudderStackAdmin } from "@openretl/rudderstack"
import { SegmentAdmin } from "@openretl/segment"
import { ZeotapAdmin } from "@openretl/zeotap"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { ConfiguringFolder } from "../../../scripts/adapters.ts"

export interface Wanted {
  readonly name: string
  readonly enabled: boolean
  readonly schedule?: Schedule.Schedule
}

/** Everything that changes syncs, of what a vendor can do. */
export type Changes = Service & Partial<CreationService & DeletionService>

/** Returns the services of a workspace that change syncs. */
export const changesOf = (services: Context.Context<Administration>): Changes => ({
  ...Context.get(services, Administration),
  ...Option.getOrUndefined(Context.getOption(services, Creation)),
  ...Option.getOrUndefined(Context.getOption(services, Deletion)),
})

/** Options of a workspace besides those that all have. */
export interface More {
  readonly name?: string
  readonly journal?: Journal.Service
}

export interface ConfigurableVendor {
  readonly name: string
  readonly emulator: (options: EmulatorOptions) => Effect.Effect<Emulator>
  readonly workspace: (
    emulator: Emulator,
    options?: More,
  ) => Effect.Effect<Workspace<Runs | Catalog | CurrentWorkspace | Administration>, RetlError, Scope.Scope>
  /** Returns the definition of a new sync; absent where the adapter creates none. */
  readonly definition?: (parts: Ids, wanted: Wanted) => Definition
  readonly schedules: ReadonlyArray<Schedule.Schedule>
  /** Whether the vendor refuses a sync like one that there is: of the same ends, or with the same name. @default false */
  readonly isUnique?: boolean
}

const common = (emulator: Emulator, more: More = {}) =>
  ({ name: "sim", closeWithin: 0, token: Redacted.make(emulator.token), ...more }) as const

/** Opens a workspace of a vendor for its changes alone. */
export const administrationOf = (vendor: ConfigurableVendor, emulator: Emulator, more?: More) =>
  Effect.map(vendor.workspace(emulator, more), ({ services }) => changesOf(services))

/** Returns the create of this definition, of a vendor whose adapter creates syncs; else `undefined`. */
export const creationOf = (vendor: ConfigurableVendor, { create }: Changes) => {
  const { definition } = vendor
  if (create === undefined || definition === undefined) return undefined
  return (parts: Ids, wanted: Wanted, options?: CreateOptions) => create(definition(parts, wanted), options)
}

const byFolder: Readonly<Record<ConfiguringFolder, Omit<ConfigurableVendor, "name">>> = {
  segment: {
    emulator: (options) => SegmentEmulator.make(options as SegmentEmulator.Options),
    workspace: (emulator, more) => SegmentAdmin.workspace({ ...common(emulator, more), region: "us" }),
    definition: ({ source = "", model = "", destination = "", action = "" }, wanted) =>
      SegmentAdmin.definition({ ...wanted, source, model, destination, action, trigger: 'event = "new"' }),
    schedules: [Schedule.every("1 hour"), Schedule.cron("30 7 * * *", "Europe/Berlin")],
  },
  rudderstack: {
    isUnique: true,
    emulator: (options) => RudderStackEmulator.make(options as RudderStackEmulator.Options),
    workspace: (emulator, more) =>
      RudderStackAdmin.workspace({ ...common(emulator, more), region: "us", defaultScope: "incremental" }),
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
  zeotap: {
    emulator: (options) => ZeotapEmulator.make(options as ZeotapEmulator.Options),
    workspace: (emulator, more) =>
      ZeotapAdmin.workspace({ ...common(emulator, more), workspaceId: emulator.workspace.id }),
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
  hightouch: {
    isUnique: true,
    emulator: (options) => HightouchEmulator.make(options as HightouchEmulator.Options),
    workspace: (emulator, more) => HightouchAdmin.workspace({ ...common(emulator, more), defaultScope: "incremental" }),
    definition: ({ model = "", destination = "" }, { name, ...wanted }) =>
      HightouchAdmin.definition({ ...wanted, slug: name, model, destination, configuration: { mode: "upsert" } }),
    schedules: [Schedule.every("1 hour"), Schedule.cron("30 7 * * *")],
  },
  "fivetran-activations": {
    emulator: (options) => FivetranActivationsEmulator.make(options as FivetranActivationsEmulator.Options),
    workspace: (emulator, more) =>
      FivetranActivationsAdmin.workspace({ ...common(emulator, more), defaultScope: "incremental" }),
    schedules: [Schedule.cron("0 */6 * * *"), Schedule.cron("30 7 * * *")],
  },
  polytomic: {
    emulator: (options) => PolytomicEmulator.make(options as PolytomicEmulator.Options),
    workspace: (emulator, more) => PolytomicAdmin.workspace({ ...common(emulator, more), defaultScope: "incremental" }),
    schedules: [Schedule.cron("0 */6 * * *"), Schedule.cron("30 7 * * *")],
  },
}

/** Every vendor whose syncs an adapter changes. */
export const configurableVendors: ReadonlyArray<ConfigurableVendor> = Object.entries(byFolder).map(
  ([name, vendor]) => ({ name, ...vendor }),
)
