/**
 * One way to drive any vendor's emulator: set up syncs, script what their runs do, cause trouble, and look at what was
 * called and what is true.
 *
 * All times are epoch milliseconds on the emulator's own clock: Effect's `Clock`, sped up by `speed`.
 */

import type * as Transport from "@openretl/core/Transport"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Fault } from "./Fault.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { DefaultPlan, RunPlan } from "./RunPlan.ts"
import type { Settings, Switches } from "./Switch.ts"

/**
 * What a request asks for. `identity` is the cheapest read that proves access: Segment's `GET /`, Zeotap's workspace;
 * RudderStack has none. `syncs` and `sync` read configured syncs, `create`, `update` and `delete` change them; `parts`
 * reads what they are made of (sources, models, destinations) and `changePart` writes that; `insights` reads figures;
 * `other` is anything that is not emulated.
 */
export type Operation =
  | "start"
  | "get"
  | "list"
  | "cancel"
  | "identity"
  | "syncs"
  | "sync"
  | "create"
  | "update"
  | "delete"
  | "parts"
  | "changePart"
  | "insights"
  | "other"

/**
 * A sync's ids in the vendor's words: Segment `source`, `model`, `subscription`; RudderStack `connection`; Zeotap
 * `sync`.
 */
export type Ids = Readonly<Record<string, string>>

/** One request as it arrived. The token is never kept. */
export interface Call {
  /** Counts up from 0 over the emulator's life; `clearCalls` does not reset it. */
  readonly index: number
  readonly at: number
  readonly operation: Operation
  readonly method: Transport.Method
  /** As sent, still encoded; the whole URL where it was meant for another origin. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body?: string
  /**
   * The status answered. `lost`: the line broke before an answer. `refused`: it never reached the vendor. `pending`: no
   * answer yet, or nobody waited for it.
   */
  readonly status: number | "lost" | "refused" | "pending"
  /** The run this request started, once it has. */
  readonly createdRun?: string
}

/** A run as it really is, whatever the vendor's answers show. */
export interface TruthRun {
  readonly id: string
  readonly origin: "call" | "schedule" | "stranger"
  /** For origin `call`: which request started it. */
  readonly callIndex?: number
  readonly createdAt: number
  /** Absent while it is queued. */
  readonly startedAt?: number
  /** Absent while it is not over. */
  readonly finishedAt?: number
  /** The vendor's word for it now. */
  readonly status: string
  /** What it covers, where the vendor has scopes. */
  readonly scope?: string
  /** It was stopped before it could end by itself. */
  readonly stopped?: true
}

/** `paused` and `draft` do not run; `error` is the vendor's own halt. Segment and RudderStack know only enabled or not. */
export type SyncState = "enabled" | "paused" | "draft" | "error"

/** A sync's own schedule: a length of time between two runs, or a cron expression of five fields (in UTC unless told). */
export type OwnSchedule =
  | { readonly every: Duration.Input; readonly first?: Duration.Input }
  | { readonly cron: string; readonly timeZone?: string }

/** A configured sync as it really is. */
export interface TruthSync {
  readonly ids: Ids
  readonly parts: Ids
  readonly name: string
  readonly state: SyncState
  /** Its own schedule in the vendor's form; absent where it has none. */
  readonly schedule?: unknown
  /** When it fires next by itself, should it be enabled then. */
  readonly nextFire?: number
  /** Which request created it, where one did. */
  readonly callIndex?: number
}

export interface SyncOptions {
  /** Ids of your own; those left out are minted. */
  readonly ids?: Ids
  /** What it is made of, from `addParts`. @default parts of its own */
  readonly parts?: Ids
  /** The sync's own schedule. A tick that meets a live run is skipped: scheduled runs never overlap. */
  readonly schedule?: OwnSchedule
  /** Others who trigger this sync now and then, at random, on average so often. */
  readonly strangers?: { readonly every: Duration.Input }
  /** @default "enabled" */
  readonly state?: SyncState
  readonly name?: string
}

