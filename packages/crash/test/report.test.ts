import { describe, expect, it } from "@effect/vitest"
import type { Findings, Learned, OpenEntry } from "../src/judge.ts"
import type { Outcome } from "../src/outcome.ts"
import { points } from "../src/points.ts"
import { header, lines, problems } from "../src/report.ts"

const nothing: Findings = {
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

const outcome = (findings: Partial<Findings> = {}, learned: ReadonlyArray<Learned> = []): Outcome => ({
  kills: new Map(points.map((point) => [point, 16])),
  counts: { kills: 160, seconds: 50, "entries that are finished": 90, "entries that are abandoned": 0 },
  learned,
  findings: { ...nothing, ...findings },
})

const open = (key: string, why?: string): OpenEntry => ({
  key,
  state: "sent",
  fenceRuns: 3,
  ...(why !== undefined && { why }),
})

const failed = (message: string): Learned => ({
  key: "a",
  at: 1,
  end: { _tag: "Failed", code: "retl.network", message },
})

describe("the report of a crash test", () => {
  it("has a column for each store, one line for each cause with an example, and 80 columns", () => {
    const long = "the sync's schedule may have started the new run, and the trigger is not exclusive"
    const openOthers = [open("sync 1, occasion 9", "6 new runs could be this trigger's"), open("sync 3", long)]
    const learned = [failed("rudderstack (crash) start: Network, refused: UND_ERR_SOCKET"), failed("another one")]
    const tested = [
      { store: "SQLite", outcome: outcome({ openOthers }, learned) },
      { store: "PostgreSQL", outcome: outcome({ openOthers: [open("sync 5", "7 new runs could be this trigger's")] }) },
    ]
    const text = [...header({ seed: 7, killsPerPoint: 16 }), ...lines(tested)]
    for (const line of text) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(text.map((line) => line.replace(/ +/g, " "))).toEqual(
      expect.arrayContaining([
        " SQLite PostgreSQL",
        " after update 16 16",
        " in all 160 160",
        " lost runs 0 0",
        " N new runs could be this trigger's 1 1",
        " the trigger is not exclusive 1 0",
        " failed with retl.network 2 0",
        " sync 1, occasion 9, sent, 3 runs before its request: 6 new runs could be",
        " rudderstack (crash) start: Network, refused: UND_ERR_SOCKET",
      ]),
    )
    expect(text.join("\n")).not.toContain("abandoned")
    expect(text.filter((line) => line.includes("another one"))).toEqual([])
    expect(problems(tested, 16)).toEqual([])
  })

  it("names each bound that is broken, with its store", () => {
    const findings = {
      doubles: ["sync 1"],
      openExclusive: [open("sync 2", "two runs")],
      openOthers: [open("sync 3")],
    }
    const { kills: _, ...rest } = outcome(findings)
    const kills = new Map([...points.map((point) => [point, 16] as const), ["after mark", 15] as const])
    expect(problems([{ store: "SQLite", outcome: { ...rest, kills } }], 16)).toEqual([
      "SQLite: 15 kills after mark, expected at least 16",
      "SQLite: doubles: keys with two runs: sync 1",
      "SQLite: open entries of exclusive syncs after the resume: sync 2: two runs",
      "SQLite: open after the resume without a cause: sync 3 (sent)",
    ])
  })
})
