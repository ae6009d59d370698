/** Lines that people copy, and lines that say what is wrong: without a process. */
import { RunRef, SyncRef } from "@openretl/core/Ref"
import { Run } from "@openretl/core/Run"
import { Deferred, Duration, Effect, Stream } from "effect"
import * as CliError from "effect/cli/CliError"
import { describe, expect, it } from "vitest"
import * as Flags from "../src/internal/commands/flags.ts"
import * as Table from "../src/internal/commands/table.ts"
import * as Targets from "../src/internal/commands/targets.ts"
import * as Usage from "../src/internal/commands/usage.ts"
import * as Board from "../src/internal/tasks/board.ts"
import * as Report from "../src/internal/tasks/report.ts"
import * as LiveTable from "../src/internal/tasks/table.ts"
import * as Color from "../src/internal/terminal/color.ts"
import * as CommandLine from "../src/internal/terminal/commandLine.ts"
import * as Format from "../src/internal/terminal/format.ts"
import * as Log from "../src/internal/terminal/log.ts"
import * as Printer from "../src/internal/terminal/printer.ts"
import { wrap } from "../src/internal/terminal/wrap.ts"

const sync = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection: "1" } })

describe("printed commands", () => {
  it("a name that begins with - is read as a name, and flags stand before it", () => {
    expect(CommandLine.text("wait", ["--journal", "a.db"], ["--help/9", "orders/1"])).toBe(
      "openretl wait --journal a.db -- --help/9 orders/1",
    )
    expect(CommandLine.text("why", [], ["-n/9"], ["--text"])).toBe("openretl why --text -- -n/9")
    expect(CommandLine.text("why", [], ["orders/9"], ["--text"])).toBe("openretl why orders/9 --text")
  })

  it("a value that begins with - follows its flag and =", () => {
    const words = CommandLine.flag("--config", "-mine.json")
    expect(CommandLine.problems(words)).toEqual([])
    expect(CommandLine.text("runs", words)).toBe("openretl runs --config=-mine.json")
    expect(CommandLine.flag("--config", "mine.json")).toEqual(["--config", "mine.json"])
  })
})

describe("a printed command judges as the command that printed it", () => {
  it("why has its policy", () => {
    const run = new Run({
      ref: new RunRef({ sync, run: "9" }),
      status: "succeeded",
      vendorStatus: "done",
      rows: { succeeded: 1 },
      native: undefined,
    })
    const task = { name: "orders", sync, settings: undefined, wait: {}, next: { _tag: "Ensure" as const, options: {} } }
    const ending = { _tag: "Finished", finished: { run, verdict: "partial", accepted: false } } as const
    const event = { at: 0, sync: "orders", progress: { _tag: "Ended", ending } } as const
    const policy = Flags.policyWords({ minRows: "5", maxFailedRatio: "0.1" })
    const closing = { exitCode: 1, interrupted: false, resume: undefined, flags: ["-c", "a.json"], policy, remarks: [] }
    const lines = Report.lines(Board.update(Board.make([task]), event), closing, { width: 80, paint: Color.none })
    expect(lines).toContain(`  openretl why -c a.json ${run.ref} --policy minRows=5 --policy maxFailedRatio=0.1`)
  })

  it.each([
    ["90 seconds", "90 seconds"],
    ["120 minutes", "2 hours"],
    ["1 day", "1 day"],
    ["1.5 days", "36 hours"],
    ["0.5 seconds", "500 millis"],
  ] as const)("a deadline of %s is %s", (text, words) => {
    expect(Flags.deadlineWords(Duration.fromInputUnsafe(text))).toEqual(["--deadline", words])
  })
})

