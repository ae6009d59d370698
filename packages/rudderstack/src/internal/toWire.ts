/** Core's queries in RudderStack's words. Pure. */
import type { PageQuery } from "@openretl/core/driver/Driver"
import * as DateTime from "effect/DateTime"
import type * as RudderStackApi from "../RudderStackApi.ts"
import type { PageRequest } from "./paging.ts"
import { wordOf } from "./statusWords.ts"

/** The query for a page of runs, with the page's number and size. */
export interface SyncPageQuery extends RudderStackApi.ListSyncsQuery {
  readonly page: number
  readonly per_page: number
}

/**
 * Returns the query for a page of runs. Its filters cover at least what is wanted: the wire has times in seconds, whose
 * bounds may or may not be included, so both bounds are widened by one second; a status is sent only where one word covers
 * all wanted statuses, and only where `canFilterByStatus`.
 */
export const listQuery = (query: PageQuery, { page, size }: PageRequest, canFilterByStatus: boolean): SyncPageQuery => {
  const status = canFilterByStatus ? wordOf(query.statuses ?? []) : undefined
  const after = query.startedAfter && instant(Math.floor(seconds(query.startedAfter)) - 1)
  const before = query.startedBefore && instant(Math.ceil(seconds(query.startedBefore)) + 1)
  return {
    page,
    per_page: size,
    ...(status !== undefined && { status }),
    ...(after !== undefined && { started_after: after }),
    ...(before !== undefined && { started_before: before }),
  }
}

const seconds = (time: DateTime.Utc): number => DateTime.toEpochMillis(time) / 1_000

/** Returns a time in the form of the wire; `undefined` for times that have none, whose absence only widens a filter. */
const instant = (epochSeconds: number): string | undefined =>
  epochSeconds >= 0 && epochSeconds < startOfYear10000
    ? DateTime.formatIso(DateTime.makeUnsafe(epochSeconds * 1_000)).replace(".000Z", "Z")
    : undefined

/** From here on, ISO dates have years of more than four digits. */
const startOfYear10000 = 253_402_300_800
