/** The vendors, each as the simulation of triggers uses it. */

import type * as Options from "@openretl/core/driver/Options"
import type * as Journal from "@openretl/core/Journal"
import * as ProcessState from "@openretl/core/ProcessState"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Runs, type Service } from "@openretl/core/Runs"
import type { Scope } from "@openretl/core/Scope"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import type { Result, TriggerIndeterminate, Options as TriggerOptions } from "@openretl/core/Trigger"
import type { Emulator, Options as EmulatorOptions, Ids } from "@openretl/emulator/Emulator"
import * as FivetranActivationsEmulator from "@openretl/emulator/FivetranActivationsEmulator"
import * as HightouchEmulator from "@openretl/emulator/HightouchEmulator"
import * as PolytomicEmulator from "@openretl/emulator/PolytomicEmulator"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { FivetranActivations } from "@openretl/fivetran-activations"
import { Hightouch } from "@openretl/hightouch"
import { Polytomic } from "@openretl/polytomic"
import { RudderStack } from "@openretl/rudderstack"
import { Segment } from "@openretl/segment"
import { Zeotap } from "@openretl/zeotap"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import type { AdapterFolder } from "../../../scripts/adapters.ts"

/** The options that workspaces of all vendors take. */
type WorkspaceOptions = Options.Options & Options.Connection

export interface Operations {
  readonly runs: Service
  readonly trigger: (
    sync: SyncRef,
    options: TriggerOptions,
    scope: Scope,
  ) => Effect.Effect<Result, RetlError | TriggerIndeterminate>
}

export interface Vendor {
  readonly name: string
  readonly hasScopes: boolean
  readonly emulator: (options: EmulatorOptions) => Effect.Effect<Emulator>
  /** Whether the vendor shows if a sync has a schedule: without `exclusive`, core adopts no run elsewhere. */
  readonly showsSchedule: boolean
  /** Whether the vendor keeps the keys of triggers: core repeats a trigger whose answer was lost. @default false */
  readonly keepsKeys?: boolean
  /** Opens a workspace, in a process of its own. */
  readonly operations: (
    emulator: Emulator,
    journal: Journal.Service,
    options?: Partial<WorkspaceOptions>,
  ) => Effect.Effect<Operations, RetlError, EffectScope.Scope>
  readonly sync: (ids: Ids) => Effect.Effect<SyncRef, RetlError>
}

const common = (emulator: Emulator, journal: Journal.Service, options: Partial<WorkspaceOptions> = {}) =>
  ({ name: "sim", closeWithin: 0, token: Redacted.make(emulator.token), ...options, journal }) as const

const inItsOwnProcess = <A, E, R>(workspace: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => Effect.provideService(workspace, ProcessState.ProcessState, ProcessState.isolated()))

const id = (ids: Ids, name: string): string => ids[name] ?? ""

const byFolder: Readonly<Record<AdapterFolder, Omit<Vendor, "name">>> = {
  segment: {
    hasScopes: false,
    showsSchedule: false,
    emulator: (options) => SegmentEmulator.make(options as SegmentEmulator.Options),
    operations: (emulator, journal, options) =>
      Effect.map(
        inItsOwnProcess(Segment.workspace({ ...common(emulator, journal, options), region: "us" })),
        ({ services }) => {
          const runs = Context.get(services, Runs)
          return { runs, trigger: runs.trigger }
        },
      ),
    sync: (ids) =>
      Segment.syncRef("sim", {
        source: id(ids, "source"),
        model: id(ids, "model"),
        subscription: id(ids, "subscription"),
      }),
  },
  rudderstack: {
    hasScopes: true,
    showsSchedule: true,
    emulator: (options) => RudderStackEmulator.make(options as RudderStackEmulator.Options),
    operations: (emulator, journal, options) =>
      Effect.map(
        inItsOwnProcess(
          RudderStack.workspace({ ...common(emulator, journal, options), region: "us", defaultScope: "incremental" }),
        ),
        ({ services }) => {
          const scoped = Context.get(services, ScopedTriggers)
          return {
            runs: Context.get(services, Runs),
            trigger: (sync, options, scope) => scoped.trigger(sync, { ...options, scope }),
          }
        },
      ),
    sync: (ids) => RudderStack.syncRef("sim", { connection: id(ids, "connection") }),
  },
  zeotap: {
    hasScopes: false,
    showsSchedule: true,
    emulator: (options) => ZeotapEmulator.make(options as ZeotapEmulator.Options),
    operations: (emulator, journal, options) =>
      Effect.map(
        inItsOwnProcess(
          Zeotap.workspace({ ...common(emulator, journal, options), workspaceId: emulator.workspace.id }),
        ),
        ({ services }) => {
          const runs = Context.get(services, Runs)
          return { runs, trigger: runs.trigger }
        },
      ),
    sync: (ids) => Zeotap.syncRef("sim", { sync: id(ids, "sync") }),
  },
  hightouch: {
    hasScopes: true,
    showsSchedule: true,
    emulator: (options) => HightouchEmulator.make(options as HightouchEmulator.Options),
    operations: (emulator, journal, options) =>
      Effect.map(
        inItsOwnProcess(Hightouch.workspace({ ...common(emulator, journal, options), defaultScope: "incremental" })),
        ({ services }) => {
          const scoped = Context.get(services, ScopedTriggers)
          return {
            runs: Context.get(services, Runs),
            trigger: (sync, options, scope) => scoped.trigger(sync, { ...options, scope }),
          }
        },
      ),
    sync: (ids) => Hightouch.syncRef("sim", { sync: id(ids, "sync") }),
  },
  "fivetran-activations": {
    hasScopes: true,
    showsSchedule: true,
    emulator: (options) => FivetranActivationsEmulator.make(options as FivetranActivationsEmulator.Options),
    operations: (emulator, journal, options) =>
      Effect.map(
        inItsOwnProcess(
          FivetranActivations.workspace({ ...common(emulator, journal, options), defaultScope: "incremental" }),
        ),
        ({ services }) => {
          const scoped = Context.get(services, ScopedTriggers)
          return {
            runs: Context.get(services, Runs),
            trigger: (sync, options, scope) => scoped.trigger(sync, { ...options, scope }),
          }
        },
      ),
    sync: (ids) => FivetranActivations.syncRef("sim", { sync: id(ids, "sync") }),
  },
  polytomic: {
    hasScopes: true,
    showsSchedule: true,
    keepsKeys: true,
    emulator: (options) => PolytomicEmulator.make(options as PolytomicEmulator.Options),
    operations: (emulator, journal, options) =>
      Effect.map(
        inItsOwnProcess(Polytomic.workspace({ ...common(emulator, journal, options), defaultScope: "incremental" })),
        ({ services }) => {
          const scoped = Context.get(services, ScopedTriggers)
          return {
            runs: Context.get(services, Runs),
            trigger: (sync, options, scope) => scoped.trigger(sync, { ...options, scope }),
          }
        },
      ),
    sync: (ids) => Polytomic.syncRef("sim", { sync: id(ids, "sync") }),
  },
}

/** Every adapter's vendor. */
export const vendors: ReadonlyArray<Vendor> = Object.entries(byFolder).map(([name, vendor]) => ({ name, ...vendor }))
