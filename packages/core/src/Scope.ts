import * as Schema from "effect/Schema"

/** What one run covers, where a vendor lets the caller choose: only what changed, or everything again. */
export const Scope = Schema.Literals(["incremental", "full"])
export type Scope = typeof Scope.Type
