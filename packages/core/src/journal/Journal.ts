/**
 * The journal: a durable record of each trigger and of the run that it led to, which processes share.
 *
 * A run outlives its process. Another process that has a key, a sync or a ref finds in the journal what became of the
 * run, and goes on without a second one. `Service` is the port, which any store can implement: `memory` here, SQLite and
 * PostgreSQL in `@openretl/journal-sql`, and a store of your own. `@openretl/conformance/JournalSuite` examines a store.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import { make } from "./memory.ts"
import type { Service } from "./port.ts"

export type {
  Change,
  Changed,
  ClaimRequest,
  ClaimResult,
  ConfigurationChange,
  Filter,
  JournalRecord,
  Lease,
  Listed,
  MarkRequest,
  MarkResult,
  Service,
  StartLimit,
  Stored,
  TakeOverRequest,
  TriggerChange,
  TriggerResult,
  Unreadable,
  Version,
} from "./port.ts"

/** The journal of a program. */
export class Journal extends Context.Service<Journal, Service>()("@openretl/core/Journal") {}

/** How long a store tries again while another process holds its lock. Core provides the workspace's `storeWithin`. */
export const StoreWithin: Context.Reference<Duration.Duration> = /* @__PURE__ */ Context.Reference<Duration.Duration>(
  "@openretl/core/Journal/StoreWithin",
  { defaultValue: () => Duration.seconds(10) },
)

/**
 * Creates a journal in memory, on Effect's `Clock`. It lives as long as the program keeps it, and no other process sees
 * it; a crash loses it.
 */
export const memory: () => Service = make

/** Provides a journal in memory: one for each build of the layer. */
export const layerMemory: Layer.Layer<Journal> = /* @__PURE__ */ Layer.sync(Journal, memory)
