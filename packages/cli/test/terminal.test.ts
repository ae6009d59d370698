/** Commands on a pseudo terminal: what a person sees. */
import { stripVTControlCharacters } from "node:util"
import { describe, expect, it } from "vitest"
import * as Account from "./support/account.ts"
import { hasTerminal, run, start } from "./support/program.ts"

/** Returns the text without colors and cursor movements. */
const plain = (text: string): string => stripVTControlCharacters(text.replaceAll("\r", ""))

describe.skipIf(!hasTerminal)("on a terminal", { concurrent: true, timeout: 120_000 }, () => {
  it("tables fit 80 columns, with colors; NO_COLOR and TERM=dumb switch them off", async (test) => {
    const account = await Account.open(test)
    const openretl = (args: ReadonlyArray<string>, env = {}) =>
      run(test, args, { cwd: account.cwd, env: { ...account.env, ...env }, terminal: [80, 24] })
    await run(test, ["run", "refunds"], account)
    await run(test, ["trigger", "endless"], account)
    for (const args of [
      ["syncs"],
      ["runs"],
      ["doctor"],
      ["pending"],
      ["why", "refunds"],
      ["fresh", "orders"],
      ["--help"],
      ["run", "--help"],
    ]) {
      const { out } = await openretl(args)
      for (const line of plain(out).split("\n")) {
        // Nothing is cut from an id that a command takes: such a line may be longer.
        if (!/retl1\.|^[0-9a-f]{32} |^entry /.test(line))
          expect(line.length, `${args}: ${line}`).toBeLessThanOrEqual(80)
      }
    }
    expect(plain((await openretl(["pending"])).out)).toMatch(/ endless\/[0-9a-z]{16,} /)
    expect((await openretl(["runs"])).out).toContain("\x1b[")
    expect((await openretl(["runs"], { NO_COLOR: "1" })).out).not.toContain("\x1b[")
    expect((await openretl(["runs"], { TERM: "dumb" })).out).not.toContain("\x1b[")
  })

  it("every command says there what it says in a pipe, with the same exit code", async (test) => {
    const account = await Account.open(test)
    const options = { ...account, terminal: [80, 24] } as const
    const demo = run(test, ["demo"], options)
    const session: ReadonlyArray<readonly [args: ReadonlyArray<string>, exit: number, says: RegExp]> = [
      [["init", "segment", "--config", "other.json"], 0, /openretl doctor --config other\.json/],
      [["doctor"], 0, /All is well\./],
      [["syncs"], 0, /^endless +Sync 4 /m],
      [["run", "orders"], 0, /1 sync: 1 complete/],
      [["run", "refunds"], 1, /1 sync: 1 partial/],
      [["run-all", "orders", "leads"], 3, /2 syncs: 1 complete, 1 failed/],
      [["ensure", "orders"], 0, /1 sync: 1 complete/],
      [["fresh", "orders"], 0, /^fresh +orders /m],
      [["runs", "orders"], 0, /^orders\/\w+ +complete /m],
      [["show", "refunds"], 0, /88 rows delivered, 12 failed/],
      [["why", "refunds"], 1, /to do +Repair the rows that failed/],
      [["trigger", "endless", "--key", "today"], 0, /^started endless\//m],
      [["wait", "endless", "--deadline", "100 millis"], 7, /openretl resume endless/],
      [["pending"], 0, /^[0-9a-f]{32} +endless +started /m],
      [["cancel", "endless"], 0, /^Requested that endless\/\w+ stops\./m],
      [["resume"], 3, /1 sync: 1 failed/],
      [["resolve", "nope"], 2, /Unknown entry "nope"/],
      [["settle", "nope", "abandoned"], 2, /Unknown entry "nope"/],
    ]
    for (const [args, exit, says] of session) {
      const ended = await run(test, args, options)
      expect(plain(ended.out), args.join(" ")).toMatch(says)
      expect(ended.exit, args.join(" ")).toBe(exit)
    }

    const emulate = await start(test, ["emulate", "segment", "--config", "emulated.json"], options)
    await emulate.until(/Ctrl-C ends them/)
    emulate.child.stdin?.write("\x03")
    expect(await emulate.exit).toBe(130)
    expect(await demo).toMatchObject({ exit: 0, out: expect.stringMatching(/10 syncs: /) })

    const { out } = await run(test, ["--help"], account)
    const commands = Array.from(out.matchAll(/^ {2}([a-z][a-z-]*) {2,}\S/gm), ([, name]) => name)
    expect(new Set([...session.map(([[name]]) => name), "emulate", "demo"])).toEqual(new Set(commands))
  })

  it.for([
    [80, 24],
    [100, 30],
    [40, 10],
  ] as const)(
    "run-all repaints a table at %ix%i, and the final table stands at the end",
    async ([columns, rows], test) => {
      const account = await Account.open(test)
      const { exit, out } = await run(test, ["run-all", "orders", "refunds", "leads"], {
        ...account,
        terminal: [columns, rows],
      })
      expect(exit).toBe(3)
      expect(out).toContain("\x1b[?25l")
      expect(out.lastIndexOf("\x1b[?25h")).toBeGreaterThan(out.lastIndexOf("\x1b[?25l"))
      const last = plain(out).trimEnd().split("\n").slice(-9).join("\n")
      expect(last).toMatch(/outcome +sync/)
      expect(last).toMatch(/3 syncs: 1 complete, 1 partial, 1 failed/)
    },
  )

  it("130: Ctrl-C leaves the run, and the cursor is there again", async (test) => {
    const account = await Account.open(test)
    const child = await start(test, ["run", "endless"], { ...account, terminal: [80, 24] })
    await child.until(/running/)
    child.child.stdin?.write("\x03")
    expect(await child.exit).toBe(130)
    expect(child.out()).toContain("\x1b[?25h")
    expect(plain(child.out())).toContain("openretl resume endless")
  })
})
