/** A look at what a query yields: asked for, and there a little later. */
import type { Route } from "../engine/dialect.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import { json, type Reply } from "../http/reply.ts"
import type { Account } from "./account.ts"
import { look } from "./body.ts"

interface Preview {
  readonly doneAt: number
  readonly sql: string
  readonly limit: number
}

/** How long a query takes. */
const takes = 2_000

const rows = [
  { id: 1, name: "John Doe" },
  { id: 2, name: "Jane Roe" },
]

export const previews = ({ mint, fail, invalid, closed }: Account) => {
  const asked = new Map<string, Preview>()

  const submit = (incoming: Incoming, now: number): Reply => {
    const body = parseObject(incoming.body)
    if (body === undefined) return fail(400, "Bad Request")
    const findings = look(body)
    findings.only(["accountId", "sql", "limit"])
    findings.text("accountId")
    const sql = findings.text("sql")
    const { limit = rows.length } = body
    if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1) {
      findings.add("limit", "Expected a positive integer")
    }
    if (sql === undefined || typeof limit !== "number" || Object.keys(findings.details).length > 0) {
      return invalid(findings.details)
    }
    const id = mint.xid("preview")
    asked.set(id, { doneAt: now + takes, sql, limit })
    return json(200, { id })
  }

  /** A query that is none fails, as it would in the warehouse. */
  const shown = ({ doneAt, sql, limit }: Preview, view: number) => {
    if (view < doneAt) return { status: "pending" }
    return /^\s*(?:select|with)\b/i.test(sql)
      ? { status: "completed", rows: rows.slice(0, limit) }
      : { status: "failed", error: "Database query failed: syntax error" }
  }

  return (incoming: Incoming, id: string): Route | undefined => {
    switch (`${incoming.method} ${incoming.segments.length}`) {
      case "POST 3":
        return { operation: "parts", handle: ({ now }) => closed() ?? submit(incoming, now) }
      case "GET 4":
        return {
          operation: "parts",
          handle: ({ now }) => {
            const preview = asked.get(id)
            return closed() ?? (preview === undefined ? fail(404, "preview not found") : json(200, shown(preview, now)))
          },
        }
      default:
        return undefined
    }
  }
}
