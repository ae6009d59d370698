/** What Hightouch's routes share. */

import type { HightouchSwitches } from "../../HightouchSwitches.ts"
import type { DialectContext } from "../../kit/Dialect.ts"
import type { Reply } from "../../kit/Reply.ts"
import * as Wire from "./wire.ts"

/** One emulated workspace. */
export interface Account extends DialectContext<HightouchSwitches> {
  readonly workspaceId: string
  /** The ids of what syncs are made of. */
  readonly parts: { readonly models: Set<string>; readonly destinations: Set<string> }
  /** Refuses a request; `details` are those of a problem, or its text. */
  readonly fail: (status: number, message: string, details?: string | Readonly<Record<string, unknown>>) => Reply
  /** Refuses a body or a query, with a text for each field. */
  readonly invalid: (details: Readonly<Record<string, unknown>>) => Reply
  /** Refuses a request about a sync that does not exist, on the routes whose documents do not say how. */
  readonly syncNotFound: () => Reply
}

export const makeAccount = (context: DialectContext<HightouchSwitches>, workspaceId: string): Account => {
  const { currentSwitches } = context
  const fail: Account["fail"] = (status, message, details = {}) =>
    Wire.failure(currentSwitches(), status, message, details)
  return {
    ...context,
    workspaceId,
    parts: { models: new Set(), destinations: new Set() },
    fail,
    invalid: (details) => fail(422, "Validation failed", details),
    syncNotFound: () => {
      const status = Number(currentSwitches().unknownSync)
      return status === 422
        ? fail(422, "Validation failed", { syncId: "sync not found" })
        : fail(status, status === 404 ? "Not found" : "Bad request", "sync not found")
    },
  }
}
