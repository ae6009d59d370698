/** What one run covers. */
import * as Schema from "effect/Schema"

/**
 * What one run covers, where a vendor lets the caller choose: `incremental` sends only changed rows, `full` sends every
 * row again. A vendor may have words of its own; each of them counts as full wherever a run is adopted.
 */
export const Scope = /* @__PURE__ */ Schema.String.check(
  Schema.isPattern(/^[\x21-\x7e]{1,64}$/, { expected: "a scope: 1 to 64 printable characters without spaces" }),
).pipe(Schema.refine((scope: string): scope is Scope => scope.length > 0))
/** Returns whether a run of this scope sends more than what changed. */
export const coversAll = (scope: Scope | undefined): boolean => scope !== undefined && scope !== "incremental"

export type Scope = "incremental" | "full" | (string & {})
