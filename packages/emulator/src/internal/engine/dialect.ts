/** What a vendor brings to the common engine: its routes, its refusals, its words. */
import type { Ids, Operation, OwnSchedule } from "../../Emulator.ts"
import type { Incoming } from "../http/incomingRequest.ts"
import type { Standing } from "../http/limits.ts"
import type { Reply } from "../http/reply.ts"
import type { MutableCall } from "../world/calls.ts"
import type { Run } from "../world/run.ts"
import type { Sync } from "../world/sync.ts"

/** When a request is carried out. */
export interface Moment {
  readonly now: number
  /** What reads show: the world as it was then. */
  readonly view: number
  readonly call: MutableCall
}

export interface Route {
  readonly operation: Operation
  /** The sync it is about, where there is one. */
  readonly sync?: Sync | undefined
  /** Carries it out. The sync has been advanced to `now`. */
  readonly handle: (moment: Moment) => Reply
}

export interface Dialect {
  readonly baseUrl: string
  readonly workspace: { readonly id: string; readonly name: string }
  /** Undefined where nothing answers at this path. */
  readonly route: (incoming: Incoming) => Route | undefined
  readonly notFound: () => Reply
  readonly unauthorized: () => Reply
  readonly forbidden: () => Reply
  readonly tooManyRequests: (standing: Standing, now: number) => Reply
  /** Headers on a success, from how the tightest limit stands. */
  readonly successHeaders?: (standing: Standing) => Readonly<Record<string, string>>
  /** Whether a run that meets a live one waits for it, and whether it is refused. */
  readonly serial: () => boolean
  readonly exclusive: () => boolean
  readonly newRunId: () => string
  /** Makes what a sync can be built on (a source, a model, a destination) and gives its ids, those that are chosen among them. */
  readonly newParts: (name: string, chosen: Ids) => Ids
  /** The ids of a new sync over these parts. */
  readonly newIds: (parts: Ids) => Ids
  /** What the vendor shows of a sync that was set up without its API: a mapping, a mode. */
  readonly newAttributes: (parts: Ids) => Readonly<Record<string, unknown>>
  /** The vendor's form of a schedule. */
  readonly scheduleForm: (schedule: OwnSchedule) => unknown
  /** The text that identifies a sync, from its ids. */
  readonly key: (ids: Ids) => string
  /** The vendor's status word for a run as it is at `at`. */
  readonly word: (run: Run, at: number) => string
}
