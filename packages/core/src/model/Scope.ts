/** What one run covers. */
import * as Schema from "effect/Schema"

/**
 * What one run covers, where a vendor lets the caller choose: `incremental` sends only changed rows, `full` sends every
 * row again. A vendor may have other words. Core treats each of them as `full` where it decides about adopting a run.
 */
export type Scope = "incremental" | "full" | (string & {})

/** The schema of a scope: 1 to 64 printable ASCII characters without spaces. */
export const Scope = /* @__PURE__ */ Schema.String.check(
  Schema.isPattern(/^[\x21-\x7e]{1,64}$/, { expected: "a scope: 1 to 64 printable characters without spaces" }),
).pipe(Schema.refine((scope: string): scope is Scope => scope.length > 0))

/** Returns whether a run of this scope sends more than changed rows; `false` for `undefined`. */
export const coversAll = (scope: Scope | undefined): boolean => scope !== undefined && scope !== "incremental"
