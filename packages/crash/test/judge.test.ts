import { describe, expect, it } from "@effect/vitest"
import type { Truth } from "@openretl/emulator/Control"
import { type EntryFacts, type Evidence, judge, type Learned } from "../src/judge.ts"

type Call = Truth["calls"][number]

/** A request of a key that arrived at a time, and the run that it started. */
const call = (key: string, at: number, createdRun?: string): Call => ({
  index: at,
  at,
  operation: "start",
  method: "POST",
  path: "/v2/retl-connections/c/start",
  query: {},
  headers: { "x-request-id": key },
  status: 200,
  ...(createdRun !== undefined && { createdRun }),
})

const entry = (key: string, state: string, fields: Partial<EntryFacts> = {}): EntryFacts => ({
  id: `entry of ${key}`,
  key,
  attempt: 1,
  state,
  sentAt: 0,
  fenceRuns: 3,
  ...fields,
})

const finished = (key: string, run: string, at = 100): Learned => ({
  key,
  at,
  end: { _tag: "Finished", run, how: "started", status: "succeeded", verdict: "complete" },
})

const rows = { succeeded: 100, failed: 0, total: 100 }

const evidence = (
  calls: ReadonlyArray<Call>,
  entries: ReadonlyArray<EntryFacts>,
  learned: ReadonlyArray<Learned> = [],
): Evidence => ({
  truth: {
    calls,
    runs: [
      ...calls.flatMap((request) =>
        request.createdRun === undefined
          ? []
          : [
              {
                id: request.createdRun,
                origin: "call" as const,
                callIndex: request.index,
                createdAt: request.at,
                status: "succeeded",
                rows,
                sync: { connection: "c" },
                request,
              },
            ],
      ),
      { id: "r-schedule", origin: "schedule", createdAt: 5, status: "succeeded", rows, sync: { connection: "c" } },
    ],
  },
  entries,
  learned,
  isExclusive: (key) => key.startsWith("exclusive"),
})

const nothing = {
  doubles: [],
  resends: [],
  lostRuns: [],
  falseNotStarted: [],
  wrongAdoptions: [],
  defects: [],
  openExclusive: [],
  shared: [],
  openOthers: [],
}

describe("what is left after the kills", () => {
  it("is right where each key has its run, or provably none", () => {
    const calls = [call("a", 10, "r-1"), call("b", 20), call("b", 30, "r-2")]
    const entries = [
      entry("a", "finished", { sentAt: 9, run: "r-1" }),
      entry("b", "not-started", { sentAt: 19 }),
      entry("b", "started", { sentAt: 29, run: "r-2", attempt: 2 }),
      entry("c", "claimed"),
    ]
    const learned: ReadonlyArray<Learned> = [
      finished("a", "r-1"),
      { key: "b", at: 35, end: { _tag: "NotStarted", began: 25 } },
    ]
    expect(judge(evidence(calls, entries, learned))).toEqual(nothing)
  })

  it("T10: has a double, and a request too many, where a key started two runs", () => {
    const calls = [call("a", 10, "r-1"), call("a", 20, "r-2")]
    const entries = [entry("a", "finished", { run: "r-2" })]
    expect(judge(evidence(calls, entries))).toMatchObject({ doubles: ["a"], resends: ["a"], lostRuns: ["a"] })
  })

  it("T10: has a request too many also where the vendor refused it", () => {
    const calls = [call("a", 10, "r-1"), call("a", 20)]
    const entries = [entry("a", "finished", { run: "r-1" })]
    expect(judge(evidence(calls, entries))).toEqual({ ...nothing, resends: ["a"] })
  })

  it("T8: has lost a run that no entry has", () => {
    expect(judge(evidence([call("a", 10, "r-1")], []))).toMatchObject({ lostRuns: ["a"] })
    const abandoned = entry("a", "abandoned", { sentAt: 9, candidates: ["r-9"] })
    expect(judge(evidence([call("a", 10, "r-1")], [abandoned]))).toMatchObject({ lostRuns: ["a"] })
    const candidate = entry("a", "abandoned", { sentAt: 9, candidates: ["r-1"] })
    expect(judge(evidence([call("a", 10, "r-1")], [candidate]))).toEqual(nothing)
  })

  it("T3: has a false not started where that very request started a run", () => {
    const denied = [
      entry("a", "not-started", { sentAt: 9, endedAt: 40 }),
      entry("a", "started", { sentAt: 50, run: "r-1" }),
    ]
    const times = "a: its request arrived 1 ms after its mark, its run began at 1 ms"
    expect(judge(evidence([call("a", 10, "r-1")], denied))).toEqual({
      ...nothing,
      falseNotStarted: [`${times}, its entry was not-started at 31 ms`],
    })
    const entries = [entry("a", "started", { sentAt: 9, run: "r-1" })]
    const learned = (began: number) => [{ key: "a", at: 20, end: { _tag: "NotStarted", began } }] as const
    expect(judge(evidence([call("a", 10, "r-1")], entries, learned(11)))).toEqual({
      ...nothing,
      falseNotStarted: [`${times}, and a call that began at 2 ms learned otherwise`],
    })
    expect(judge(evidence([call("a", 10, "r-1")], entries, learned(10)))).toEqual(nothing)
  })

  it("T3: has a wrong adoption where another key, or a schedule, started the run", () => {
    const calls = [call("a", 10, "r-1"), call("b", 20, "r-2")]
    const entries = [entry("a", "finished", { run: "r-schedule" }), entry("b", "finished", { run: "r-2" })]
    expect(judge(evidence(calls, entries, [finished("b", "r-1")]))).toMatchObject({
      wrongAdoptions: [
        "a: its entry has r-schedule, started by schedule",
        "b: a caller learned of r-1 (started), started by a",
      ],
    })
  })

  it("T5: counts apart two keys that waited for one run", () => {
    const entries = [
      entry("a", "finished", { run: "r-1" }),
      entry("b", "finished", { run: "r-1", adopted: "already-running" }),
    ]
    const learned = [finished("b", "r-1")]
    expect(judge(evidence([call("a", 10, "r-1")], entries, learned))).toEqual({ ...nothing, shared: ["b: a"] })
    const lost = entry("b", "finished", { run: "r-1", adopted: "lost-answer" })
    expect(judge(evidence([call("a", 10, "r-1")], [lost]))).toMatchObject({
      shared: [],
      wrongAdoptions: [expect.any(String)],
    })
  })

  it("T3: names each open entry with what its last caller learned", () => {
    const open = [entry("exclusive", "lost"), entry("other", "sent")]
    const learned: ReadonlyArray<Learned> = [
      { key: "other", at: 1, end: { _tag: "Indeterminate", entry: "entry of other", why: "two runs", candidates: [] } },
    ]
    expect(judge(evidence([call("other", 10, "r-1")], open, learned))).toEqual({
      ...nothing,
      openExclusive: [{ key: "exclusive", state: "lost", fenceRuns: 3 }],
      openOthers: [{ key: "other", state: "sent", fenceRuns: 3, why: "two runs" }],
    })
  })

  it("names calls that ended with a defect, or with an entry that the store refused", () => {
    const failed = (code: string, message: string): Learned => ({
      key: "a",
      at: 1,
      end: { _tag: "Failed", code, message },
    })
    const learned = [
      failed("retl.network", "reset"),
      failed("defect", "undefined"),
      failed("retl.journal-failed", "mark: InvalidEntry: key"),
    ]
    expect(judge(evidence([], [], learned))).toEqual({
      ...nothing,
      defects: ["a: undefined", "a: mark: InvalidEntry: key"],
    })
  })
})
