/** Segment's client and driver, as the attacks open them. */
import type { Target } from "@openretl/conformance/Target"
import { Effect } from "effect"
import { someBodies } from "../../../scripts/forms.ts"
import * as Segment from "../src/Segment.ts"
import * as SegmentClient from "../src/SegmentClient.ts"

const opened = (api: SegmentClient.SegmentClient) => ({ api, driver: Segment.driver(api) })

export const target: Target<ReturnType<typeof opened>, "source" | "model" | "subscription" | "run" | "cursor"> = {
  name: "Segment",
  origin: "https://api.segmentapis.com",
  open: (token) =>
    Effect.map(SegmentClient.make({ workspace: "prod", baseUrl: SegmentClient.baseUrls.us, token }), opened),
  ids: { source: "source-1", model: "model-1", subscription: "mapping-1", run: "run-1", cursor: "MA==" },
  operations: ({ driver }, { run, cursor, ...sync }) => ({
    start: driver.runs.start(sync),
    get: driver.runs.get(sync, run),
    // As a page names a cursor of the vendor's.
    list: driver.runs.list(sync, { cursor: cursor.replace(/^[?!=]/, "=$&") }),
    cancel: driver.cancellation.cancel(sync, run),
    "check of a mapping": driver.check(sync),
    check: driver.check(),
  }),
  bodies: ({ some, other, text }) => {
    const run = {
      syncStatus: text,
      startedAt: some,
      finishedAt: other,
      error: text,
      errorCode: some,
      extractPhase: { extractCount: some, errorCode: text },
      loadPhase: { deliverSuccessCount: some, deliverFailureCount: other, errorCode: other },
    }
    return someBodies([
      {
        data: {
          reverseETLManualSync: { syncId: text, startedAt: some },
          reverseETLSyncStatus: run,
          syncStatuses: [{ syncId: text, ...run }],
          pagination: { next: text, totalEntries: other },
          workspace: { id: text, name: some },
          errorCode: text,
          errorMessage: other,
        },
        errors: [some, { type: text, message: text, field: text, data: { msBeforeNext: other } }, other],
      },
      {
        data: { syncStatuses: some, pagination: other, reverseETLSyncStatus: { loadPhase: some }, workspace: other },
      },
      { data: some, errors: other },
      { errors: [{ message: text }] },
      { message: text },
    ])
  },
  words: ["token ", "already ", "'"],
}
