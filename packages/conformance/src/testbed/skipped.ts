/** A law that does not apply, found out while it is checked. */
import * as Data from "effect/Data"

export class Skipped extends Data.TaggedError("Skipped")<{ readonly reason: string }> {}
