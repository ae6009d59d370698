/** The parameters of RudderStack's lists: pages and filters. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { parseInteger } from "../../kit/IncomingRequest.ts"
import type { Reply } from "../../kit/Reply.ts"
import type { Run } from "../../kit/Run.ts"
import * as Wire from "./wire.ts"

/** Which page of a list is wanted. Pages count from 1. */
export interface PageRequest {
  readonly number: number
  readonly size: number
}

/** Reads the wanted page out of a query, or returns the refusal of the query. `sizeName` is the size's parameter. */
export const pageRequest = (
  switches: Wire.SwitchSettings,
  query: URLSearchParams,
  sizeName: string,
): PageRequest | Reply => {
  let number = parseInteger(query.get("page") ?? "1")
  if (!(number >= 1)) {
    if (switches.pageZero === "400") {
      return Wire.failure(switches, 400, "invalid page", { details: { page: "Invalid" } })
    }
    number = 1
  }
  let size = parseInteger(query.get(sizeName) ?? switches.perPageDefault)
  if (!(size >= 1)) return Wire.failure(switches, 400, "invalid page size", { details: { [sizeName]: "Invalid" } })
  if (size > 100 && switches.perPageOverMaximum !== "unlimited") {
    if (switches.perPageOverMaximum === "400") {
      return Wire.failure(switches, 400, "invalid page size", { details: { [sizeName]: "Too big" } })
    }
    size = 100
  }
  return { number, size: switches.perPageMost === "100" ? size : Math.min(size, Number(switches.perPageMost)) }
}

/** Which runs a list contains: all, unless `matches` is there. */
export interface RunFilter {
  readonly matches?: (run: Run) => boolean
  /** No run created before this instant matches. */
  readonly createdSince?: number
}

/** Reads the filter of a list of runs out of a query, or returns the refusal of the query. */
export const runFilter = (switches: Wire.SwitchSettings, query: URLSearchParams, asOf: number): RunFilter | Reply => {
  const status = query.get("status")
  const startedAfter = parseInstant(query.get("started_after"))
  const startedBefore = parseInstant(query.get("started_before"))
  const isInvalid =
    (status !== null && !["running", "succeeded", "failed"].includes(status)) ||
    Number.isNaN(startedAfter ?? 0) ||
    Number.isNaN(startedBefore ?? 0)
  if (isInvalid) return switches.invalidFilter === "400" ? Wire.failure(switches, 400, "invalid filter") : {}
  if (status === null && startedAfter === undefined && startedBefore === undefined) return {}
  const margin = switches.startedBounds === "inclusive" ? 0 : 1
  return {
    matches: (run) => {
      if (startedAfter !== undefined && run.createdAt < startedAfter + margin) return false
      if (startedBefore !== undefined && run.createdAt > startedBefore - margin) return false
      return status === null || Wire.statusWord(switches, run, asOf) === status
    },
    ...(startedAfter !== undefined && { createdSince: startedAfter }),
  }
}

/** Returns `NaN` where the text is not a time. */
const parseInstant = (text: string | null): number | undefined => {
  if (text === null) return undefined
  return Option.match(DateTime.make(text), { onNone: () => Number.NaN, onSome: DateTime.toEpochMillis })
}

/** Whether the filter `hasExternalId` lets it pass. Words other than true and false filter nothing. */
export const isInExternalIdFilter = (query: URLSearchParams, externalId: unknown): boolean => {
  const word = query.get("hasExternalId")
  return word === "true" || word === "false" ? (word === "true") === (externalId !== undefined) : true
}
