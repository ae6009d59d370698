/** Open workspaces as one fleet. */
import { describe, expect, it } from "@effect/vitest"
import { type Context, Effect, Redacted } from "effect"
import { JournalError, NotAJournal } from "../src/model/JournalError.ts"
import { RunRef } from "../src/model/Ref.ts"
import type { JobReport } from "../src/model/Report.ts"
import * as Open from "../src/Open.ts"
import { sync } from "./support/fakeDriver.ts"
import { opening, options, record, rejected } from "./support/opened.ts"

describe("openFleet", () => {
  const named = (name: string, context: Context.Context<never>, onClose?: Effect.Effect<void>) =>
    opening(context, onClose).open({ ...options, name })

  it("finds the workspace by the ref, and closes them all", async () => {
    const { context, note, did } = record()
    const other = record()
    const fleet = await Open.openFleet({
      crm: named("crm", context, note("closed crm")),
      ads: named("ads", other.context, note("closed ads")),
    })
    expect(await fleet.run(sync("s1", "ads"), { whenRunning: "wait" })).toBe("ran")
    expect(other.did).toHaveLength(1)
    expect(await fleet.workspaces.crm.pending()).toEqual(["entry"])
    expect(await rejected(fleet.get(new RunRef({ sync: sync("s1", "erp"), run: "r" })))).toMatchObject({
      code: "retl.wrong-workspace",
      at: expect.stringContaining("openFleet.test.ts"),
    })
    expect(await rejected(fleet.cancel(new RunRef({ sync: sync("s1", "crm"), run: "r" })))).toMatchObject({
      code: "retl.unsupported",
    })
    await fleet.close()
    expect(did).toEqual([["closed crm"], ["closed ads"]])
    expect(await rejected(fleet.workspaces.ads.pending())).toMatchObject({ code: "retl.stopped" })
  })

  it("F7: runs a batch, whose signal stops it", async () => {
    const { context } = record()
    const fleet = await Open.openFleet({ crm: named("crm", context) })
    const reports: Array<JobReport> = []
    const aborted = fleet.runAll([{ name: "orders", sync: sync("s1", "crm") }], {
      whenRunning: "wait",
      signal: AbortSignal.abort("stop"),
      onEnd: (report) => reports.push(report),
    })
    expect(await rejected(aborted)).toBe("stop")
    expect(String(await rejected(fleet.runAll([])))).toContain("jobs: Expected a list of 1 to 1000 jobs")
    await fleet.close()
  })

  it("F4: a token that is not there is another problem than one that is wrong", async () => {
    const { context } = record()
    const open = (name: string, token: unknown) => opening(context).open({ name, token: token as string })
    const error = await rejected(
      Open.openFleet({
        a: open("a", ""),
        b: open("b", undefined),
        c: open("c", Redacted.make("")),
        d: open("d", "a b"),
      }),
    )
    for (const name of ["a", "b", "c"])
      expect(String(error)).toContain(`${name}.token: Expected a token: there is none`)
    expect(String(error)).toContain("d.token: Expected a token without spaces")
  })

  it("rejects with the problems of all workspaces, and closes those that are open", async () => {
    const { context, note, did } = record()
    const error = await rejected(
      Open.openFleet({
        crm: named("crm", context, note("closed")),
        ads: named("a d s", context),
        erp: opening(context).open({ name: "erp", token: "" }),
      }),
    )
    expect(error).toMatchObject({ code: "retl.invalid-request", vendor: "fleet" })
    for (const path of ["ads.name", "erp.token"]) expect(String(error)).toContain(`${path}: Expected`)
    expect(did).toEqual([["closed"]])
    expect(String(await rejected(Open.openFleet({ crm: {} as never })))).toContain("crm: Expected what the open")
    expect(String(await rejected(Open.openFleet({ ads: named("crm", context) })))).toContain(
      `the workspace's name, "crm"`,
    )
    const broken = new JournalError({
      store: "SQLite",
      operation: "open",
      reason: new NotAJournal({ instead: "a picture" }),
    })
    const failing = opening(context).open({ ...options, journal: Effect.fail(broken) })
    expect(await rejected(Open.openFleet({ test: failing, ads: named("a d s", context) }))).toMatchObject({
      code: "retl.journal-failed",
    })
  })
})
