/** RudderStack's list parameters: pages and filters. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import type { RudderStackSwitches } from "../../RudderStackSwitches.ts"
import type { Settings } from "../../Switch.ts"
import { integer } from "../http/incomingRequest.ts"
import type { Reply } from "../http/reply.ts"
import type { Run } from "../world/run.ts"
import * as Wire from "./wire.ts"

type Chosen = Settings<RudderStackSwitches>

export interface PageAsked {
  readonly page: number
  readonly perPage: number
}

export const pageAsked = (set: Chosen, query: URLSearchParams, sizeName: string): PageAsked | Reply => {
  let page = integer(query.get("page") ?? "1")
  if (!(page >= 1)) {
    if (set.pageZero === "400") return Wire.failure(set, 400, "invalid page", { details: { page: "Invalid" } })
    page = 1
  }
  let perPage = integer(query.get(sizeName) ?? set.perPageDefault)
  if (!(perPage >= 1)) return Wire.failure(set, 400, "invalid page size", { details: { [sizeName]: "Invalid" } })
  if (perPage > 100 && set.perPageOverMaximum !== "unlimited") {
    if (set.perPageOverMaximum === "400") {
      return Wire.failure(set, 400, "invalid page size", { details: { [sizeName]: "Too big" } })
    }
    perPage = 100
  }
  return { page, perPage }
}

export interface Filter {
  readonly matches?: (run: Run) => boolean
  readonly createdSince?: number
}

export const filterAsked = (set: Chosen, query: URLSearchParams, view: number): Filter | Reply => {
  const status = query.get("status")
  const after = instant(query.get("started_after"))
  const before = instant(query.get("started_before"))
  const wrong =
    (status !== null && !["running", "succeeded", "failed"].includes(status)) ||
    Number.isNaN(after ?? 0) ||
    Number.isNaN(before ?? 0)
  if (wrong) return set.invalidFilter === "400" ? Wire.failure(set, 400, "invalid filter") : {}
  if (status === null && after === undefined && before === undefined) return {}
  const slack = set.startedBounds === "inclusive" ? 0 : 1
  return {
    matches: (run) => {
      const started = run.createdAt
      if (after !== undefined && started < after + slack) return false
      if (before !== undefined && started > before - slack) return false
      return status === null || Wire.word(set, run, view) === status
    },
    ...(after !== undefined && { createdSince: after }),
  }
}

/** `NaN` for a text that is no time. */
const instant = (text: string | null): number | undefined => {
  if (text === null) return undefined
  return Option.match(DateTime.make(text), { onNone: () => Number.NaN, onSome: DateTime.toEpochMillis })
}
