/** Statements of an adapter about its vendor, as data: limits, times, and facts. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { DurationInput } from "../model/DurationInput.ts"
import * as Input from "../model/Input.ts"

/**
 * The kinds of request that limits distinguish: one for each function of a driver that runs syncs, one for reads of
 * configured syncs (`syncs`), and one for each change of them.
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
  /** The name of the limit. Two windows of one limit have the same name and the same operations. */
  readonly name: string
  /** The operations whose requests count together; `all` stands for every operation. */
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

/** Returns the operations that no limit names. */
const unlimited = (limits: ReadonlyArray<RateLimit>): ReadonlyArray<Operation> =>
  Operation.literals.filter(
    (name) => !limits.some(({ operations }) => operations === "all" || operations.includes(name)),
  )

const RateLimits = /* @__PURE__ */ Schema.Array(RateLimit).check(
  Schema.makeFilter((limits: ReadonlyArray<RateLimit>) => {
    const names = limits.length === 0 ? [] : unlimited(limits)
    return names.length === 0 || `Expected a limit of ${names.join(", ")}: name them, or add one of "all"`
  }),
)

/**
 * What the vendor does with a trigger while a run of the sync is under way: it refuses it, queues a second run, accepts
 * it and skips the run, or does something that is not documented.
 */
export const WhenBusy = /* @__PURE__ */ Schema.Literals(["refuses", "queues", "skips", "unknown"])
export type WhenBusy = typeof WhenBusy.Type

/** Statements of an adapter about its vendor. Core verifies their form when it makes a workspace. */
export const Description = /* @__PURE__ */ Schema.Struct({
  /** The documented limits. Each operation is under a limit, or none is. */
  limits: RateLimits,
  /** What the vendor does with a trigger while a run of the sync is under way. */
  whenBusy: WhenBusy,
  /** Whether a trigger can carry a key by which the vendor recognizes a repetition. @default false */
  keyedTrigger: Schema.optionalKey(Schema.Boolean),
  /**
   * How long the vendor keeps a trigger's key at least. For half of that time, core repeats a trigger whose answer was lost.
   * @default core repeats no trigger
   */
  keysKeptFor: Schema.optionalKey(DurationInput),
  /** How long after a trigger its run may still appear at the vendor. */
  runAppearsWithin: DurationInput,
  /** How long the vendor's reads may lag behind its writes. */
  readLag: DurationInput,
  /** Whether the rows that a run deletes are among those that it delivered, or counted apart from them. @default "within" */
  deletedRows: Schema.optionalKey(Schema.Literals(["within", "apart"])),
  /** How long after a run's end its counts may still change. @default 0 */
  countsSettleWithin: Schema.optionalKey(DurationInput),
  /**
   * How the vendor answers a read of a run that does not exist. With `server-error`, core searches the list of runs to
   * distinguish such a run from an outage.
   */
  unknownRun: Schema.Literals(["not-found", "server-error"]),
})
export interface Description extends Schema.Schema.Type<typeof Description> {}

/** The confidence in a fact. `live` is for a fact that a person saw in a real account, with the date in its source. */
export const Confidence = /* @__PURE__ */ Schema.Literals(["documented", "seen-in-official-client", "assumed", "live"])
export type Confidence = typeof Confidence.Type

/** Something about a vendor that an adapter relies on. */
export interface Fact {
  /** `<vendor>/<kebab-name>`. */
  readonly id: string
  /** The fact, in one sentence. */
  readonly claim: string
  /** How certain it is. */
  readonly confidence: Confidence
  /** Where it comes from: a page, or a client and its version, with a date. */
  readonly source: string
  /** What the adapter does because of it, or what happens if it is wrong. */
  readonly consequence: string
  /** Whether the emulator has a switch of the same id, whose values are the other possibilities. @default false */
  readonly hasSwitch?: boolean
  /** A read that could settle it in a user's account. @default none */
  readonly probe?: string
}
