import { describe, expect, it } from "@effect/vitest"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import type { Status } from "@openretl/core/Run"
import { Run } from "@openretl/core/Run"
import { onTestFinished } from "vitest"
import * as Board from "../src/internal/tasks/board.ts"
import type { Progress } from "../src/internal/tasks/event.ts"
import * as Json from "../src/internal/tasks/json.ts"
import * as Live from "../src/internal/tasks/live.ts"
import * as Sentences from "../src/internal/tasks/sentences.ts"
import * as Table from "../src/internal/tasks/table.ts"
import * as Color from "../src/internal/terminal/color.ts"
import * as CommandLine from "../src/internal/terminal/commandLine.ts"
import * as Format from "../src/internal/terminal/format.ts"
import { jsonLine } from "../src/internal/terminal/printer.ts"

const sync = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection: "1" } })
const ref = new RunRef({ sync, run: "9" })
const taskNamed = (name: string) => ({
  name,
  sync,
  settings: undefined,
  wait: {},
  next: { _tag: "Trigger" as const, options: { whenRunning: "fail" as const } },
})
const changed = (status: Status, rows: Run["rows"], vendorStatus: string = status): Progress => ({
  _tag: "Changed",
  run: new Run({ ref, status, vendorStatus, rows, native: undefined }),
})
const withNote = (board: Board.Board, name: string) => {
  const row = board.get(name)
  return row === undefined ? board : new Map(board).set(name, { ...row, notes: ["a note that is worth a few words"] })
}

const boardOf = (count: number) => {
  const names = Array.from({ length: count }, (_, index) => `sync-number-${index + 1}`)
  return names.reduce(
    (board, name) =>
      Board.update(board, { at: 0, sync: name, progress: changed("running", { succeeded: 11_988, failed: 12 }) }),
    Board.make(names.map(taskNamed)),
  )
}

describe("the table", () => {
  it.each([1, 10, 30, 60, 71, 72, 74, 76, 79, 80, 100, 120, 200])(
    "keeps within %i columns, with all lines aligned",
    (columns) => {
      const board = withNote(boardOf(3), "sync-number-2")
      const lines = Table.lines(board, { columns, rows: 24 }, 65_000, Color.none)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(1, columns - 1))
      if (columns >= 80) {
        expect(lines).toHaveLength(4)
        const [header = "", ...rows] = lines
        const statusAt = header.indexOf("status")
        for (const row of rows) expect(row.slice(statusAt, statusAt + 7)).toBe("running")
        const timeEnd = header.indexOf("time") + 4
        for (const row of rows) expect(row.slice(0, timeEnd)).toMatch(/ 1 m 05 s$/)
        expect(lines.some((line) => line.includes("a note"))).toBe(true)
      }
    },
  )

  it("is no higher than the terminal and hides ended syncs first", () => {
    const ending = { _tag: "Skipped", running: undefined } as const
    const board = Board.update(boardOf(40), { at: 1, sync: "sync-number-1", progress: { _tag: "Ended", ending } })
    const lines = Table.lines(board, { columns: 80, rows: 24 }, 0, Color.none)
    expect(lines.length).toBeLessThanOrEqual(21)
    expect(lines.join("\n")).not.toMatch(/sync-number-1 /)
    expect(lines.at(-1)).toBe("  and 21 others")
  })

  it("shows an unknown status as the vendor wrote it, without control characters", () => {
    const event = { at: 0, sync: "a", progress: changed("unknown", {}, "\x1b[2Jwarm\u202eing\nup") }
    const [, line = ""] = Table.lines(
      Board.update(Board.make([taskNamed("a")]), event),
      { columns: 80, rows: 24 },
      0,
      Color.none,
    )
    expect(line).toContain('"[2Jwarm ing up"')
  })
})

