/** The three vendors, each as the simulation of triggers uses it. */

import type { IntentStore } from "@openretl/core/IntentStore"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Runs, type Service } from "@openretl/core/Runs"
import type { Scope } from "@openretl/core/Scope"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import type { Options, Result, TriggerIndeterminate } from "@openretl/core/Trigger"
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

export interface Operations {
  readonly runs: Service
  readonly trigger: (
    sync: SyncRef,
    options: Options,
    scope: Scope,
  ) => Effect.Effect<Result, RetlError | TriggerIndeterminate>
}

export interface Vendor {
  readonly name: string
  readonly hasScopes: boolean
  readonly emulator: (options: EmulatorOptions) => Effect.Effect<Emulator>
  readonly operations: (
    emulator: Emulator,
    intents: IntentStore,
  ) => Effect.Effect<Operations, RetlError, EffectScope.Scope>
  readonly sync: (ids: Ids) => Effect.Effect<SyncRef, RetlError>
}

const common = (emulator: Emulator, intents: IntentStore) =>
  ({ name: "sim", closeWithin: 0, token: Redacted.make(emulator.token), intents }) as const
const id = (ids: Ids, name: string): string => ids[name] ?? ""

export const vendors: ReadonlyArray<Vendor> = [
  {
    name: "segment",
    hasScopes: false,
    emulator: (options) => SegmentEmulator.make(options as SegmentEmulator.Options),
    operations: (emulator, intents) =>
      Effect.map(Segment.workspace({ ...common(emulator, intents), region: "us" }), ({ services }) => {
        const runs = Context.get(services, Runs)
        return { runs, trigger: runs.trigger }
      }),
    sync: (ids) =>
      Segment.syncRef("sim", {
        source: id(ids, "source"),
        model: id(ids, "model"),
        subscription: id(ids, "subscription"),
      }),
  },
  {
    name: "rudderstack",
    hasScopes: true,
    emulator: (options) => RudderStackEmulator.make(options as RudderStackEmulator.Options),
    operations: (emulator, intents) =>
      Effect.map(
        RudderStack.workspace({ ...common(emulator, intents), region: "us", defaultScope: "incremental" }),
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
  {
    name: "zeotap",
    hasScopes: false,
    emulator: (options) => ZeotapEmulator.make(options as ZeotapEmulator.Options),
    operations: (emulator, intents) =>
      Effect.map(
        Zeotap.workspace({ ...common(emulator, intents), workspaceId: emulator.workspace.id }),
        ({ services }) => {
          const runs = Context.get(services, Runs)
          return { runs, trigger: runs.trigger }
        },
      ),
    sync: (ids) => Zeotap.syncRef("sim", { sync: id(ids, "sync") }),
  },
]
