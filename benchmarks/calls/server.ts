/**
 * A server, for a separate process, with the API of one Segment model: its runs have ended, those whose ids begin with a 9 go
 * on, and its list has 20,000 runs in pages of 100. It ends with its parent process.
 */
import { createServer } from "node:http"
import { pageSize, total } from "./ref.ts"

/** A time of a run that started so many minutes earlier than the others. */
const before = (minutes: number, time: string): string => new Date(Date.parse(time) - minutes * 60_000).toISOString()

const run = (syncId: string, minutes = 0) => ({
  syncId,
  modelId: "eD2WtDYk5Jxs3rXB2ExzHw",
  sourceId: "rh5BDZp6QDHvXFCkibm1pR",
  syncStatus: "SUCCESS",
  duration: "1m30s",
  startedAt: before(minutes, "2026-11-03T09:00:00.000Z"),
  finishedAt: before(minutes, "2026-11-03T09:01:30.000Z"),
  extractPhase: {
    addedCount: "1000",
    updatedCount: "20",
    deletedCount: "0",
    extractCount: "1020",
    errorCode: "",
    startedAt: before(minutes, "2026-11-03T09:00:00.000Z"),
    finishedAt: before(minutes, "2026-11-03T09:00:40.000Z"),
  },
  loadPhase: {
    deliverSuccessCount: "1017",
    deliverFailureCount: "3",
    errorCode: "",
    startedAt: before(minutes, "2026-11-03T09:00:40.000Z"),
    finishedAt: before(minutes, "2026-11-03T09:01:30.000Z"),
  },
  error: "",
  errorCode: "",
})

/** A run that began just now. */
const underWay = (syncId: string) => ({
  ...{ syncId, modelId: "eD2WtDYk5Jxs3rXB2ExzHw", sourceId: "rh5BDZp6QDHvXFCkibm1pR", syncStatus: "IN_PROGRESS" },
  ...{ startedAt: new Date().toISOString(), error: "", errorCode: "" },
})

const answer = (data: object) => {
  const body = JSON.stringify({ data })
  return { body, headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) } }
}

const ended = answer({ reverseETLSyncStatus: run("1234567") })

const answerTo = (url: string) => {
  const [path = "", query = ""] = url.split("?")
  const id = path.slice(path.lastIndexOf("/") + 1)
  if (id.startsWith("9")) return answer({ reverseETLSyncStatus: underWay(id) })
  if (id !== "syncs") return ended
  const first = Number(new URLSearchParams(query).get("cursor") ?? 0)
  const syncStatuses = Array.from({ length: pageSize }, (_, index) =>
    run(String(2_000_000 - first - index), first + index),
  )
  const next = first + pageSize < total ? { next: String(first + pageSize) } : {}
  return answer({ syncStatuses, pagination: { current: String(first), totalEntries: total, ...next } })
}

const server = createServer(({ url = "" }, response) => {
  const { body, headers } = answerTo(url)
  response.writeHead(200, headers)
  response.end(body)
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.send?.(typeof address === "object" && address !== null ? address.port : 0)
})
process.once("disconnect", () => process.exit())
