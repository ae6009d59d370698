/** Parts of the command line that a process shows only by chance. */
import { RunRef, SyncRef } from "@openretl/core/Ref"
import { Run } from "@openretl/core/Run"
import { DateTime, Effect, Result, Stream } from "effect"
import stringWidth from "fast-string-width"
import { describe, expect, it } from "vitest"
import { newestRuns, orderOf } from "../src/internal/commands/newestRuns.ts"
import { clockChecks } from "../src/internal/commands/observing.ts"
import { isSameSync } from "../src/internal/commands/targets.ts"
import * as JournalLocation from "../src/internal/configuration/journalLocation.ts"
import { none } from "../src/internal/terminal/color.ts"
import * as Columns from "../src/internal/terminal/columns.ts"
import * as Format from "../src/internal/terminal/format.ts"

const sync = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection: "1" } })

/** A run that began so many minutes after the first one; without a time where it waits. */
const runAt = (minutes: number | undefined) =>
  new Run({
    ref: new RunRef({ sync, run: String(minutes ?? "waiting") }),
    status: minutes === undefined ? "queued" : "succeeded",
    vendorStatus: "word",
    ...(minutes !== undefined && { startedAt: DateTime.makeUnsafe(minutes * 60_000) }),
    rows: {},
    native: undefined,
  })

describe("the newest runs of a sync", () => {
  const newest = (minutes: ReadonlyArray<number | undefined>, limit: number) =>
    Effect.runPromise(
      Effect.map(newestRuns({ list: () => Stream.fromIterable(minutes.map(runAt)) }, sync, limit), (runs) =>
        runs.map(({ ref }) => ref.run),
      ),
    )

  it.each([
    ["newest first", [3, 2, undefined]],
    ["oldest first", [undefined, 2, 3]],
    [undefined, [2, 2]],
    [undefined, [undefined, undefined]],
    [undefined, [undefined, 2]],
    [undefined, []],
  ] as const)("their order is %s in a list of %j", (order, minutes) => {
    expect(orderOf(minutes.map(runAt))).toBe(order)
  })

  it.each([
    ["newest first", [5, 4, 3, 2, 1], 1, ["5"]],
    ["oldest first", [1, 2, 3, 4, 5], 1, ["5"]],
    ["oldest first, and more than there are", [1, 2], 10, ["2", "1"]],
    ["newest first, with one that waits", [undefined, 3, 2], 2, ["waiting", "3"]],
    ["oldest first, with one that waits", [2, 3, undefined], 2, ["waiting", "3"]],
    ["one", [1], 1, ["1"]],
    ["none", [], 1, []],
  ] as const)("are found in a list that has them %s", async (_, minutes, limit, runs) => {
    expect(await newest(minutes, limit)).toEqual(runs)
  })
})

it("a ref with an optional id and one without it name the same sync", () => {
  const ref = (ids: Readonly<Record<string, string>>) => new SyncRef({ workspace: "ads", vendor: "segment", ids })
  expect(isSameSync(ref({ model: "1" }), ref({ model: "1", destination: "2" }))).toBe(true)
  expect(isSameSync(ref({ model: "1", destination: "3" }), ref({ model: "1", destination: "2" }))).toBe(false)
})

it.each([
  ["runs.db", "runs.db"],
  ["postgres://me@db/retl", "postgres://me@db/retl"],
  ["postgres://me:secret@db/retl", "postgres://me:PASSWORD@db/retl"],
  ["postgresql://db/retl?user=me&password=secret", "postgresql://db/retl?user=me&password=PASSWORD"],
])("H2: a command that goes on shows no password of the journal: %s", (place, shown) => {
  expect(JournalLocation.shown(place)).toBe(shown)
})

it.each([":memory:", "file:runs.db?mode=ro"])("%s names no file of a journal, and becomes none", (text) => {
  expect(Result.isFailure(JournalLocation.fromText(text))).toBe(true)
  expect(JournalLocation.decode({ sqlite: text }, { env: {}, folder: "." })).toMatchObject({
    failure: [{ path: ["sqlite"], message: expect.stringMatching(/^Expected the name of a file/) }],
  })
})

it("doctor warns of a clock once, under the address that it belongs to", () => {
  const ahead = new Map([
    ["https://api.one.example", 60_000],
    ["https://api.two.example", -1_000],
  ])
  expect(clockChecks(ahead, Format.elapsed)).toMatchObject([
    { check: "https://api.one.example", state: "warn", detail: "Its clock is 1 m 00 s ahead of this machine's." },
  ])
})

describe("the rows of a run", () => {
  it.each([
    [{ succeeded: 11_988, failed: 12 }, "11,988 rows delivered, 12 failed", "11,988 + 12 failed"],
    [{ succeeded: 7_640, invalid: 60 }, "7,640 rows delivered, 60 invalid", "7,640 + 60 invalid"],
    [
      { succeeded: 400, total: 1_000, unaccounted: 600 },
      "400 rows delivered, 600 unaccounted for",
      "400 + 600 unaccounted",
    ],
    [{}, "", ""],
  ])("%j are shown with every kind that was lost", (rows, sentence, cell) => {
    expect([Format.delivered(rows), Format.rows(rows)]).toEqual([sentence, cell])
  })
})

it("doctor does not blame this machine's clock for an emulator that runs faster", () => {
  const [check] = clockChecks(new Map([["http://127.0.0.1:4301", 60_000]]), Format.elapsed)
  expect(check?.guidance).toContain("An emulator with a speed runs ahead")
})

it("sentences end once, whether their texts have a stop or not", () => {
  expect(Format.sentences("HTTP 401: no token", "Check the token.")).toBe("HTTP 401: no token. Check the token.")
  expect(Format.sentences("HTTP 401: not valid.", "Check the token.")).toBe("HTTP 401: not valid. Check the token.")
  expect(Format.sentences("All is well.", "")).toBe("All is well.")
})

describe("tables with wide letters", () => {
  const names = ["注文の毎晩の同期、日本と韓国", "주문 동기화 — 매일 밤", "orders 🚀🚀🚀 nightly 👩‍👩‍👧‍👦", "orders"]
  const columns: ReadonlyArray<Columns.Column<string>> = [
    { title: "sync", cell: (name) => name },
    { title: "why", cell: () => "the vendor refused it" },
  ]

  it.each([80, 40, 30])("keep within %i columns of a terminal, with aligned columns", (width) => {
    const lines = Columns.lines(names, columns, { width, paint: none })
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    const places = lines.slice(1).map((line) => stringWidth(line.slice(0, line.lastIndexOf("  the v"))))
    expect(new Set(places).size).toBe(1)
  })
})
