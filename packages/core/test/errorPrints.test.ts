/** How errors print: in each way, with their code, what to do and the refs, and without what may hold a row. */
import { format, inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Cause, DateTime, Duration, Schema } from "effect"
import { ChangeIncomplete, ChangeIndeterminate } from "../src/model/Change.ts"
import { JournalError, StoreBusy } from "../src/model/JournalError.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef, SyncRef } from "../src/model/Ref.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Run } from "../src/model/Run.ts"
import { Sync } from "../src/model/Sync.ts"
import { TriggerIndeterminate } from "../src/model/Trigger.ts"
import { OutcomeRejected, WaitDeadlineExceeded } from "../src/model/Wait.ts"
import { SwitchOverFailed } from "../src/move/switchOver.ts"

const address = "ada.lovelace@example.com"
const phone = "00441632960961"
const sync = new SyncRef({ vendor: "fake", workspace: "crm", ids: { model: "m-1", subscription: "s-1" } })
const ref = new RunRef({ sync, run: "run-123456789012" })
const at = DateTime.makeUnsafe("2026-11-27T08:00:00Z")
const run = new Run({
  ref,
  status: "failed",
  vendorStatus: "FAILED",
  rows: { succeeded: 3, failed: 2 },
  errorCode: "DESTINATION_AUTH",
  errorText: `${address} is no valid address`,
  native: { lastRow: { email: address, phone } },
})

const failure = new RetlError({
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

const errors = [
  failure,
  failure.with({ run: ref, operation: "wait", delivery: "unknown" }),
  new WaitDeadlineExceeded({ ref, run, deadline: at, how: "started" }),
  new OutcomeRejected({ run, verdict: "failed", how: "started" }),
  new TriggerIndeterminate({ entry, candidates: [ref], why: "two new runs could be its own", delivery: "unknown" }),
  new ChangeIndeterminate({ operation: "create", candidates: [sync], wanted: {}, error: failure }),
  new ChangeIncomplete({
    operation: "update",
    sync: new Sync({ ref: sync, state: "paused", vendorState: "off", connection: {}, native: { owner: address } }),
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
  new JournalError({ store: "SQLite", operation: "mark", reason: new StoreBusy({ after: Duration.seconds(5) }) }),
]

const prints = {
  "inspect, as console does": (error: Error) => inspect(error),
  "inspect of an object that has it": (error: Error) => inspect({ error }, { depth: 5 }),
  "format, as console does": (error: Error) => format("%s", error),
  String,
  "JSON.stringify": (error: Error) => JSON.stringify({ error }),
  message: (error: Error) => error.message,
  stack: (error: Error) => error.stack ?? "",
  "Cause.pretty": (error: Error) => Cause.pretty(Cause.fail(error)),
} satisfies Record<string, (error: Error) => string>

describe.each(Object.entries(prints))("%s", (way, print) => {
  it.each(errors)("$name shows its code, what to do, and its refs", (error) => {
    const text = print(error)
    expect(text).toContain(error.code)
    expect(text).toContain(error.guidance.replaceAll('"', text.includes("{") && text.includes('\\"') ? '\\"' : '"'))
    for (const shown of Object.values(error.refs)) if (shown !== undefined) expect(text).toContain(shown)
    if (way !== "message") expect(text).toContain(error.name)
  })

  it.each(errors)("H2: $name shows no text of the vendor that may hold a row", (error) => {
    const text = print(error)
    expect(text).not.toContain(address)
    expect(text).not.toContain("ada.lovelace")
    expect(text).not.toContain(phone)
  })
})

describe("prints", () => {
  it("an error's text and JSON, in full", async () => {
    const lines = errors.map((error) => `${inspect(error)}\n\n${JSON.stringify(error, undefined, 2)}`)
    await expect(`${lines.join("\n\n")}\n`).toMatchFileSnapshot("./golden/errors.txt")
  })

  it("H2: a run shows neither its payload nor its error text, and has both for who asks", () => {
    for (const text of [inspect(run), inspect({ run }, { depth: 9 }), JSON.stringify(run), String(run)]) {
      expect(text).toContain("run-123456789012")
      expect(text).not.toMatch(/lastRow|ada\.lovelace/)
    }
    expect([run.errorText, run.native]).toEqual([
      `${address} is no valid address`,
      { lastRow: { email: address, phone } },
    ])
    const back = Schema.decodeUnknownSync(Schema.toCodecJson(Run))(
      JSON.parse(JSON.stringify(Schema.encodeSync(Schema.toCodecJson(Run))(run))),
    )
    expect(back).toEqual(run)
  })

  it("an error of the look before a trigger says so", () => {
    expect(failure.summary).toBe(
      "fake (crm) start of model m-1, subscription s-1, while looking at the runs before the trigger: NotFound after 2 attempts, not-sent: HTTP 404: NO_SYNC: no such sync: no sync of <[address]>, [number]",
    )
  })
})
