import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Result, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Steps from "../src/journal/JournalSteps.ts"
import type { Change } from "../src/journal/port.ts"
import {
  type Draft,
  Draft as DraftSchema,
  EntryId,
  isConcluded,
  isOpen,
  JournalEntry,
  JournalEntryFromText,
  Key,
  Owner,
} from "../src/model/JournalEntry.ts"
import { JournalError } from "../src/model/JournalError.ts"
import { RunRef, SyncRef } from "../src/model/Ref.ts"

const at = DateTime.makeUnsafe("2026-11-27T10:00:00Z")
const later = DateTime.makeUnsafe("2026-11-27T10:05:00Z")
const sync = new SyncRef({ workspace: "prod", vendor: "acme", ids: { sync: "7" } })
const run = new RunRef({ sync, run: "r1" })
const owner: Owner = { host: "a", pid: 1, call: "call-1" }
const other: Owner = { host: "b", pid: 2, call: "call-2" }
const draft: Draft = {
  kind: "trigger",
  id: "e1",
  identity: '["acme","https://api.acme.test","7"]',
  vendor: "acme",
  baseUrl: "https://api.acme.test",
  workspace: "prod",
  key: "nightly/2026-11-27",
  sync,
}
const mark = {
  lease: { identity: draft.identity, owner, number: 1 },
  entry: { id: "e1", revision: 1 },
  fence: { runs: ["r0"], complete: true },
  exclusive: false,
  writeTimeout: "180 seconds",
  runAppearsWithin: "60 seconds",
} as const

const value = (step: Steps.Step): JournalEntry => Result.getOrThrow(step)
const claimed = value(Steps.claimed(draft, owner, 1, at))
const sent = value(Steps.sent(claimed, mark, at))
const inState = (state: JournalEntry["state"]): JournalEntry => {
  if (state === "claimed") return claimed
  if (state === "sent") return sent
  return value(Steps.changed(sent, changes[state], owner, at))
}
const changes: Readonly<Record<Exclude<JournalEntry["state"], "sent">, Change>> = {
  claimed: { state: "claimed", lease: "30 seconds" },
  lost: { state: "lost" },
  started: { state: "started", run },
  finished: { state: "finished", run, status: "succeeded", rows: { succeeded: 3, failed: 0 } },
  refused: { state: "refused" },
  "not-started": { state: "not-started" },
  abandoned: { state: "abandoned", candidates: [run] },
}

describe("an entry", () => {
  it.effect.prop(
    "J3: an entry is decoded from its text unchanged",
    { entry: Arbitrary.schema(JournalEntry) },
    (given) =>
      Effect.gen(function* () {
        const text = yield* Schema.encodeEffect(JournalEntryFromText)(given.entry)
        const decoded = yield* Schema.decodeUnknownEffect(JournalEntryFromText)(text)
        expect(yield* Schema.encodeEffect(JournalEntryFromText)(decoded)).toBe(text)
      }),
  )

  it.effect("J3: a field of a later version is ignored, a record of another edition is not decoded", () =>
    Effect.gen(function* () {
      const text = yield* Schema.encodeEffect(JournalEntryFromText)(sent)
      const json = JSON.parse(text)
      const decode = (value: unknown) => Schema.decodeUnknownEffect(JournalEntryFromText)(JSON.stringify(value))
      expect(yield* decode({ ...json, addedLater: 1 })).toEqual(sent)
      expect((yield* Effect.flip(decode({ ...json, edition: 3 }))).message).toContain("edition")
    }),
  )

  it.each(["", "x".repeat(256), "a\nb", "a\u0000", "\u2028", "\ud800"])("J1: %j is no key", (key) => {
    expect(Schema.is(Key)(key)).toBe(false)
  })

  it.each(["nightly/2026-11-27", "x".repeat(255), "wöchentlich 48 ✓"])("J1: %j is a key", (key) => {
    expect(Schema.is(Key)(key)).toBe(true)
  })

  it("J1: owner and ids are bounded", () => {
    expect(Schema.is(Owner)({ ...owner, host: "" })).toBe(false)
    expect(Schema.is(Owner)({ ...owner, pid: -1 })).toBe(false)
    expect(Schema.is(EntryId)("a b")).toBe(false)
    expect(Schema.is(DraftSchema)({ ...draft, identity: "" })).toBe(false)
  })
})

