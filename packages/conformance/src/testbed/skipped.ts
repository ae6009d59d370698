/** How a law ends that turns out not to apply while it is checked. */
import * as Data from "effect/Data"

/** The law does not apply to this adapter or this vendor, for `reason`. */
export class Skipped extends Data.TaggedError("Skipped")<{ readonly reason: string }> {}
