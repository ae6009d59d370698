import type { Target } from "@openretl/conformance/Target"
import { Effect } from "effect"
import * as Acme from "./acme.ts"

export const target: Target<Acme.AcmeDriver, "connection" | "run"> = {
  name: "Acme",
  // Where every request has to go.
  origin: "https://api.rudderstack.com",
  // What is attacked, over the transport that the attacks provide.
  open: (token) => Effect.map(Acme.client({ name: "prod", token }), Acme.driver),
  // An ordinary id for each name: these are replaced by hostile ones.
  ids: { connection: "conn-1", run: "run-1" },
  // Everything that it can be asked.
  operations: (driver, { run, ...sync }) => ({
    start: driver.runs.start(sync, { scope: "full" }),
    get: driver.runs.get(sync, run),
    list: driver.runs.list(sync, {}),
    cancel: driver.cancellation.cancel(sync, run),
    "check of a sync": driver.check(sync),
    check: driver.check(),
  }),
  // The vendor's answers, of parts that are anything.
  bodies: ({ some, other, text }) => [
    { syncId: text, id: text, status: text, startedAt: some, error: text, metrics: { succeeded: some, failed: other } },
    { syncs: [some, { id: text, status: text, metrics: other }], paging: { next: text, total: some } },
    { error: some },
  ],
}