describe("the steps of an entry", () => {
  it("J3: a mark keeps the fence and the times of the request", () => {
    expect(sent).toMatchObject({ state: "sent", revision: 2, request: { sentAt: at, fence: mark.fence } })
    expect(isOpen(sent)).toBe(true)
  })

  const states = Object.keys(changes) as ReadonlyArray<keyof typeof changes>
  const steps = {
    claimed: ["started", "finished"],
    sent: ["claimed", "lost", "started", "finished", "refused", "not-started", "abandoned"],
    lost: ["started", "finished", "refused", "not-started", "abandoned"],
    started: ["started", "finished", "refused", "not-started"],
    finished: ["started", "finished", "refused", "not-started"],
    refused: ["started", "finished", "refused", "not-started"],
    "not-started": ["started", "finished", "refused", "not-started"],
    abandoned: ["started", "finished", "refused", "not-started"],
  } as const satisfies Record<JournalEntry["state"], ReadonlyArray<JournalEntry["state"]>>

  it.each(Object.entries(steps))("J3: an entry that is %s becomes %j and nothing else", (from, allowed) => {
    const entry = inState(from as JournalEntry["state"])
    const possible = states.filter((to) => Result.isSuccess(Steps.changed(entry, changes[to], owner, later)))
    expect(possible.sort()).toEqual([...allowed].sort())
  })

  it("J3: the end of an entry stays the time of its first end", () => {
    const finished = value(Steps.changed(inState("finished"), changes.finished, other, later))
    expect(finished).toMatchObject({ endedAt: at, writtenAt: later, revision: 4 })
    expect(isConcluded(finished)).toBe(true)
  })

  it("J3: only its owner puts an entry back, and only a claimed entry is taken over", () => {
    expect(Result.isFailure(Steps.changed(sent, changes.claimed, other, later))).toBe(true)
    expect(Result.isFailure(Steps.changed(claimed, changes.started, other, later))).toBe(true)
    expect(Result.isFailure(Steps.takenOver(sent, { owner: other, lease: 1 }, later))).toBe(true)
    expect(value(Steps.takenOver(claimed, { owner: other, lease: 1 }, later))).toMatchObject({
      owner: other,
      attempt: 1,
    })
  })

  it("J3: an adopted run has no request, and a lost one has its own", () => {
    const adopted = value(Steps.changed(claimed, { state: "started", run, adopted: "already-running" }, owner, later))
    expect("request" in adopted).toBe(false)
    expect(value(Steps.changed(inState("lost"), changes.started, owner, later))).toMatchObject({
      request: { sentAt: at },
    })
  })

  it("J3: a step that lacks a field is refused with its path", () => {
    const step = Steps.claimed({ ...draft, workspace: "a b" }, owner, 1, at)
    expect(Result.isFailure(step) && step.failure.map(({ path }) => path.join("."))).toContain("workspace")
  })
})

describe("an error of a store", () => {
  it.effect.prop("H6: it is decoded from JSON unchanged", { error: Arbitrary.schema(JournalError) }, (given) =>
    Effect.gen(function* () {
      const json = Schema.toCodecJson(JournalError)
      const text = JSON.stringify(yield* Schema.encodeEffect(json)(given.error))
      const decoded = yield* Schema.decodeUnknownEffect(json)(JSON.parse(text))
      expect(JSON.stringify(yield* Schema.encodeEffect(json)(decoded))).toBe(text)
      expect(decoded.code).toMatch(/^retl\.journal\.[a-z-]+$/)
      expect(decoded.guidance).toMatch(/\.$/)
    }),
  )
})
