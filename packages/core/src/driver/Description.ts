/** What an adapter states about its vendor as data: limits, windows, and facts. */

import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { DurationInput } from "../model/DurationInput.ts"
import * as Input from "../model/Input.ts"

/**
 * The kinds of request that have limits of their own: those of runs, one for each of a driver's functions; reads of
 * configuration (`syncs`); and changes of it.
 */
export const Operation = /* @__PURE__ */ Schema.Literals([
  "start",
  "get",
  "list",
  "cancel",
  "schedule",
  "check",
  "syncs",
  "create",
  "update",
  "delete",
])
export type Operation = typeof Operation.Type

const AboveZero = /* @__PURE__ */ DurationInput.check(
  Schema.makeFilter((input: Duration.Input) => Duration.toMillis(Duration.fromInputUnsafe(input)) > 0, {
    expected: "a duration above 0",
  }),
)

/** One documented limit: at most `requests` in any window of this length. */
export interface RateLimit<Operations extends string = Operation> {
  /** The limit's name, for people. Two limits with one name and the same operations count the same requests. */
  readonly name: string
  /** The operations whose requests count against it together; `all` stands for every operation. */
  readonly operations: ReadonlyArray<Operations> | "all"
  /** The most requests in one window; a whole number from 1. */
  readonly requests: number
  /** The length of the window, above 0. */
  readonly window: Duration.Input
}

const RateLimit = /* @__PURE__ */ Schema.Struct({
  name: Schema.String,
  operations: Schema.Union([Schema.Literal("all"), Schema.Array(Operation)]),
  requests: Input.wholeNumber(1),
  window: AboveZero,
})

/**
 * What the vendor does with a trigger while a run of the sync is under way: refuses it, queues a second run, accepts it
 * and skips the run, or something that is not documented.
 */
export const WhenBusy = /* @__PURE__ */ Schema.Literals(["refuses", "queues", "skips", "unknown"])
export type WhenBusy = typeof WhenBusy.Type

/** What an adapter states about its vendor. Core verifies it when a workspace is made. */
export const Description = /* @__PURE__ */ Schema.Struct({
  /** The documented limits; an operation that no limit names has none. */
  limits: Schema.Array(RateLimit),
  whenBusy: WhenBusy,
  /** Whether a trigger may carry a key by which the vendor recognizes a repetition. @default false */
  keyedTrigger: Schema.optionalKey(Schema.Boolean),
  /** How long after a trigger was sent its run may still appear. */
  runAppearsWithin: DurationInput,
  /** How long the vendor's reads may lag behind its writes. */
  readLag: DurationInput,
  /**
   * How the vendor answers a read of a run that does not exist. With `server-error`, core looks into the list to tell a
   * run that does not exist from an outage.
   */
  unknownRun: Schema.Literals(["not-found", "server-error"]),
})
export interface Description extends Schema.Schema.Type<typeof Description> {}

/** How well a fact is known. `live` is for what somebody saw in a real account, with the date. */
export const Confidence = /* @__PURE__ */ Schema.Literals(["documented", "seen-in-official-client", "assumed", "live"])
export type Confidence = typeof Confidence.Type

/**
 * Something about a vendor that an adapter relies on, and how well it is known. No fact is `live` until somebody has seen
 * it in a real account.
 */
export interface Fact {
  /** `<vendor>/<kebab-name>`. */
  readonly id: string
  /** The fact, in one sentence. */
  readonly claim: string
  readonly confidence: Confidence
  /** Where it comes from: a page, a client and its version, a date. */
  readonly source: string
  /** What the adapter does because of it, or what it does should it be wrong. */
  readonly consequence: string
  /** The emulator's switch of the same id stands for the other ways in which it could be. @default false */
  readonly hasSwitch?: boolean
  /** A read that could settle it in a user's account. */
  readonly probe?: string
}
