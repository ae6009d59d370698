/** Pages of Segment's lists: the parameters that choose one, and the `pagination` in its answer. */
import { type IncomingRequest, parseInteger } from "../../kit/IncomingRequest.ts"
import type { Reply } from "../../kit/Reply.ts"
import { fieldProblem } from "./body.ts"
import * as Media from "./media.ts"
import { failure, type Problem, type SwitchSettings } from "./wire.ts"

/** Which page of a list is wanted. */
export interface PageRequest {
  readonly offset: number
  readonly count: number
}

/** The names and bounds of a list's parameters. */
export interface PageParameters {
  readonly maxCount: number
  readonly defaultCount: number
  /** The parameters are `pagination.count` and `pagination[count]` in place of `count`. */
  readonly prefix?: "pagination"
}

/** Runs: the only list with plain parameters. */
export const runPages: PageParameters = { maxCount: 100, defaultCount: 10 }
/** Models, destinations and subscriptions. */
export const configurationPages: PageParameters = { maxCount: 1000, defaultCount: 200, prefix: "pagination" }

/** Reads the wanted page out of a query, or returns the refusal of the query. */
export const pageRequest = (
  switches: SwitchSettings,
  { query }: IncomingRequest,
  { maxCount, defaultCount, prefix }: PageParameters,
): PageRequest | Reply => {
  const pathOf = (name: string) => (prefix === undefined ? [name] : [prefix, name])
  const parameterOf = (name: string) =>
    prefix === undefined ? query.get(name) : (query.get(`${prefix}.${name}`) ?? query.get(`${prefix}[${name}]`))
  const problems: Array<Problem> = []
  let count = parseInteger(parameterOf("count") ?? String(defaultCount))
  if (!(count >= 1 && count <= maxCount)) {
    if (switches.countRange === "422" || Number.isNaN(count)) {
      problems.push(fieldProblem(pathOf("count"), `must be a number from 1 to ${maxCount}`))
    }
    count = Math.min(maxCount, Math.max(1, count))
  }
  const offset = offsetOf(parameterOf("cursor") ?? cursorOf(0))
  if (Number.isNaN(offset)) problems.push(fieldProblem(pathOf("cursor"), "is not valid"))
  return problems.length === 0 ? { offset, count } : failure(422, ...problems)
}

/** `pagination` of a page out of `total` entries. */
export const pagination = (
  switches: SwitchSettings,
  { offset, count }: PageRequest,
  total: number,
): Readonly<Record<string, unknown>> => {
  const body: Record<string, unknown> = { current: cursorOf(offset) }
  const next = offset + count < total ? cursorOf(offset + count) : undefined
  const previous = offset > 0 ? cursorOf(Math.max(0, offset - count)) : undefined
  for (const [name, cursor] of Object.entries({ next, previous })) {
    if (cursor !== undefined) body[name] = cursor
    else if (switches.lastPageForm === "null") body[name] = null
  }
  if (switches.totalEntries === "present") body["totalEntries"] = total
  return body
}

/** `pagination` where the schema has it as optional: the switches may leave it out. */
export const optionalPagination = (
  switches: SwitchSettings,
  page: PageRequest,
  total: number,
): { readonly pagination?: Readonly<Record<string, unknown>> } => {
  const isLeftOut =
    switches.listPagination === "absent" || (switches.listPagination === "when-paginated" && total <= page.count)
  return isLeftOut ? {} : { pagination: pagination(switches, page, total) }
}

/** Answers a list of what syncs are configured with: a page of the items that a read as of `asOf` shows. */
export const listReply = <A extends { readonly createdAt: number }>(
  switches: SwitchSettings,
  request: IncomingRequest,
  media: Media.MediaTypes,
  items: Iterable<A>,
  asOf: number,
  toBody: (items: ReadonlyArray<A>, page: PageRequest, total: number) => Readonly<Record<string, unknown>>,
): Reply => {
  const page = pageRequest(switches, request, configurationPages)
  if ("status" in page) return page
  const visible = Array.from(items).filter(({ createdAt }) => createdAt <= asOf)
  const itemsOnPage = visible.slice(page.offset, page.offset + page.count)
  return Media.dataReply(switches, media, toBody(itemsOnPage, page, visible.length))
}

/** A cursor is a decimal offset in base64. */
const cursorOf = (offset: number): string => btoa(String(offset))

/** Returns `NaN` for a cursor that this API never gave. */
const offsetOf = (cursor: string): number => {
  try {
    const decoded = atob(cursor)
    return /^\d{1,15}$/.test(decoded) ? Number(decoded) : Number.NaN
  } catch {
    return Number.NaN
  }
}
