import { attacks } from "@openretl/conformance/Attacks"
import { Effect } from "effect"
import { attacksOf, form, someBodies } from "../../../scripts/forms.ts"
import * as Hightouch from "../src/Hightouch.ts"
import * as HightouchClient from "../src/HightouchClient.ts"

attacks(
  {
    name: "Hightouch",
    origin: "https://api.hightouch.com",
    open: (token) =>
      Effect.map(HightouchClient.make({ workspace: "prod", baseUrl: HightouchClient.baseUrl, token }), (api) => ({
        api,
        driver: Hightouch.driver(api),
      })),
    ids: { sync: "sync-1", run: "run-1" },
    operations: ({ driver }, { run, ...sync }) => ({
      start: driver.runs.start(sync, { scope: "full" }),
      get: driver.runs.get(sync, run),
      list: driver.runs.list(sync, {}),
      "list from a cursor": driver.runs.list(sync, { cursor: "100" }),
      ownSchedule: driver.runs.ownSchedule(sync),
      "check of a sync": driver.check(sync),
      check: driver.check(),
    }),
    bodies: ({ some, other, text }) => {
      const counts = { addedCount: some, changedCount: other, removedCount: some }
      const run = {
        ...{ id: text, status: text, createdAt: some, startedAt: other, finishedAt: some, error: other },
        ...{ plannedRows: counts, successfulRows: counts, failedRows: other, completionRatio: some },
      }
      const sync = { schedule: some, disabled: other, workspaceId: some, slug: text }
      return someBodies([
        { ...run, ...sync, data: [run, other], hasMore: some },
        { ...run, ...sync, id: "run-1", data: [{ ...run, ...sync, id: "run-1" }], hasMore: other },
        { message: "Validation failed", details: { [text]: some, "requestBody.x": { message: other } } },
        { message: text, details: some, error: other },
        { error: text },
      ])
    },
    words: ["validation ", "sync ", "disabled ", "already "],
  },
  { runs: form(10, 100), only: attacksOf("hightouch") },
)
