import type { Target } from "@openretl/conformance/Target"
import { Effect } from "effect"
import * as Acme from "./acme.ts"

export const target: Target<Acme.AcmeDriver, "connection" | "run"> = {
  name: "Acme",
  // The origin that every request must go to.
  origin: "https://api.rudderstack.com",
  // Opens the driver over the transport that the attacks provide.
  open: (token) => Effect.map(Acme.client({ name: "prod", token, defaultScope: "incremental" }), Acme.driver),
  // An ordinary id for each name. The attacks replace them by hostile ids.
  ids: { connection: "conn-1", run: "run-1" },
  // Every operation, by name. Each sends one request.
  operations: (driver, { run, ...sync }) => ({
    start: driver.runs.start(sync, { scope: "full" }),
    get: driver.runs.get(sync, run),
    list: driver.runs.list(sync, {}),
    cancel: driver.cancellation.cancel(sync),
    "check of a sync": driver.check(sync),
    check: driver.check(),
  }),
  // The vendor's answers, with parts that the attacks choose.
  bodies: ({ some, other, text }) => [
    { syncId: text, id: text, status: text, startedAt: some, error: text, metrics: { succeeded: some, failed: other } },
    { syncs: [some, { id: text, status: text, metrics: other }], paging: { next: text, total: some } },
    { error: some },
  ],
}
