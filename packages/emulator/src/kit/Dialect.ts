/**
 * What one vendor adds to the engine that all emulators share: its routes, its refusals, its words. `baseUrl` and `routeOf`
 * are all that a dialect must have; every other field has a default.
 */
import type { SyncSchedule } from "../Emulator.ts"
import type { Ids } from "../Ids.ts"
import type { Normalization } from "../Normalization.ts"
import type { Settings, Switches } from "../Switch.ts"
import type { IdempotencyKeys } from "./IdempotencyKeys.ts"
import type { IncomingRequest } from "./IncomingRequest.ts"
import type { LimitState } from "./LimitState.ts"
import type { Mint } from "./Mint.ts"
import type { Reply } from "./Reply.ts"
import type { RequestContext, Route } from "./Route.ts"
import type { Run, Sync } from "./Run.ts"
import type { WhenBusy } from "./Sync.ts"
import type { World } from "./World.ts"

/** What the engine gives a dialect. */
export interface DialectContext<S extends Switches = Switches> {
  /** The account: its syncs, their runs, and what reads show of them. */
  readonly world: World
  readonly mint: Mint
  /** The present values of the switches; a new object after every change. */
  readonly currentSwitches: () => Settings<S>
  /** How long a stopped run takes to end, in milliseconds. */
  readonly stopTakes: number
  /** How the vendor changes at present what creates and updates of syncs store. */
  readonly normalization: () => ReadonlyArray<Normalization>
  /** Whether an update clears at present the fields that it leaves out. */
  readonly clearsOmitted: () => boolean
  /**
   * Starts a run of the sync, for the request of the context, and returns it. While another run is live, `whenBusy` decides
   * how it goes; where that is `refuses`, the route refuses the request instead of calling this.
   */
  readonly startRun: (sync: Sync, context: RequestContext, options?: { readonly scope?: string }) => Run
}

/** One vendor's API. */
export interface Dialect {
  /** The origin of the API, without a path. */
  readonly baseUrl: string
  /** The account that the token belongs to. @default a minted id of digits */
  readonly workspace?: { readonly id: string; readonly name: string }
  /** Returns `undefined` where nothing answers at the request's path. `Route.table` makes it of a table. */
  readonly routeOf: (request: IncomingRequest) => Route | undefined
  /** A refusal in the vendor's form. The four that follow are made of it by default. @default `{"message": ...}` as JSON */
  readonly refuse?: (status: number, message: string) => Reply
  /** Answers a request that no route answers. @default 404 */
  readonly notFound?: () => Reply
  /** Answers a request without the token that is accepted now. @default 401 */
  readonly unauthorized?: () => Reply
  /** Answers a request that `Emulator.deny` forbids. @default 403 */
  readonly forbidden?: () => Reply
  /** Answers a request over a rate limit. @default 429, with `Retry-After` in seconds */
  readonly tooManyRequests?: (limit: LimitState, now: number) => Reply
  /** Headers that a success carries, from the state of the tightest limit. @default none */
  readonly successHeaders?: (limit: LimitState) => Readonly<Record<string, string>>
  /** Returns whether a request carries the token that is accepted now. @default the header is `Bearer` and the token */
  readonly isAuthorized?: (request: IncomingRequest, token: string) => boolean
  /** What becomes of a start while a run of the sync is live. @default "overlaps" */
  readonly whenBusy?: () => WhenBusy
  /** How the vendor recognizes repeated requests. @default it recognizes none */
  readonly idempotencyKeys?: IdempotencyKeys
  /** Returns the id of a new run. @default decimal digits that count up */
  readonly newRunId?: () => string
  /** Adds what a sync is made of and returns its ids: those of `ids`, the others minted. @default the ids, digits where absent */
  readonly addParts?: (name: string, ids: Ids) => Ids
  /** Mints the ids of a new sync over these parts. @default those of the parts with the same name, and digits for the others */
  readonly newIds?: (parts: Ids) => Ids
  /** The attributes of a sync that is set up without the vendor's API: a mapping, a mode. @default none */
  readonly defaultAttributes?: () => Readonly<Record<string, unknown>>
  /** The names of the attributes that a stranger can change. @default none */
  readonly attributeNames?: ReadonlyArray<string>
  /** How the vendor stores that a sync has no schedule any more. @default undefined */
  readonly noSchedule?: unknown
  /** Returns the schedule in the vendor's form. @default the schedule as `SyncOptions` has it */
  readonly toWireSchedule?: (schedule: SyncSchedule) => unknown
  /** Returns the key of a sync in `world.syncs`, from its ids. @default the ids in the order of `idNames.sync`, joined by `/` */
  readonly keyOf?: (ids: Ids) => string
  /** The vendor's word for the status of a run at `at`. @default `RunState.wordAt` with its usual words */
  readonly statusWord?: (run: Run, at: number) => string
}

/** A dialect with all defaults, except for what answers can do without. */
export type CompleteDialect = Required<Omit<Dialect, "successHeaders" | "idempotencyKeys" | "noSchedule">> &
  Pick<Dialect, "successHeaders" | "idempotencyKeys" | "noSchedule">
