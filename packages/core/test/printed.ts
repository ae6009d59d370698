/** Errors to print, each with what a vendor may echo in it: an address and a telephone number of a customer. */
import { DateTime, Duration } from "effect"
import { ChangeIncomplete, ChangeIndeterminate } from "../src/model/Change.ts"
import { JournalError, StoreBusy } from "../src/model/JournalError.ts"
import * as Reason from "../src/model/Reason.ts"
import { InvalidRef, RunRef, SyncRef } from "../src/model/Ref.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Run } from "../src/model/Run.ts"
import { Sync } from "../src/model/Sync.ts"
import { TriggerIndeterminate } from "../src/model/Trigger.ts"
import { OutcomeRejected, WaitDeadlineExceeded, WaitNotStarted, WaitStatusUnknown } from "../src/model/Wait.ts"
import { SwitchOverFailed } from "../src/move/SwitchOverFailed.ts"

export const address = "ada.lovelace@example.com"
export const phone = "00441632960961"
const sync = new SyncRef({ vendor: "fake", workspace: "crm", ids: { model: "m-1", subscription: "s-1" } })
const ref = new RunRef({ sync, run: "run-123456789012" })
const at = DateTime.makeUnsafe("2026-11-27T08:00:00Z")
export const run = new Run({
  ref,
  status: "failed",
  vendorStatus: "FAILED",
  rows: { succeeded: 3, failed: 2 },
  errorCode: "DESTINATION_AUTH",
  errorText: `${address} is no valid address`,
  native: { lastRow: { email: address, phone } },
})

export const failure = new RetlError({
  workspace: "crm",
  vendor: "fake",
  operation: "start",
  reason: new Reason.NotFound({ what: "sync" }),
  delivery: "not-sent",
  evidence: { status: 404, code: "NO_SYNC", text: `no sync of <${address}>, ${phone}`, requestId: "req-7" },
  attempts: 2,
  exhausted: false,
  during: "looking at the runs before the trigger",
}).about(sync)

export const changed = new Sync({
  ref: sync,
  state: "paused",
  vendorState: "off",
  connection: {},
  native: { owner: address },
})

const entry = {
  kind: "trigger",
  edition: 2,
  id: "entry-1",
  identity: "i",
  vendor: "fake",
  baseUrl: "https://fake.example",
  workspace: "crm",
  sync,
  key: "nightly/2026-11-27",
  revision: 2,
  attempt: 1,
  owner: { host: "h", pid: 1, call: "c" },
  createdAt: at,
  writtenAt: at,
  state: "lost",
  lostAt: at,
  request: {
    sentAt: at,
    fence: { runs: [], complete: true },
    exclusive: false,
    writeTimeout: Duration.seconds(180),
    runAppearsWithin: Duration.seconds(120),
  },
} as const

export const errors = [
  failure,
  failure.with({ run: ref, operation: "wait", delivery: "unknown" }),
  new WaitDeadlineExceeded({ ref, run, deadline: at, how: "started" }),
  new WaitDeadlineExceeded({ ref, run, deadline: at, trouble: failure }),
  new WaitStatusUnknown({ run, within: Duration.minutes(30) }),
  new WaitNotStarted({ run, within: Duration.minutes(30), how: "joined" }),
  new OutcomeRejected({ run, verdict: "failed", how: "started" }),
  new TriggerIndeterminate({ entry, candidates: [ref], why: "two new runs could be its own", delivery: "unknown" }),
  new ChangeIndeterminate({ operation: "create", candidates: [sync], wanted: {}, error: failure }),
  new ChangeIncomplete({
    operation: "update",
    sync: changed,
    remaining: { enabled: true },
    error: failure,
  }),
  new SwitchOverFailed({
    from: sync,
    to: sync,
    step: "resume",
    fromState: "paused",
    toState: "unknown",
    isRolledBack: false,
    underWay: [],
    why: failure.summary,
    error: failure,
  }),
  new InvalidRef({ issues: [{ path: ["run"], message: "Expected an id of 1 to 255 characters" }] }),
  new JournalError({ store: "SQLite", operation: "mark", reason: new StoreBusy({ after: Duration.seconds(5) }) }),
]