describe("what is wrong with a command line", () => {
  const unrecognized = (option: string, suggestions: ReadonlyArray<string> = []) =>
    Usage.messageOf(new CliError.UnrecognizedOption({ option, suggestions, command: ["openretl", "run"] }))

  it.each([
    ["--jsn", "--json"],
    ["--Json", "--json"],
    ["--jornal", "--journal"],
    ["--confg", "--config"],
    ["--hlep", "--help"],
    ["--verison", "--version"],
  ])("%s: the flags of all commands are suggested, too", (option, nearest) => {
    expect(unrecognized(option)).toBe(`Unrecognized flag: ${option} in command openretl run. Did you mean ${nearest}?`)
  })

  it("flags of the command go before, and a letter is near no other", () => {
    expect(unrecognized("--polcy", ["--policy"])).toMatch(/\. Did you mean --policy\?$/)
    expect(unrecognized("--verbose")).toBe("Unrecognized flag: --verbose in command openretl run")
    expect(unrecognized("-x", ["-l", "-n"])).toBe("Unrecognized flag: -x in command openretl run")
  })

  it("a value is refused in one sentence", () => {
    const message = (value: string, expected: string) =>
      Usage.messageOf(new CliError.InvalidValue({ option: "label", value, expected, kind: "flag" }))
    expect(message("1h", 'Schema validation failed: Expected a duration, as in "90 seconds"')).toBe(
      'Invalid value for flag --label: "1h". Expected a duration, as in "90 seconds"',
    )
    expect(message("team", "Invalid key=value format. Expected format: key=value, got: team")).toBe(
      'Invalid value for flag --label: "team". Expected name=value',
    )
  })

  it.each([
    [["--json"], true],
    [["--json", "true", "-c", "a.json", "--journal=b.db"], true],
    [["--json", "runs"], false],
    [["--json", "--help"], false],
    [["--config", "runs", "doctor"], false],
  ])("%j: whether it names nothing to do is %s", (words, expected) => {
    expect(CommandLine.namesNothing(words)).toBe(expected)
  })
})

describe("nothing is cut that is needed", () => {
  it("a table is cut for a terminal alone", () => {
    const streamsOf = (stdout: object) => ({
      stdout: { write: () => true, ...stdout },
      stderr: { write: () => true },
      env: {},
    })
    const piped = Printer.make(streamsOf({}), false)
    expect([piped.columns, piped.tableWidth]).toEqual([80, Number.POSITIVE_INFINITY])
    const shown = Printer.make(streamsOf({ isTTY: true, columns: 60 }), false)
    expect([shown.columns, shown.tableWidth]).toEqual([60, 60])
  })

  it("a time of minutes or hours is whole at 80 columns", () => {
    const name = "a-sync-with-a-long-name-of-forty-letters"
    const task = { name, sync, settings: undefined, wait: {}, next: { _tag: "Ensure" as const, options: {} } }
    const run = new Run({
      ref: new RunRef({ sync, run: "9" }),
      status: "running",
      vendorStatus: "running",
      rows: { succeeded: 1_000_000, failed: 22_000, unaccounted: 3_000 },
      native: undefined,
    })
    const board = Board.update(Board.make([task]), { at: 0, sync: name, progress: { _tag: "Changed", run } })
    const lines = LiveTable.lines(board, { columns: 80, rows: 24 }, 12 * 60_000 + 5_000, Color.none)
    expect(lines.at(-1)).toContain(" 12 m 05 s")
    for (const line of lines) expect(line.length).toBeLessThan(80)
  })

  it("wide letters wrap by the columns that they take", () => {
    expect(wrap("注文 注文 orders 注文", 11)).toEqual(["注文 注文", "orders 注文"])
  })

  it("a log line has whole refs", () => {
    const ref = `retl1.run.rudderstack.crm.${"9".repeat(60)}.-.connection.1`
    const line = Format.logLine("Error", "The entry stays open", { run: ref, other: "x".repeat(80) })
    expect(line).toBe(`error: The entry stays open run=${ref} other=${"x".repeat(59)}…`)
  })

  it("a letter of two units stays whole, or goes", () => {
    expect([Format.printable("ab🚀c", 4), Format.printable("a🚀bc", 4)]).toEqual(["ab…", "a🚀…"])
  })

  it("the lines of fresh are aligned, whatever the names", () => {
    const names = ["orders", "a-sync-with-a-name-of-more-than-twenty-letters"]
    const run = new Run({
      ref: new RunRef({ sync, run: "9" }),
      status: "succeeded",
      vendorStatus: "done",
      rows: {},
      native: undefined,
    })
    const lines = Table.freshnessLines(
      { syncs: [] },
      names.map((name, index) => ({ name, freshness: { _tag: "Fresh", run, age: Duration.seconds(1 + 100 * index) } })),
      Color.none,
    )
    expect(new Set(lines.map((line) => line.indexOf("retl1.run."))).size).toBe(1)
    expect(lines[1]).toContain("letters  1 m 41 s old  retl1.run.")
  })
})

