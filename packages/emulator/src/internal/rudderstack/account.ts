/** What RudderStack's routes share: sources, destinations, and how the account refuses. */

import type { DialectContext } from "../../kit/Dialect.ts"
import type { Reply } from "../../kit/Reply.ts"
import type { LoggedCall } from "../../kit/Run.ts"
import type { RudderStackSwitches } from "../../RudderStackSwitches.ts"
import * as Wire from "./wire.ts"

/** Where a connection's rows come from. */
export interface Source {
  readonly id: string
  /** The call that created the source, and when; absent where it was set up without the API. */
  readonly call?: LoggedCall
  readonly createdAt?: number
  readonly sourceType: "model" | "table"
  readonly sourceDefinitionName: string
  name: string
  config: Readonly<Record<string, unknown>>
  enabled: boolean
  accountId: string
  externalId?: string
  updatedAt?: number
}

/** One emulated account. */
export interface Account extends DialectContext<RudderStackSwitches> {
  readonly sources: Map<string, Source>
  /** The ids of all destinations. */
  readonly destinations: Set<string>
  readonly fail: (status: number, message: string, extra?: Readonly<Record<string, unknown>>) => Reply
  /** Refuses a body, with a message by field. */
  readonly invalidBody: (details: Readonly<Record<string, string>>) => Reply
  readonly connectionNotFound: () => Reply
  /** The refusal of the routes that are not on the public page, where they are closed to the account. */
  readonly closedRefusal: () => Reply | undefined
}

export const makeAccount = (context: DialectContext<RudderStackSwitches>): Account => {
  const { currentSwitches } = context
  const fail: Account["fail"] = (status, message, extra) => Wire.failure(currentSwitches(), status, message, extra)
  return {
    ...context,
    sources: new Map(),
    destinations: new Set(),
    fail,
    invalidBody: (details) => fail(400, "request validation failed", { details }),
    connectionNotFound: () => fail(404, "connection not found"),
    closedRefusal: () => {
      const { connectionsList } = currentSwitches()
      if (connectionsList === "403") return fail(403, "Feature is not enabled for your account.")
      return connectionsList === "404" ? fail(404, "not found") : undefined
    },
  }
}

/** Whether a read as of `asOf` shows a source. Reads always show what was set up without the API. */
export const isVisible = ({ call, createdAt }: Source, asOf: number): boolean =>
  call === undefined || (createdAt ?? 0) <= asOf
