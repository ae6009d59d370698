/** RudderStack's client and driver, as the attacks open them. */
import type { Target } from "@openretl/conformance/Target"
import { Effect } from "effect"
import { someBodies } from "../../../scripts/forms.ts"
import * as RudderStack from "../src/RudderStack.ts"
import * as RudderStackClient from "../src/RudderStackClient.ts"

const opened = (api: RudderStackClient.RudderStackClient) => ({ api, driver: RudderStack.driver(api) })

export const target: Target<ReturnType<typeof opened>, "connection" | "run"> = {
  name: "RudderStack",
  origin: "https://api.rudderstack.com",
  open: (token) =>
    Effect.map(RudderStackClient.make({ workspace: "prod", baseUrl: RudderStackClient.baseUrls.us, token }), opened),
  ids: { connection: "conn-1", run: "run-1" },
  operations: ({ driver }, { run, ...sync }) => ({
    start: driver.runs.start(sync, { scope: "full" }),
    get: driver.runs.get(sync, run),
    list: driver.runs.list(sync, {}),
    ownSchedule: driver.runs.ownSchedule(sync),
    cancel: driver.cancellation.cancel(sync),
    "check of a connection": driver.check(sync),
    check: driver.check(),
  }),
  bodies: ({ some, other, text }) =>
    someBodies([
      {
        syncId: some,
        id: other,
        status: text,
        error: some,
        message: other,
        details: { [text]: some, other },
        metrics: some,
        syncs: [{ id: text, status: text, startedAt: some, metrics: { succeeded: some, failed: { total: other } } }],
        data: [{ id: text, schedule: some }],
        paging: { next: some, total: other },
      },
      { syncId: text, id: text, status: "running", metrics: some, syncs: other, schedule: { type: text } },
      { error: text, code: text, details: some },
      { message: text },
    ]),
  words: ["connection ", "sync ", "source not "],
}
