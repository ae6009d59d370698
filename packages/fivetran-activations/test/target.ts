/** Fivetran Activations' client and driver, as the attacks open them. */
import type { Target } from "@openretl/conformance/Target"
import { Effect } from "effect"
import { someBodies } from "../../../scripts/forms.ts"
import * as FivetranActivations from "../src/FivetranActivations.ts"
import * as FivetranActivationsClient from "../src/FivetranActivationsClient.ts"

const opened = (api: FivetranActivationsClient.FivetranActivationsClient) => ({
  api,
  driver: FivetranActivations.driver(api),
})

export const target: Target<ReturnType<typeof opened>, "sync" | "run"> = {
  name: "Fivetran Activations",
  origin: "https://app.getcensus.com",
  open: (token) =>
    Effect.map(
      FivetranActivationsClient.make({
        workspace: "prod",
        baseUrl: FivetranActivationsClient.baseUrls.us,
        token,
      }),
      opened,
    ),
  ids: { sync: "sync-1", run: "run-1" },
  operations: ({ driver }, { run, ...sync }) => ({
    start: driver.runs.start(sync, { scope: "full" }),
    get: driver.runs.get(sync, run),
    list: driver.runs.list(sync, {}),
    "list from a cursor": driver.runs.list(sync, { cursor: "2.100" }),
    cancel: driver.cancellation.cancel(sync, run),
    ownSchedule: driver.runs.ownSchedule(sync),
    "check of a sync": driver.check(sync),
    check: driver.check(),
  }),
  bodies: ({ some, other, text }) => {
    const run = {
      ...{ id: text, sync_id: "sync-1", status: text, canceled: some, created_at: other, completed_at: some },
      ...{ records_updated: some, records_failed: other, records_processed: some, records_invalid: other },
      ...{ error_code: some, error_message: other, sync_trigger_reason: { ui_tag: some, ui_detail: other } },
    }
    const sync = { ...{ mode: some, schedule_frequency: other, paused: some }, label: text }
    const triggers = { schedule: { frequency: some, cron_expression: other }, [text]: some }
    return someBodies([
      { status: some, data: [run, other], pagination: { next_page: some, total_records: other } },
      { status: "success", data: { ...run, ...sync, id: "run-1", sync_run_id: text } },
      { data: { id: "sync-1", mode: { type: text, triggers }, paused: false } },
      { status: other, message: text, error: some },
      { error: text },
    ])
  },
  words: ["sync ", "run ", "not ", "already "],
}
