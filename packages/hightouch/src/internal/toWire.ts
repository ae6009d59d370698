/** Core's scopes and queries in Hightouch's words. Pure. */
import type { PageQuery } from "@openretl/core/driver/Driver"
import * as DateTime from "effect/DateTime"
import type * as HightouchApi from "../HightouchApi.ts"
import type { PageRequest } from "./paging.ts"

/** The scopes of runs. All but `incremental` and `full` are the vendor's words. */
export const scopes = ["incremental", "full", "resetCDC", "clearAndFill"] as const
export type Scope = (typeof scopes)[number]

const requests: Readonly<Record<Scope, HightouchApi.TriggerSyncRequest>> = {
  incremental: {},
  full: { fullResync: true },
  resetCDC: { resetCDC: true },
  clearAndFill: { clearAndFill: true },
}

/** Returns the body of a trigger; `undefined` for a scope that Hightouch lacks. */
export const triggerRequest = (scope: string | undefined): HightouchApi.TriggerSyncRequest | undefined =>
  scope !== undefined && Object.hasOwn(requests, scope) ? requests[scope as Scope] : undefined

/**
 * Returns the query for a page of runs. Whether the bounds of its times are included is not documented, so both are widened
 * by one second; core filters again.
 */
export const listQuery = (
  { startedAfter, startedBefore }: PageQuery,
  { offset, limit }: PageRequest,
): HightouchApi.ListRunsQuery => {
  const after = startedAfter && instant(DateTime.toEpochMillis(startedAfter) - 1_000)
  const before = startedBefore && instant(DateTime.toEpochMillis(startedBefore) + 1_000)
  return {
    offset,
    limit,
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  }
}

/** Returns a time in the form of the wire; `undefined` for times that have none, whose absence only widens a filter. */
const instant = (millis: number): string | undefined =>
  millis >= 0 && millis < startOfYear10000 ? DateTime.formatIso(DateTime.makeUnsafe(millis)) : undefined

/** From here on, ISO dates have years of more than four digits. */
const startOfYear10000 = 253_402_300_800_000
