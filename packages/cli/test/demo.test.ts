/** The demo, and commands that run against its emulators in another process. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { allStates } from "@openretl/core/JournalEntry"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { isLong } from "../../../scripts/forms.ts"
import { linesOf, run, start, type Test } from "./support/program.ts"

/** Returns the state of every ended sync by its name. */
const endedStates = (out: string) =>
  Object.fromEntries(linesOf(out).flatMap((line) => (line.event === "ended" ? [[line["sync"], line["state"]]] : [])))

/** Returns the id of every run by the name of its sync. */
const runsBySync = (out: string) =>
  Object.fromEntries(
    linesOf(out).flatMap(({ sync, ref }) =>
      typeof sync === "string" && typeof ref === "string" ? [[sync, ref.split(".").slice(2, 5).join(".")]] : [],
    ),
  )

/** Returns the states of all entries in a journal that another process uses. */
const statesIn = (filename: string) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const journal = yield* SqliteJournal.make({ filename })
        const { entries } = yield* journal.list({ states: allStates })
        return entries.map(({ entry }) => entry.state)
      }),
    ),
  )

/**
 * Serves the demo's emulators from another process. The faster the emulated clock, the sooner a busy machine makes a run look
 * too late for its trigger.
 */
const serve = async (test: Test, speed: number) => {
  const cwd = await mkdtemp(join(tmpdir(), "openretl-demo-"))
  test.onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const serving = await start(test, ["demo", "--serve", "openretl.json", "--speed", String(speed)], { cwd })
  await serving.until(/# serving/)
  const env = Object.fromEntries(
    Array.from(serving.out().matchAll(/^export (\w+)=(\S+)$/gm), ([, name = "", token = ""]) => [name, token]),
  )
  expect(Object.keys(env)).toHaveLength(6)
  return { cwd, env, journal: join(cwd, "openretl.journal.db") }
}

const expectedStates = {
  "orders-to-crm": "complete",
  "refunds-to-ads": "partial",
  "invoices-to-erp": "complete",
  "leads-to-crm": "failed",
  "audience-to-ads": "cancelled",
  "profiles-to-email": "complete",
  "loyalty-to-app": "tolerated",
  "contacts-to-help": "complete",
  "accounts-to-crm": "partial",
  "usage-to-crm": "complete",
}
/** Where only the demo cancels, the run goes on to its end. */
const uncancelled = { ...expectedStates, "audience-to-ads": "complete" }
const syncCount = Object.keys(expectedStates).length

describe("the demo", { concurrent: true, timeout: 180_000 }, () => {
  // Its emulators run at ten times the real speed: where the machine stands still for a second, they do not, and once more
  // is allowed.
  it("T3, F1: ends as staged: the run behind a lost answer is found, and the cancel that Zeotap lacks is not sent", {
    retry: 1,
  }, async (test) => {
    const { exit, out, err } = await run(test, ["demo", "--json"], { cwd: tmpdir() })
    expect({ exit, err }, out).toEqual({ exit: 0, err: "" })
    expect(endedStates(out)).toEqual(expectedStates)
    expect(linesOf(out)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ sync: "invoices-to-erp", result: "Adopted", because: "lost-answer" }),
        expect.objectContaining({ sync: "audience-to-ads", event: "cancel", result: "Requested" }),
        expect.objectContaining({
          sync: "profiles-to-email",
          event: "cancel",
          error: expect.objectContaining({ code: "retl.unsupported", delivery: "not-sent" }),
        }),
        expect.objectContaining({
          event: "end",
          exitCode: 0,
          remarks: ["The vendors counted 11 triggers, 10 runs, 1 cancel, and 0 requests over a limit."],
        }),
      ]),
    )
  })

  // In the short form the tests of core and the crash tests prove it.
  if (isLong) {
    it("T8: a signal after a lost answer leaves the entry in the journal, and resume goes on with it", async (test) => {
      const served = await serve(test, 4)
      const first = await start(test, ["run-all", "--json"], served)
      await first.until(/"event":"triggered"/, syncCount - 1)
      first.child.kill("SIGTERM")
      expect(await first.exit).toBe(143)
      expect(first.out()).not.toMatch(/"sync":"invoices-to-erp","event":"triggered"/)
      expect(linesOf(first.out()).at(-1)?.["resume"]).toMatch(/^openretl resume .*invoices-to-erp/)

      const second = await run(test, ["resume", "--json"], served)
      expect(endedStates(second.out)).toEqual({
        ...uncancelled,
        "loyalty-to-app": expect.any(String),
        "audience-to-ads": expect.any(String),
      })
      expect(linesOf(second.out)).toContainEqual(
        expect.objectContaining({ sync: "invoices-to-erp", event: "resumed", because: "journal" }),
      )
      expect(second.out).not.toContain('"event":"triggering"')
      // Its end is in the journal now.
      const third = await run(test, ["resume", "--json"], served)
      expect(third.exit).toBe(0)
      expect(linesOf(third.out)).toMatchObject([{ event: "end", syncs: [] }])
    })

    it("T10: a kill after a lost answer starts no second run: two starts with its key at once go on with its runs", async (test) => {
      const served = await serve(test, 4)
      const args = ["run-all", "--key", "nightly/2026-11-28", "--json"]
      const first = await start(test, args, served)
      await first.until(/"event":"triggered"/, syncCount - 1)
      await test.expect.poll(() => statesIn(served.journal), { interval: 10, timeout: 10_000 }).toContain("lost")
      first.child.kill("SIGKILL")
      expect(await first.exit).toBe("SIGKILL")
      expect(first.out()).not.toMatch(/"sync":"invoices-to-erp","event":"triggered"/)

      const both = await Promise.all([run(test, args, served), run(test, args, served)])
      const refs = both.map(({ out }) => runsBySync(out))
      expect(Object.keys(refs[0] ?? {})).toHaveLength(syncCount)
      expect(refs[0]).toEqual(refs[1])
      expect(refs[0]).toMatchObject(runsBySync(first.out()))
      for (const { exit } of both) expect(exit).toBe(3)

      const later = await run(test, args, served)
      expect(runsBySync(later.out)).toEqual(refs[0])
      expect(linesOf(later.out).filter(({ how }) => how === "remembered")).toHaveLength(syncCount)
    })
  }
})
