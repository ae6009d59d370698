/** What the routes of Fivetran Activations share. */
import type { FivetranActivationsSwitches } from "../../FivetranActivationsSwitches.ts"
import type { DialectContext } from "../../kit/Dialect.ts"
import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import * as PageRequest from "../../kit/PageRequest.ts"
import { jsonArray, jsonText, type Reply } from "../../kit/Reply.ts"
import * as Wire from "./wire.ts"

/** One emulated account. */
export interface Account extends DialectContext<FivetranActivationsSwitches> {
  readonly groupId: string
  /** Refuses a request. */
  readonly fail: (status: number, message: string) => Reply
  /** Refuses a request about a sync that does not exist, on the routes whose documents do not say how. */
  readonly syncNotFound: () => Reply
}

export const makeAccount = (context: DialectContext<FivetranActivationsSwitches>, groupId: string): Account => {
  const { currentSwitches } = context
  const fail: Account["fail"] = (status, message) => Wire.failure(currentSwitches(), status, message)
  return {
    ...context,
    groupId,
    fail,
    syncNotFound: () => {
      const { unknownSync } = currentSwitches()
      return fail(unknownSync === "empty-runs" ? 404 : Number(unknownSync), "sync not found")
    },
  }
}

/** Reads the page that a query wants, or returns its refusal. A page of 0 is the first. */
export const pageRequest = ({ currentSwitches, fail }: Account, query: URLSearchParams) => {
  if (query.get("page") === "0") query.delete("page")
  const request = PageRequest.ofNumber(query, {
    from: "page",
    size: "per_page",
    defaultSize: 25,
    maxSize: currentSwitches().pagination === "short-pages" ? 25 : 100,
  })
  const order = query.get("order")
  return request === undefined || (order !== null && order !== "asc" && order !== "desc")
    ? fail(400, "page, per_page or order is invalid")
    : { ...request, isNewestFirst: order !== "asc" }
}

/** Answers a page of a list, whose entries are JSON texts. */
export const listReply = (
  { currentSwitches }: Account,
  { query }: IncomingRequest,
  { offset, limit }: PageRequest.PageRequest,
  { texts, total }: { readonly texts: ReadonlyArray<string>; readonly total: number },
): Reply => {
  const [page, last] = [offset / limit + 1, Math.max(1, Math.ceil(total / limit))]
  const pagination = {
    total_records: total,
    per_page: limit,
    prev_page: page > 1 ? page - 1 : null,
    page,
    next_page: page < last ? page + 1 : null,
    last_page: last,
  }
  // The link of the vendor's sample leads to the first page, whatever the page is.
  const next = query.has("page") ? `,"next":"https://app.getcensus.com/api/v2/syncs"` : ""
  const shown = currentSwitches().pagination !== "absent" ? `,"pagination":${JSON.stringify(pagination)}` : ""
  return jsonText(200, `{"status":"success"${shown}${next},"data":${jsonArray(texts)}}`)
}
