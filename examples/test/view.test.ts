import { describe, expect, it } from "@effect/vitest"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import type { Status } from "@openretl/core/Run"
import { Run } from "@openretl/core/Run"
import { onTestFinished } from "vitest"
import * as Board from "../demo/board.ts"
import type { Happening } from "../demo/event.ts"
import * as Live from "../demo/live.ts"
import * as Paint from "../demo/paint.ts"
import * as Table from "../demo/table.ts"
import * as Words from "../demo/words.ts"

const sync = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection: "1" } })
const ref = new RunRef({ sync, run: "9" })
const task = (name: string) => ({ name, sync, settings: undefined, left: [], next: { _tag: "Trigger" as const } })
const changed = (status: Status, rows: Run["rows"], vendorStatus: string = status): Happening => ({
  _tag: "Changed",
  run: new Run({ ref, status, vendorStatus, rows, native: undefined }),
})
const cancelFailed = (board: Board.Board, name: string) => {
  const row = board.get(name)
  return row === undefined ? board : new Map(board).set(name, { ...row, notes: ["a note that is worth a few words"] })
}

const boardOf = (many: number) => {
  const names = Array.from({ length: many }, (_, index) => `sync-number-${index + 1}`)
  return names.reduce(
    (board, name) =>
      Board.after(board, { at: 0, sync: name, happening: changed("running", { succeeded: 11_988, failed: 12 }) }),
    Board.of(names.map(task)),
  )
}

describe("the table", () => {
  for (const columns of [1, 10, 30, 60, 79, 80, 100, 120, 200]) {
    it(`keeps within ${columns} columns, all lines aligned`, () => {
      const board = cancelFailed(boardOf(3), "sync-number-2")
      const lines = Table.frame(board, { columns, rows: 24 }, 65_000, Paint.none)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(1, columns - 1))
      if (columns >= 80) {
        expect(lines).toHaveLength(4)
        const [header = "", ...rows] = lines
        const at = header.indexOf("status")
        for (const row of rows) expect(row.slice(at, at + 7)).toBe("running")
        const end = header.indexOf("time") + 4
        for (const row of rows) expect(row.slice(0, end)).toMatch(/ 1 m 05 s$/)
        expect(lines.some((line) => line.includes("a note"))).toBe(columns >= 100)
      }
    })
  }

  it("is no higher than the terminal: what is over makes room first", () => {
    const ending = { _tag: "Skipped", running: undefined } as const
    const board = Board.after(boardOf(40), { at: 1, sync: "sync-number-1", happening: { _tag: "Ended", ending } })
    const lines = Table.frame(board, { columns: 80, rows: 24 }, 0, Paint.none)
    expect(lines.length).toBeLessThanOrEqual(21)
    expect(lines.join("\n")).not.toMatch(/sync-number-1 /)
    expect(lines.at(-1)).toBe("  and 21 others")
  })

  it("shows a word that nobody listed as the vendor wrote it, made harmless", () => {
    const event = { at: 0, sync: "a", happening: changed("unknown", {}, "\x1b[2Jwarm\u202eing\nup") }
    const [, line = ""] = Table.frame(
      Board.after(Board.of([task("a")]), event),
      { columns: 80, rows: 24 },
      0,
      Paint.none,
    )
    expect(line).toContain('"[2Jwarm ing up"')
  })
})

describe("the live view", () => {
  const watch = (paint: Paint.Paint) => {
    const written: Array<string> = []
    const screen = { columns: 80, rows: 24, write: (text: string) => written.push(text) }
    const view = Live.make(screen, paint, () => 0)
    onTestFinished(view.restore)
    return { view, take: () => written.splice(0).join("") }
  }

  it("paints in place, writes nothing where nothing changed, and gives the cursor back", () => {
    const { view, take } = watch(Paint.ansi)
    const board = boardOf(2)
    view.begin("title", board)
    expect(take().startsWith("\x1b[?25l")).toBe(true)
    const event = { at: 0, sync: "sync-number-1", happening: changed("running", { succeeded: 11_989, failed: 12 }) }
    view.show(event, Board.after(board, event))
    // Three lines of a table between two that are empty.
    expect(take().startsWith("\x1b[5A\r\x1b[J\n  \x1b[2msync")).toBe(true)
    view.show(event, Board.after(board, event))
    expect(take()).toBe("")
    view.end(board, { exitCode: 0, interrupted: false, resume: undefined, remarks: ["done"] })
    const last = take()
    expect(last).toContain("done")
    expect(last.endsWith("\x1b[?25h")).toBe(true)
  })

  it("prints a ref at once, above the table, where it stays", () => {
    const { view, take } = watch(Paint.none)
    const board = Board.of([task("a")])
    view.begin("title", board)
    take()
    const event = { at: 0, sync: "a", happening: { _tag: "Resumed", ref, because: "ref" } as const }
    view.show(event, Board.after(board, event))
    const [first, second] = take().split("\x1b[J")[1]?.split("\n") ?? []
    expect([first, second]).toEqual([`  a  ${ref}`, ""])
  })
})

it("numbers, times and words read well", () => {
  expect([0, 9_400, 65_000, 7_380_000].map(Words.elapsed)).toEqual(["0 s", "9 s", "1 m 05 s", "2 h 03 m"])
  expect(Words.rows({ succeeded: 11_988, failed: 12, unaccounted: 1 })).toBe("11,988 + 12 failed + 1 unaccounted")
  expect(Words.delivered({ succeeded: 1, failed: 0 })).toBe("1 row delivered")
  expect(Words.delivered({})).toBe("")
  expect(Words.printable("a\r\n\tb\x07c\u2066", 4)).toBe("a b…")
})