/** Options common to all vendors. */
export interface Options<S extends Switches = Switches> {
  /** Same seed and same calls, same ids and answers. @default 1 */
  readonly seed?: number
  /** Emulated time = start + (now - start) * speed. @default 1 */
  readonly speed?: number
  /** The token that is accepted. @default one made from the seed */
  readonly token?: string
  /** What a run does when nothing was scripted. */
  readonly plan?: DefaultPlan
  /** How far reads lag behind writes: constant, or drawn for each read. @default 0 */
  readonly readLag?: Lag
  /** How long every answer takes. @default 0 */
  readonly latency?: Duration.Input
  /** How long a stopped run takes to end. @default "5 seconds" */
  readonly stopTakes?: Duration.Input
  /** Replaces the vendor's documented limits. */
  readonly limits?: ReadonlyArray<RateLimit>
  readonly switches?: Partial<Settings<S>>
}

export type Lag = Duration.Input | { readonly min: Duration.Input; readonly max: Duration.Input }

export interface Emulator {
  readonly vendor: "segment" | "rudderstack" | "zeotap"
  /** The origin this emulator answers for, without a path. */
  readonly baseUrl: string
  /** The token accepted now. A plain string: it opens nothing but this emulator. */
  readonly token: string
  readonly workspace: { readonly id: string; readonly name: string }
  readonly switches: Switches
  /** Plugs into core in place of `ky`: in memory, and immediate where no latency is asked for. */
  readonly transport: Transport.Service

  /** The emulated time. */
  readonly now: Effect.Effect<number>
  readonly calls: Effect.Effect<ReadonlyArray<Call>>
  readonly clearCalls: Effect.Effect<void>
  /** How many requests met an exhausted limit. */
  readonly overLimit: Effect.Effect<number>

  readonly addSync: (options?: SyncOptions) => Effect.Effect<Ids>
  /**
   * Makes what a sync can be built on, without a sync: Segment `source`, `model`, `destination` and `action`; RudderStack
   * `source` and `destination`; Zeotap `model` and `destination`. Ids that are left out are minted.
   */
  readonly addParts: (name?: string, ids?: Ids) => Effect.Effect<Ids>
  /** The truth about the syncs that are configured, oldest first. */
  readonly configured: Effect.Effect<ReadonlyArray<TruthSync>>
  readonly setState: (ids: Ids, state: SyncState) => Effect.Effect<void>
  /** Plans the next runs of a sync, whoever starts them; plans add up. */
  readonly script: (ids: Ids, plans: ReadonlyArray<RunPlan>) => Effect.Effect<void>
  /** Somebody else triggers the sync. Returns the run's id, or nothing where the vendor refuses (overlap, disabled). */
  readonly stranger: (
    ids: Ids,
    options?: { readonly plan?: RunPlan; readonly scope?: string },
  ) => Effect.Effect<string | undefined>
  /** Somebody stops a run by hand, in the vendor's app. */
  readonly stop: (runId: string) => Effect.Effect<void>
  /** The truth about a sync's runs, oldest first. */
  readonly runsOf: (ids: Ids) => Effect.Effect<ReadonlyArray<TruthRun>>

  readonly fault: (...faults: ReadonlyArray<Fault>) => Effect.Effect<void>
  readonly clearFaults: Effect.Effect<void>
  /** From now on these operations are refused for want of permission; an empty list allows all again. */
  readonly deny: (operations: ReadonlyArray<Operation>) => Effect.Effect<void>
  /** The token expires: from now on only the one returned is accepted. */
  readonly rotateToken: Effect.Effect<string>
  readonly setReadLag: (lag: Lag) => Effect.Effect<void>
  /** Other clients of this account spend the budgets that `operation` draws on: some at once, and steadily one `every` so often. */
  readonly noise: (options: {
    readonly operation: Operation
    readonly atOnce?: number
    readonly every?: Duration.Input
  }) => Effect.Effect<void>
  /** Sets one switch by its name or its fact's id; a defect where there is no such switch or value. */
  readonly set: (nameOrFact: string, value: string) => Effect.Effect<void>
}

/** The typed way to set one vendor's switches. */
export interface Configurable<S extends Switches> {
  readonly configure: (settings: Partial<Settings<S>>) => Effect.Effect<void>
}
