/** Zeotap's lists: bare arrays, or pages in an envelope. */
import { type IncomingRequest, parseInteger } from "../../kit/IncomingRequest.ts"
import { jsonArray, jsonText, type Reply } from "../../kit/Reply.ts"
import type { Account } from "./account.ts"

/** Entries of a list. */
export interface Entries {
  /** One JSON text per entry. */
  readonly texts: ReadonlyArray<string>
  /** How many entries there are in all. */
  readonly total: number
}

/** Which entries of a list to return. */
export interface Range {
  /** The newest entries are wanted, in the list's order: a bare array has no further page. */
  readonly isNewestOnly: boolean
  readonly offset: number
  readonly limit: number
}

/** Answers a list in the form that the switches say, from the entries in a range of it. */
export const listReply = (
  { currentSwitches, fail }: Account,
  request: IncomingRequest,
  entriesIn: (range: Range) => Entries,
): Reply => {
  const switches = currentSwitches()
  const hasPages = switches.listShape === "envelope" || switches.arrayPaging === "honored"
  if (!hasPages) {
    const limit = switches.runsLength === "all" ? Number.MAX_SAFE_INTEGER : Number(switches.runsLength)
    return jsonText(200, jsonArray(entriesIn({ isNewestOnly: true, offset: 0, limit }).texts))
  }
  const page = parseInteger(request.query.get("page") ?? "1")
  const size = parseInteger(request.query.get("page_size") ?? "20")
  if (!(page >= 1) || !(size >= 1 && size <= 100)) return fail(400, "invalid page or page_size")
  const { texts, total } = entriesIn({ isNewestOnly: false, offset: (page - 1) * size, limit: size })
  const array = jsonArray(texts)
  const pagination = JSON.stringify({ page, page_size: size, total })
  return jsonText(200, switches.listShape === "array" ? array : `{"data":${array},"pagination":${pagination}}`)
}
