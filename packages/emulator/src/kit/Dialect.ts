/** What one vendor adds to the engine that all emulators share: its routes, its refusals, its words. */
import type { SyncSchedule } from "../Emulator.ts"
import type { Ids } from "../Ids.ts"
import type { LimitState } from "../internal/http/limits.ts"
import type { Normalization } from "../Normalization.ts"
import type { Operation } from "../Operation.ts"
import type { Settings, Switches } from "../Switch.ts"
import type { IncomingRequest } from "./IncomingRequest.ts"
import type { Mint } from "./Mint.ts"
import type { Reply } from "./Reply.ts"
import type { LoggedCall, Run, Sync } from "./Run.ts"
import type { World } from "./World.ts"

/** What the engine gives a dialect. */
export interface DialectContext<S extends Switches> {
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
}

/** When a request is carried out, and by which call. */
export interface RequestContext {
  readonly now: number
  /** Reads show the account as it was at this instant: `now` less the lag. */
  readonly asOf: number
  readonly call: LoggedCall
}

/** What answers a request. */
export interface Route {
  readonly operation: Operation
  /** The sync that the request is about. */
  readonly sync?: Sync | undefined
  /** Carries the request out. The engine has advanced `sync` to `now`. */
  readonly handle: (context: RequestContext) => Reply
  /** Returns the answer of this request as it would be about another sync. Only for requests about one configured sync. */
  readonly answerAbout?: (sync: Sync, context: RequestContext) => Reply
}

/** One vendor's API. */
export interface Dialect {
  readonly baseUrl: string
  readonly workspace: { readonly id: string; readonly name: string }
  /** Returns `undefined` where nothing answers at the request's path. */
  readonly routeOf: (request: IncomingRequest) => Route | undefined
  readonly notFound: () => Reply
  readonly unauthorized: () => Reply
  readonly forbidden: () => Reply
  readonly tooManyRequests: (limit: LimitState, now: number) => Reply
  /** Headers that a success carries, from the state of the tightest limit. */
  readonly successHeaders?: (limit: LimitState) => Readonly<Record<string, string>>
  /** Whether a new run waits until the live ones are over. */
  readonly isSerial: () => boolean
  /** Whether a new run is refused while one is live. */
  readonly isExclusive: () => boolean
  readonly newRunId: () => string
  /** Adds what a sync is made of and returns its ids: those of `ids`, the others minted. */
  readonly addParts: (name: string, ids: Ids) => Ids
  /** Mints the ids of a new sync over these parts. */
  readonly newIds: (parts: Ids) => Ids
  /** The attributes of a sync that is set up without the vendor's API: a mapping, a mode. */
  readonly defaultAttributes: () => Readonly<Record<string, unknown>>
  /** The names of the attributes that a stranger can change. */
  readonly attributeNames: ReadonlyArray<string>
  /** How the vendor stores that a sync has no schedule any more. */
  readonly noSchedule: unknown
  /** Returns the schedule in the vendor's form. */
  readonly toWireSchedule: (schedule: SyncSchedule) => unknown
  /** Returns the text that identifies a sync, from its ids. */
  readonly keyOf: (ids: Ids) => string
  /** The vendor's word for the status of a run at `at`. */
  readonly statusWord: (run: Run, at: number) => string
}
