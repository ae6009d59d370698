/** What Polytomic's routes share. */
import type { DialectContext } from "../../kit/Dialect.ts"
import type { Reply } from "../../kit/Reply.ts"
import type { PolytomicSwitches } from "../../PolytomicSwitches.ts"
import * as Wire from "./wire.ts"

/** One emulated organization. */
export interface Account extends DialectContext<PolytomicSwitches> {
  readonly organizationId: string
  /** Refuses a request; `key` is the word of the refusal. */
  readonly fail: (status: number, message: string, key?: string) => Reply
}

export const makeAccount = (context: DialectContext<PolytomicSwitches>, organizationId: string): Account => ({
  ...context,
  organizationId,
  fail: (status, message, key) => Wire.failure(context.currentSwitches(), status, message, key),
})
