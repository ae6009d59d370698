import { describe, expect, it } from "@effect/vitest"
import { DateTime, Result } from "effect"
import * as Steps from "../src/journal/JournalSteps.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import type { Draft, JournalEntry, Owner } from "../src/model/JournalEntry.ts"
import { RunRef, SyncRef } from "../src/model/Ref.ts"

const sync = new SyncRef({ workspace: "prod", vendor: "acme", ids: { sync: "7" } })
const owner: Owner = { host: "a", pid: 1, call: "c1" }
const other: Owner = { host: "b", pid: 2, call: "c2" }
const at = (millis: number) => DateTime.makeUnsafe(millis)

const draft: Draft = {
  kind: "trigger",
  id: "e1",
  identity: "acme 7",
  vendor: "acme",
  baseUrl: "https://api.acme.test",
  workspace: "prod",
  sync,
}

const marking = {
  fence: { runs: [], complete: true },
  exclusive: false,
  writeTimeout: "3 minutes",
  runAppearsWithin: "1 minute",
} as const

describe("the steps of an entry", () => {
  const mark = { ...marking, lease: { identity: "acme 7", owner, number: 1 }, entry: draft }
  const value = (step: Steps.Step): JournalEntry => Result.getOrThrow(step)
  const issues = (step: Steps.Step) => Result.getOrThrow(Result.flip(step))
  const claimed = value(Steps.claimed({ ...draft, key: "k" }, owner, 1, at(0)))

  it("J3: an entry is sent from the state claimed alone, with durations that are finite", () => {
    const sent = value(Steps.sent(claimed, mark, at(1)))
    expect(issues(Steps.sent(sent, mark, at(2)))).toEqual([
      { path: ["state"], message: 'Expected "claimed", the entry is "sent"' },
    ])
    const endless = Number.POSITIVE_INFINITY
    expect(issues(Steps.sent(claimed, { ...mark, writeTimeout: endless }, at(1)))).toEqual([
      { path: ["writeTimeout"], message: "Expected a finite duration" },
    ])
    expect(issues(Steps.sent(claimed, { ...mark, runAppearsWithin: endless }, at(1)))).toEqual([
      { path: ["runAppearsWithin"], message: "Expected a finite duration" },
    ])
  })

  it("J3: an entry without a key is sent at once, as its first attempt and revision", () => {
    expect(value(Steps.sentAtOnce(draft, owner, mark, at(1)))).toMatchObject({ attempt: 1, revision: 1 })
  })

  it("J3: an answer that comes again keeps the time of the first one", () => {
    const run = new RunRef({ sync, run: "r1" })
    const started = value(
      Steps.changed(value(Steps.sent(claimed, mark, at(1))), { state: "started", run }, owner, at(2)),
    )
    const again = value(Steps.changed(started, { state: "started", run }, other, at(3)))
    expect(again).toMatchObject({ acceptedAt: at(2), writtenAt: at(3), revision: 4 })
  })

  it("J3: an entry that was bound to a run has no request", () => {
    const run = new RunRef({ sync, run: "r1" })
    const bound = value(Steps.changed(claimed, { state: "started", run, adopted: "already-running" }, owner, at(2)))
    expect("request" in bound).toBe(false)
  })
})

describe("what the workspaces of one process share", () => {
  it("B4: goes by its owner and name: an object, or a text that stands for equal ones", () => {
    const state = ProcessState.isolated()
    const [one, two] = [{}, {}]
    const ofOne = state.shared(one, "name", () => ({ it: "first" }))
    expect(state.shared(one, "name", () => ({ it: "second" }))).toBe(ofOne)
    expect(state.shared(two, "name", () => ({ it: "third" }))).toEqual({ it: "third" })
    expect(state.shared(one, "other", () => ({ it: "fourth" }))).toEqual({ it: "fourth" })
    const ofText = state.shared("text", "name", () => ({ it: "fifth" }))
    expect(state.shared("text", "name", () => ({ it: "sixth" }))).toBe(ofText)
    expect(ProcessState.isolated().shared("text", "name", () => ({ it: "seventh" }))).toEqual({ it: "seventh" })
  })
})
