/** The error of a control. */
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Schema from "effect/Schema"

/**
 * Why a control did nothing, or reported nothing:
 * - `invalid-input`: the server, or the client before it, refused the input; `issues` has every problem at once.
 * - `unknown-command`: the server has no such command, or the command has another method.
 * - `no-answer`: the server cannot be reached, or its answer was lost. The control may have been carried out.
 * - `unexpected-answer`: the answer is not the control API's.
 * - `defect`: the emulator failed; the message says how.
 */
export const Reason = Schema.Literals(["invalid-input", "unknown-command", "no-answer", "unexpected-answer", "defect"])
export type Reason = typeof Reason.Type

/** A control of a served emulator failed. */
export class ControlError extends Schema.TaggedError<ControlError>()("ControlError", {
  /** The command, as in `addFaults`. */
  command: Schema.String,
  reason: Reason,
  /** What is wrong with the input, one for each field. Empty for other reasons. */
  issues: Schema.Array(FieldIssue.FieldIssue),
  /** More about the reason, in one sentence. */
  detail: Schema.String,
}) {
  override get message(): string {
    return `Control ${this.command}: ${this.detail}`
  }
}
