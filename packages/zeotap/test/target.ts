/** Zeotap's client and driver, as the attacks open them. */
import type { Target } from "@openretl/conformance/Target"
import { Effect } from "effect"
import { someBodies } from "../../../scripts/forms.ts"
import * as Zeotap from "../src/Zeotap.ts"
import * as ZeotapClient from "../src/ZeotapClient.ts"
import { workspaceId } from "./fixtures.ts"

const opened = (api: ZeotapClient.ZeotapClient) => ({ api, driver: Zeotap.driver(api) })

export const target: Target<ReturnType<typeof opened>, "sync" | "run"> = {
  name: "Zeotap",
  origin: "https://composable.zeotap.com",
  open: (token) =>
    Effect.map(ZeotapClient.make({ workspace: "prod", workspaceId, baseUrl: ZeotapClient.baseUrl, token }), opened),
  ids: { sync: "sync-1", run: "run-1" },
  operations: ({ driver }, { run, ...sync }) => ({
    start: driver.runs.start(sync),
    get: driver.runs.get(sync, run),
    list: driver.runs.list(sync, {}),
    "list from a cursor": driver.runs.list(sync, { cursor: "2.100.100~run-1" }),
    ownSchedule: driver.runs.ownSchedule(sync),
    "check of a sync": driver.check(sync),
    check: driver.check(),
  }),
  bodies: ({ some, other, text }) => {
    const run = {
      id: text,
      status: text,
      started_at: some,
      completed_at: other,
      rows_synced: some,
      rows_failed: other,
    }
    const sync = { schedule: some, last_run_id: other, name: some }
    return someBodies([
      { ...run, ...sync, error: some, data: [run, other], pagination: { page: some, total: other } },
      { ...run, ...sync, id: "run-1", error: text, data: [run], pagination: some },
      [run, { ...run, id: "run-1" }],
      [run, some],
      { id: "run-1", data: some, schedule: other },
      { error: text },
    ])
  },
  words: ["invalid ", "sync ", "malformed_", "already "],
}