it("OPENRETL_LOG shows all log lines, but where it is empty or 0", () => {
  expect(["1", "all", "", "0", undefined].map((value) => Log.levelOf({ OPENRETL_LOG: value }))).toEqual([
    "All",
    "All",
    "Warn",
    "Warn",
    "Warn",
  ])
})

it("a command that was stopped says so to programs, once", () => {
  const written: Array<string> = []
  const streams = { stdout: { write: (text: string) => written.push(text) }, stderr: { write: () => true }, env: {} }
  const printer = Printer.make(streams, true)
  Effect.runSync(Effect.andThen(printer.stopped({ resume: "openretl resume orders" }), printer.stopped()))
  expect(written.map((line) => JSON.parse(line))).toEqual([
    { v: 1, event: "stopped", resume: "openretl resume orders" },
  ])
})

it("the newest runs of several syncs are read at once, and come in the order of their names", async () => {
  const targets = ["2", "1"].map((connection) => {
    const ref = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection } })
    return { run: undefined, target: { name: connection, ref, sync: undefined } }
  })
  const isReading = Deferred.makeUnsafe<void>()
  let readings = 0
  const list = (ref: SyncRef) =>
    Stream.fromEffect(
      Effect.gen(function* () {
        if (++readings === 2) yield* Deferred.succeed(isReading, undefined)
        yield* Deferred.await(isReading)
        const run = new RunRef({ sync: ref, run: `${ref.ids["connection"]}-newest` })
        return new Run({ ref: run, status: "running", vendorStatus: "running", rows: {}, native: undefined })
      }),
    )
  const found = await Effect.runPromise(Targets.allNewest({ list }, targets))
  expect(found.map(({ run }) => run.run)).toEqual(["2-newest", "1-newest"])
})

describe("which sync of thousands a ref names", () => {
  const refOf = (ids: Readonly<Record<string, string>>) => new SyncRef({ workspace: "ads", vendor: "segment", ids })

  it("the one with the same ids goes before one with an id less or more", () => {
    const refs = [
      refOf({ model: "1" }),
      refOf({ model: "1", destination: "2" }),
      refOf({ model: "2", destination: "3" }),
    ]
    const find = Targets.finder(refs, (ref) => ref)
    expect(find(refOf({ destination: "2", model: "1" }))).toBe(refs[1])
    expect(find(refOf({ model: "1", destination: "9" }))).toBe(refs[0])
    expect(find(refOf({ model: "2" }))).toBe(refs[2])
    expect(find(refOf({ model: "3" }))).toBeUndefined()
    expect(find(new SyncRef({ workspace: "other", vendor: "segment", ids: { model: "1" } }))).toBeUndefined()
  })

  it("a ref that none names is not compared with each", () => {
    let reads = 0
    const refs = Array.from({ length: 2_000 }, (_, index) => refOf({ model: String(index) }))
    const find = Targets.finder(refs, (ref) => {
      reads++
      return ref
    })
    for (let index = 0; index < 5_000; index++) find(refOf({ model: `other-${index}` }))
    expect(reads).toBe(2_000)
  })
})
