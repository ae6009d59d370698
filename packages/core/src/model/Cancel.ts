/** The options of a cancel, and its results. */
import * as Schema from "effect/Schema"
import { DurationInput } from "./DurationInput.ts"
import * as Input from "./Input.ts"
import { RunRef } from "./Ref.ts"
import { Run } from "./Run.ts"

/** The options of a cancel. */
export const Options = /* @__PURE__ */ Schema.Struct({
  /** How long the cancel waits for the run to end. Absent: it returns once the vendor has accepted the request. */
  confirmWithin: Input.optional(DurationInput),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/**
 * What becomes of rows that a cancelled run had read and not delivered:
 * - `kept`: the next run of the sync delivers them.
 * - `lost`: no later run delivers them by itself. Only a full run, or what the vendor calls a reset or a replay, brings them.
 * - `unknown`: the vendor does not say.
 */
export const Undelivered = /* @__PURE__ */ Schema.Literals(["kept", "lost", "unknown"])
export type Undelivered = typeof Undelivered.Type

/** The vendor accepted the request. The run may go on for a while, and rows that are under way may still arrive. */
export const Requested = /* @__PURE__ */ (() =>
  Schema.TaggedStruct("Requested", {
    ref: RunRef,
    /** What becomes of rows that the run had read and not delivered, by the vendor's documents. */
    undelivered: Undelivered,
    /** The run at its end; present where the caller passed `confirmWithin`. */
    ended: Schema.optionalKey(Run),
  }))()
export interface Requested extends Schema.Schema.Type<typeof Requested> {}

/** The run had ended already: a read showed it, and no request was sent, or the vendor answered the request so. */
export const AlreadyFinished = /* @__PURE__ */ (() => Schema.TaggedStruct("AlreadyFinished", { run: Run }))()
export interface AlreadyFinished extends Schema.Schema.Type<typeof AlreadyFinished> {}

/** How a cancel ends when it does not fail. */
export const Result = /* @__PURE__ */ (() => Schema.Union([Requested, AlreadyFinished]))()
export type Result = typeof Result.Type
