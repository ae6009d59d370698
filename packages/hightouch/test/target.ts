/** Hightouch's client and driver, as the attacks open them. */
import type { Target } from "@openretl/conformance/Target"
import { Effect } from "effect"
import { someBodies } from "../../../scripts/forms.ts"
import * as Hightouch from "../src/Hightouch.ts"
import * as HightouchClient from "../src/HightouchClient.ts"

const opened = (api: HightouchClient.HightouchClient) => ({ api, driver: Hightouch.driver(api) })

export const target: Target<ReturnType<typeof opened>, "sync" | "run"> = {
  name: "Hightouch",
  origin: "https://api.hightouch.com",
  open: (token) =>
    Effect.map(HightouchClient.make({ workspace: "prod", baseUrl: HightouchClient.baseUrl, token }), opened),
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
}
