/** Lists in pages: what is asked for, and the `pagination` that goes with them. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Settings } from "../../Switch.ts"
import { type Incoming, integer } from "../http/incomingRequest.ts"
import type { Reply } from "../http/reply.ts"
import * as Validate from "./body.ts"
import * as Media from "./media.ts"
import { failure, type Problem } from "./wire.ts"

type Chosen = Settings<SegmentSwitches>

export interface Asked {
  readonly offset: number
  readonly count: number
}

/** The bounds and names of a list's parameters. */
export interface Form {
  readonly max: number
  readonly usual: number
  /** `pagination.count` and `pagination[count]`, or plain `count`. */
  readonly prefix?: "pagination"
}

/** The list of runs is the one with plain parameters. */
export const runs: Form = { max: 100, usual: 10 }
export const configured: Form = { max: 1000, usual: 200, prefix: "pagination" }

/** What a query asks for, or its refusal. */
export const asked = (set: Chosen, incoming: Incoming, { max, usual, prefix }: Form): Asked | Reply => {
  const path = (name: string) => (prefix === undefined ? [name] : [prefix, name])
  const value = (name: string) =>
    prefix === undefined
      ? incoming.query.get(name)
      : (incoming.query.get(`${prefix}.${name}`) ?? incoming.query.get(`${prefix}[${name}]`))
  const problems: Array<Problem> = []
  let count = integer(value("count") ?? String(usual))
  if (!(count >= 1 && count <= max)) {
    if (set.countRange === "422" || Number.isNaN(count)) {
      problems.push(Validate.field(path("count"), `must be a number from 1 to ${max}`))
    }
    count = Math.min(max, Math.max(1, count))
  }
  const offset = offsetOf(value("cursor") ?? cursor(0))
  if (Number.isNaN(offset)) problems.push(Validate.field(path("cursor"), "is not valid"))
  return problems.length === 0 ? { offset, count } : failure(422, ...problems)
}

/** `pagination`, for a page of so many of `total`. */
export const pagination = (set: Chosen, { offset, count }: Asked, total: number): Readonly<Record<string, unknown>> => {
  const body: Record<string, unknown> = { current: cursor(offset) }
  const next = offset + count < total ? cursor(offset + count) : undefined
  const previous = offset > 0 ? cursor(Math.max(0, offset - count)) : undefined
  for (const [name, value] of Object.entries({ next, previous })) {
    if (value !== undefined) body[name] = value
    else if (set.lastPageForm === "null") body[name] = null
  }
  if (set.totalEntries === "present") body["totalEntries"] = total
  return body
}

/** `pagination` of a list of which the schema has it as optional. */
export const optionalPagination = (
  set: Chosen,
  page: Asked,
  total: number,
): { readonly pagination?: Readonly<Record<string, unknown>> } => {
  const isLeftOut = set.listPagination === "absent" || (set.listPagination === "when-paginated" && total <= page.count)
  return isLeftOut ? {} : { pagination: pagination(set, page, total) }
}

/** A page of what configures syncs: those that a reader sees whose reads are as old as `view`. */
export const answer = <A extends { readonly createdAt: number }>(
  set: Chosen,
  incoming: Incoming,
  media: Media.Media,
  all: Iterable<A>,
  view: number,
  shown: (items: ReadonlyArray<A>, page: Asked, total: number) => Readonly<Record<string, unknown>>,
): Reply => {
  const page = asked(set, incoming, configured)
  if ("status" in page) return page
  const seen = Array.from(all).filter(({ createdAt }) => createdAt <= view)
  return Media.answer(set, media, shown(seen.slice(page.offset, page.offset + page.count), page, seen.length))
}

/** Base64 of a decimal offset. */
const cursor = (offset: number): string => btoa(String(offset))

/** `NaN` for a cursor that this API never gave. */
const offsetOf = (text: string): number => {
  try {
    const decoded = atob(text)
    return /^\d{1,15}$/.test(decoded) ? Number(decoded) : Number.NaN
  } catch {
    return Number.NaN
  }
}
