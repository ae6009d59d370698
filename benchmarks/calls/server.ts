/** A server, for a separate process, that gives every request the same answer. It ends with its parent process. */
import { createServer } from "node:http"

const body = JSON.stringify({
  data: {
    reverseETLSyncStatus: {
      syncId: "1234567",
      modelId: "eD2WtDYk5Jxs3rXB2ExzHw",
      sourceId: "rh5BDZp6QDHvXFCkibm1pR",
      syncStatus: "SUCCESS",
      duration: "1m30s",
      startedAt: "2026-11-03T09:00:00.000Z",
      finishedAt: "2026-11-03T09:01:30.000Z",
      extractPhase: {
        addedCount: "1000",
        updatedCount: "20",
        deletedCount: "0",
        extractCount: "1020",
        errorCode: "",
        startedAt: "2026-11-03T09:00:00.000Z",
        finishedAt: "2026-11-03T09:00:40.000Z",
      },
      loadPhase: {
        deliverSuccessCount: "1017",
        deliverFailureCount: "3",
        errorCode: "",
        startedAt: "2026-11-03T09:00:40.000Z",
        finishedAt: "2026-11-03T09:01:30.000Z",
      },
      error: "",
      errorCode: "",
    },
  },
})
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) }

const server = createServer((_, response) => {
  response.writeHead(200, headers)
  response.end(body)
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.send?.(typeof address === "object" && address !== null ? address.port : 0)
})
process.once("disconnect", () => process.exit())
