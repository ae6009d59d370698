/** Core's questions in RudderStack's words. Pure. */
import type { PageQuery } from "@openretl/core/driver/Driver"
import type { Status } from "@openretl/core/Run"
import type { Scope } from "@openretl/core/Scope"
import * as DateTime from "effect/DateTime"
import type * as RudderStackApi from "../RudderStackApi.ts"
import type { Asked } from "./fromWire.ts"
import { maxPageSize } from "./paging.ts"

/** What a run covers is always said: what the vendor makes of silence is disputed. */
export const startRequest = (scope: Scope): RudderStackApi.StartSyncRequest => ({ syncType: scope })

/**
 * A page of runs. The filters are a superset of what is wanted: times are in seconds on the wire and their bounds may or
 * may not count in, so they are widened by one; a status goes along only where one word covers all that is wanted.
 */
export const listQuery = (query: PageQuery, mayNarrow: boolean): RudderStackApi.ListSyncsQuery & Asked => {
  const status = mayNarrow ? statusWord(query.statuses) : undefined
  const after = query.startedAfter && instant(Math.floor(seconds(query.startedAfter)) - 1)
  const before = query.startedBefore && instant(Math.ceil(seconds(query.startedBefore)) + 1)
  return {
    page: pageNumber(query.cursor),
    per_page: pageSize(query.size),
    ...(status !== undefined && { status }),
    ...(after !== undefined && { started_after: after }),
    ...(before !== undefined && { started_before: before }),
  }
}

/** The cursor is the page's number, from 1. What is none becomes `NaN`, which the client refuses to send. */
const pageNumber = (cursor: string | undefined): number => {
  if (cursor === undefined) return 1
  return /^[1-9]\d{0,8}$/.test(cursor) ? Number(cursor) : Number.NaN
}

const pageSize = (size = maxPageSize): number => Math.min(maxPageSize, Math.max(1, Math.trunc(size)))

/**
 * The one word under which the vendor keeps all runs of a status. `succeeded` holds the lossy ones too. What fails is
 * under two words, since a `succeeded` run of which no row got through counts as failed; and nothing tells under which
 * word a cancelled run ends.
 */
const wordOf: ReadonlyMap<Status, RudderStackApi.SyncStatus> = new Map([
  ["running", "running"],
  ["cancelling", "running"],
  ["succeeded", "succeeded"],
  ["partial", "succeeded"],
])

const statusWord = (statuses: ReadonlyArray<Status> = []): RudderStackApi.SyncStatus | undefined => {
  const words = new Set(statuses.map((status) => wordOf.get(status)))
  const [word] = words
  return words.size === 1 ? word : undefined
}

const seconds = (time: DateTime.Utc): number => DateTime.toEpochMillis(time) / 1_000

/** Times that have no form on the wire are not sent: that only widens what is asked for. */
const instant = (epochSeconds: number): string | undefined =>
  epochSeconds >= 0 && epochSeconds < endOfYears
    ? DateTime.formatIso(DateTime.makeUnsafe(epochSeconds * 1_000)).replace(".000Z", "Z")
    : undefined

/** The start of the year 10000, whose dates have a form of their own. */
const endOfYears = 253_402_300_800
