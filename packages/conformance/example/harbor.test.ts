import { attacks } from "@openretl/conformance/Attacks"
import { suite } from "@openretl/conformance/Suite"
import * as Effect from "effect/Effect"
import * as Harbor from "./harbor.ts"
import * as HarborEmulator from "./harborEmulator.ts"

suite({
  name: "Harbor",
  // Makes a fresh emulator of the vendor on Effect's clock.
  emulator: HarborEmulator.make,
  // Opens the adapter's workspace on it. Spread the options over your defaults.
  workspace: (_, options) => Harbor.workspace(options),
  // Returns the ref of a sync, from the ids that the emulator gave it.
  sync: (workspace, { sync = "" }) => Harbor.syncRef(workspace, { sync }),
  // The open questions about the vendor.
  switches: HarborEmulator.switches,
})

attacks({
  name: "Harbor",
  // The origin that every request must go to.
  origin: "https://api.harbor.example",
  // Opens the driver over the transport that the attacks provide.
  open: (token) => Effect.map(Harbor.client({ name: "prod", token }), Harbor.driver),
  // An ordinary id for each name. The attacks replace them by hostile ids.
  ids: { sync: "sync-1", run: "run-1" },
  // Every operation, by name. Each sends one request.
  operations: (driver, { run, ...sync }) => ({
    start: driver.runs.start(sync),
    get: driver.runs.get(sync, run),
    list: driver.runs.list(sync, {}),
    cancel: driver.cancellation.cancel(sync, run),
    "check of a sync": driver.check(sync),
    check: driver.check(),
  }),
  // The vendor's answers, with parts that the attacks choose.
  bodies: ({ some, other, text }) => [
    { id: text, status: text, created_at: some, started_at: text, rows: { delivered: some, rejected: other } },
    { runs: [some, { id: text, status: text, error: { text: some, code: other } }], total: some },
    { error: { message: some }, name: text },
  ],
})
