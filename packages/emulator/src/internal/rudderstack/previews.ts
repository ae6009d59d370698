/** Previews of what a query returns: one request submits the query, later ones read its rows. */

import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { json, type Reply } from "../../kit/Reply.ts"
import type { Route } from "../../kit/Route.ts"
import type { Account } from "./account.ts"
import { checkBody, hasProblems } from "./body.ts"

/** The routes of previews. */
export interface Previews {
  readonly submit: (request: IncomingRequest) => Route
  readonly get: (id: string) => Route
}

interface Preview {
  readonly doneAt: number
  readonly sql: string
  readonly limit: number
}

const queryMillis = 2_000

const rows = [
  { id: 1, name: "John Doe" },
  { id: 2, name: "Jane Roe" },
]

export const makePreviews = ({ mint, fail, invalidBody, closedRefusal }: Account): Previews => {
  const previews = new Map<string, Preview>()

  const submitQuery = (request: IncomingRequest, now: number): Reply => {
    const body = parseObject(request.body)
    if (body === undefined) return fail(400, "Bad Request")
    const check = checkBody(body)
    check.allowOnly(["accountId", "sql", "limit"])
    check.text("accountId")
    const sql = check.text("sql")
    const { limit = rows.length } = body
    if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1) {
      check.add("limit", "Expected a positive integer")
    }
    if (sql === undefined || typeof limit !== "number" || hasProblems(check)) return invalidBody(check.details)
    const id = mint.xid("preview")
    previews.set(id, { doneAt: now + queryMillis, sql, limit })
    return json(200, { id })
  }

  /** A preview at `now`. It fails, as in the warehouse, where the text is not a query. */
  const bodyOf = ({ doneAt, sql, limit }: Preview, now: number) => {
    if (now < doneAt) return { status: "pending" }
    return /^\s*(?:select|with)\b/i.test(sql)
      ? { status: "completed", rows: rows.slice(0, limit) }
      : { status: "failed", error: "Database query failed: syntax error" }
  }

  return {
    submit: (request) => ({
      operation: "parts",
      handle: ({ now }) => closedRefusal() ?? submitQuery(request, now),
    }),
    get: (id) => ({
      operation: "parts",
      handle: ({ now }) => {
        const preview = previews.get(id)
        return (
          closedRefusal() ?? (preview === undefined ? fail(404, "preview not found") : json(200, bodyOf(preview, now)))
        )
      },
    }),
  }
}