it("the id of a run that is no plain word is shown inside its ref, which terminals and shells take as it is", () => {
  for (const id of ["1\x1b[2J", "7; rm -rf .", "a/b", "\u202e1", "läuft"]) {
    const odd = new RunRef({ sync, run: id })
    const short = Board.shortRef({ ref: odd, syncName: "orders" })
    expect(short).toBe(String(odd))
    expect(CommandLine.text("wait", [], [short])).toMatch(/^openretl wait retl1\.run\.[\w.~-]+$/)
  }
  expect(Board.shortRef({ ref, syncName: "orders" })).toBe("orders/9")
  expect(CommandLine.text("resume", ["-c", "it's mine.json", "~"])).toBe("openretl resume -c 'it'\\''s mine.json' '~'")
})

it("a vendor's code of a run that failed is masked: it may repeat a value of a row", () => {
  const run = new Run({
    ref,
    status: "failed",
    vendorStatus: "failed",
    rows: {},
    errorCode: "jane@example.com\x1b[2J",
    native: undefined,
  })
  const ending = { _tag: "Finished", finished: { run, verdict: "failed", accepted: false } } as const
  const written: Array<string> = []
  const view = Json.make((text) => written.push(text))
  for (const progress of [{ _tag: "Changed", run } as const, { _tag: "Ended", ending } as const]) {
    view.show({ at: 0, sync: "a", progress }, new Map())
  }
  expect(written.map((line) => JSON.parse(line).errorCode)).toEqual(["[address][2J", "[address][2J"])
  expect(Sentences.ended(ending)).toBe("[address][2J")
})

it("a JSON line has no character that breaks a line or that a terminal obeys, and says the same", () => {
  const text = "a\u2028b\u0085c\u009b2J\u202ed\u0000"
  const line = jsonLine({ text })
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(JSON.parse(line)).toEqual({ text })
})

describe("the live view", () => {
  const makeView = (paint: Color.Paint) => {
    const written: Array<string> = []
    const screen = { columns: 80, rows: 24, write: (text: string) => written.push(text) }
    const view = Live.make(screen, paint, () => 0)
    onTestFinished(view.restore)
    return { view, takeWritten: () => written.splice(0).join("") }
  }

  it("repaints in place, writes nothing when nothing changed, and shows the cursor again at the end", () => {
    const { view, takeWritten } = makeView(Color.ansi)
    const board = boardOf(2)
    view.begin("title", board)
    expect(takeWritten().startsWith("\x1b[?25l")).toBe(true)
    const event = { at: 0, sync: "sync-number-1", progress: changed("running", { succeeded: 11_989, failed: 12 }) }
    view.show(event, Board.update(board, event))
    // Three lines of a table between two empty ones.
    expect(takeWritten().startsWith("\x1b[5A\r\x1b[J\n  \x1b[2msync")).toBe(true)
    view.show(event, Board.update(board, event))
    expect(takeWritten()).toBe("")
    view.end(board, { exitCode: 0, interrupted: false, resume: undefined, flags: [], policy: [], remarks: ["done"] })
    const ending = takeWritten()
    expect(ending).toContain("done")
    expect(ending.endsWith("\x1b[?25h")).toBe(true)
  })

  it("prints a ref at once, above the table, where it stays", () => {
    const { view, takeWritten } = makeView(Color.none)
    const board = Board.make([taskNamed("a")])
    view.begin("title", board)
    takeWritten()
    const event = { at: 0, sync: "a", progress: { _tag: "Resumed", ref, because: "ref" } as const }
    view.show(event, Board.update(board, event))
    const [first, second] = takeWritten().split("\x1b[J")[1]?.split("\n") ?? []
    expect([first, second]).toEqual([`  a  ${ref}`, ""])
  })
})

it("numbers, durations and foreign text are formatted for people", () => {
  expect([0, 9_400, 65_000, 7_380_000].map(Format.elapsed)).toEqual(["0 s", "9 s", "1 m 05 s", "2 h 03 m"])
  expect(Format.rows({ succeeded: 11_988, failed: 12, unaccounted: 1 })).toBe("11,988 + 12 failed + 1 unaccounted")
  expect(Format.delivered({ succeeded: 1, failed: 0 })).toBe("1 row delivered")
  expect(Format.delivered({})).toBe("")
  expect(Format.printable("a\r\n\tb\x07c\u2066", 4)).toBe("a b…")
})
