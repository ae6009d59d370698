/** What a cancel takes, and how it ends. */
import * as Schema from "effect/Schema"
import { DurationInput } from "./DurationInput.ts"
import * as Input from "./Input.ts"
import { RunRef } from "./Ref.ts"
import { Run } from "./Run.ts"

/** What a cancel takes besides its run. */
export const Options = /* @__PURE__ */ Schema.Struct({
  /** Waits for the run to end, at most this long. Absent: the request is enough. */
  confirmWithin: Input.optional(DurationInput),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** The vendor accepted the request. The run may go on for a while, and rows in flight may still arrive. */
export const Requested = /* @__PURE__ */ Schema.TaggedStruct("Requested", {
  ref: RunRef,
  /** The run at its end, where the caller passed `confirmWithin`. */
  ended: Schema.optionalKey(Run),
})
export interface Requested extends Schema.Schema.Type<typeof Requested> {}

/** The run had ended before; nothing was sent. */
export const AlreadyFinished = /* @__PURE__ */ Schema.TaggedStruct("AlreadyFinished", { run: Run })
export interface AlreadyFinished extends Schema.Schema.Type<typeof AlreadyFinished> {}

/** How a cancel ends. */
export const Result = /* @__PURE__ */ Schema.Union([Requested, AlreadyFinished])
export type Result = typeof Result.Type
