/** Polytomic's client and driver, as the attacks open them. */
import type { Target } from "@openretl/conformance/Target"
import { Effect } from "effect"
import { someBodies } from "../../../scripts/forms.ts"
import * as Polytomic from "../src/Polytomic.ts"
import * as PolytomicClient from "../src/PolytomicClient.ts"

const key = "0123456789abcdef-1767605412000"

const opened = (api: PolytomicClient.PolytomicClient) => ({ api, driver: Polytomic.driver(api) })

export const target: Target<ReturnType<typeof opened>, "sync" | "run"> = {
  name: "Polytomic",
  origin: "https://app.polytomic.com",
  open: (token) =>
    Effect.map(PolytomicClient.make({ workspace: "prod", baseUrl: PolytomicClient.baseUrl, token }), opened),
  ids: { sync: "sync-1", run: "run-1" },
  operations: ({ driver }, { run, ...sync }) => ({
    start: driver.runs.start(sync, { scope: "full", key }),
    "start again": driver.runs.start(sync, { scope: "incremental", key, isRepeated: true }),
    get: driver.runs.get(sync, run),
    list: driver.runs.list(sync, {}),
    "list from a cursor": driver.runs.list(sync, { cursor: "AmkYh8v0jR5B3kls2Qcc9y8" }),
    "list from its other end": driver.runs.list(sync, { cursor: "oldest:run-1" }),
    cancel: driver.cancellation.cancel(sync, run),
    ownSchedule: driver.runs.ownSchedule(sync),
    "check of a sync": driver.check(sync),
    check: driver.check(),
  }),
  bodies: ({ some, other, text }) => {
    const execution = {
      ...{ id: text, status: text, created_at: some, started_at: other, completed_at: some, type: other },
      ...{ counts: { insert: some, update: other, error: some, total: other, [text]: some }, errors: [text, some] },
    }
    const sync = { schedule: some, active: other, target: some, organization_id: text, organization_name: other }
    return someBodies([
      { data: [execution, other], pagination: { next_page_token: some } },
      { data: { ...execution, ...sync, id: "run-1" } },
      { data: { ...execution, message: some, schedule: { frequency: text, minute: some } } },
      { key: text, message: some, metadata: other, status: some },
      { message: text },
    ])
  },
  words: ["sync ", "execution ", "not ", "already ", "idempotency "],
}
