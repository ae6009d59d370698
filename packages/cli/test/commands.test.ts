/** Every command as a process: what it prints, and its exit code. */
import { chmod, readdir, readFile, readlink, stat, symlink } from "node:fs/promises"
import { join } from "node:path"
import * as Fault from "@openretl/emulator/Fault"
import { Effect } from "effect"
import { describe, expect, it, type TestContext } from "vitest"
import * as Account from "./support/account.ts"
import { linesOf, run, start } from "./support/program.ts"

type Test = Pick<TestContext, "onTestFinished">

/** Runs a command of the account's folder. */
const at =
  (test: Test, { cwd, env }: Account.Account) =>
  (...args: ReadonlyArray<string>) =>
    run(test, args, { cwd, env })

const effect = <A>(self: Effect.Effect<A>): Promise<A> => Effect.runPromise(self)

describe("the command line", { concurrent: true, timeout: 120_000 }, () => {
  it("run triggers, waits and judges; its exit code says how the run ended", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    const [orders, refunds, leads, stopped, audience] = await Promise.all(
      ["orders", "refunds", "leads", "stopped", "audience"].map((name) => openretl("run", name)),
    )
    expect(orders).toMatchObject({ exit: 0, err: "" })
    expect(orders?.out).toMatch(/complete +orders +1,200/)
    expect(refunds).toMatchObject({ exit: 1, err: "" })
    expect(refunds?.out).toMatch(/partial +refunds +88 \+ 12 failed/)
    expect(refunds?.out).toMatch(/openretl why refunds\/\S+/)
    expect(leads).toMatchObject({ exit: 3, err: "" })
    expect(leads?.out).toMatch(/failed +leads/)
    expect(stopped).toMatchObject({ exit: 4, err: "" })
    expect(audience).toMatchObject({ exit: 5, err: "" })
    // A policy of the command line accepts what the default one does not.
    expect(await openretl("run", "refunds", "--policy", "maxFailedRatio=0.2")).toMatchObject({ exit: 0 })
    // A pipe is no terminal: no colors, no cursor movements.
    expect(orders?.out).not.toContain("\x1b")
  })

  it("runs, show and why read what there is, also those of others", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    await openretl("run", "refunds")
    const runs = await openretl("runs", "refunds", "orders", "--json")
    expect(runs).toMatchObject({ exit: 0, err: "" })
    const [line, ...others] = linesOf(runs.out)
    expect(others).toEqual([])
    expect(line).toMatchObject({
      v: 1,
      event: "run",
      sync: "refunds",
      verdict: "partial",
      accepted: false,
      rows: { succeeded: 88, failed: 12 },
    })
    const table = await openretl("runs", "refunds")
    expect(table.out).toContain(`refunds/${line?.["run"]}`)
    for (const text of table.out.trimEnd().split("\n")) expect(text.length).toBeLessThanOrEqual(80)
    const show = await openretl("show", `refunds/${line?.["run"]}`)
    expect(show).toMatchObject({ exit: 0, err: "" })
    expect(show.out).toContain(String(line?.["ref"]))
    const why = await openretl("why", "refunds")
    expect(why).toMatchObject({ exit: 1, err: "" })
    expect(why.out).toMatch(/ended partial\.\n +judged +the default policy does not accept that\n/)
    expect(why.out).toMatch(/to do +\S/)
    await openretl("run", "leads")
    const withoutText = await openretl("why", "leads")
    expect(withoutText.out).toMatch(/text +It may repeat a row\. To see it:\n +openretl why leads\/\S+ --text\n/)
    expect(withoutText.out).not.toContain("no credentials")
    expect((await openretl("why", "leads", "--text")).out).toMatch(/text +no credentials/)
    expect(await openretl("show", "orders/nope")).toMatchObject({ exit: 14 })
    expect(await openretl("why", "orders")).toMatchObject({ exit: 2, err: "orders has no runs.\n" })
  })

  it("trigger returns with the ref; wait, pending, cancel and resume go on with the run", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    const triggered = await openretl("trigger", "endless", "--key", "today")
    expect(triggered).toMatchObject({ exit: 0, err: "" })
    const short = /started (endless\/\S+)/.exec(triggered.out)?.[1] ?? ""
    expect(await openretl("trigger", "endless")).toMatchObject({
      exit: 9,
      err: expect.stringContaining("retl.already-running"),
    })
    const again = linesOf((await openretl("trigger", "endless", "--key", "today", "--json")).out)
    expect(again).toMatchObject([{ event: "trigger", result: "Joined", run: short.split("/")[1] }])
    const waited = await openretl("wait", short, "--deadline", "100 millis")
    expect(waited.exit).toBe(7)
    const pending = linesOf((await openretl("pending", "--json")).out)
    expect(pending).toMatchObject([{ event: "entry", sync: "endless", state: "started", key: "today" }])
    expect((await openretl("pending")).out).toContain(String(pending[0]?.["entry"]))
    const cancelled = await openretl("cancel", short)
    expect(cancelled).toMatchObject({ exit: 0, err: "" })
    expect(cancelled.out).toContain(`Requested that ${short} stops.`)
    const resumed = await openretl("resume")
    // RudderStack calls a run that was stopped failed.
    expect(resumed).toMatchObject({ exit: 3, err: "" })
    expect(await openretl("resume")).toMatchObject({ exit: 0, out: "The journal has nothing to go on with.\n" })
    expect(await effect(account.rudderstack.runsOf(account.ids["endless"] ?? {}))).toHaveLength(1)
  })

  it("T10: run-all with a key, started again, starts no second run; labels select, and bounds hold", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    const all = await openretl("run-all", "-l", "team=finance", "--key", "nightly/1", "--concurrency", "1", "--json")
    expect(all.exit).toBe(1)
    expect(linesOf(all.out).at(-1)).toMatchObject({
      event: "end",
      exitCode: 1,
      syncs: [
        { sync: "orders", state: "complete" },
        { sync: "refunds", state: "partial" },
      ],
    })
    const again = await openretl("run-all", "-l", "team=finance", "--key", "nightly/1", "--json")
    expect(again.exit).toBe(1)
    expect(linesOf(again.out).filter(({ event }) => event === "ended")).toMatchObject([
      { how: "remembered" },
      { how: "remembered" },
    ])
    expect(await effect(account.rudderstack.runsOf(account.ids["orders"] ?? {}))).toHaveLength(1)
    const none = await openretl("run-all", "-l", "team=nobody")
    expect(none).toMatchObject({ exit: 2, err: "No sync of the configuration has the label team=nobody.\n" })
  })

  it("fresh is a gate, and ensure makes fresh", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    expect(await openretl("fresh", "orders")).toMatchObject({ exit: 8, out: expect.stringMatching(/^never +orders/) })
    const ensured = linesOf((await openretl("ensure", "orders", "--json")).out)
    expect(ensured.find(({ event }) => event === "ended")).toMatchObject({ state: "complete", how: "started" })
    const again = linesOf((await openretl("ensure", "orders", "--json")).out)
    expect(again.find(({ event }) => event === "ended")).toMatchObject({ state: "complete", how: "fresh" })
    expect(await openretl("fresh", "orders")).toMatchObject({ exit: 0, out: expect.stringMatching(/^fresh +orders/) })
    expect(await openretl("fresh", "audience")).toMatchObject({ exit: 2 })
  })

  it("a command names no entry of a sync whose run it has seen end among what to go on with", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    expect(await openretl("trigger", "orders")).toMatchObject({ exit: 0 })
    expect(await openretl("run", "orders")).toMatchObject({ exit: 0, out: expect.not.stringContaining("To go on") })
    expect((await openretl("pending")).out).toContain("orders")
  })

  it("a run that is remembered keeps its explanation in the report", async (test) => {
    const openretl = at(test, await Account.open(test))
    await openretl("run", "refunds", "--key", "night")
    expect(await openretl("run", "refunds", "--key", "night")).toMatchObject({
      exit: 1,
      out: expect.stringMatching(/remembered: the key has had its run, the vendor reports/),
    })
  })

  it("syncs --save puts the workspace before a name that says too little, and syncs cuts no name", async (test) => {
    const account = await Account.open(test)
    await effect(account.rudderstack.addSync({ name: "Contacts" }))
    await effect(account.zeotap.addSync({ name: "Contacts" }))
    await effect(account.zeotap.addSync({ name: "Bills" }))
    await effect(account.zeotap.addSync({ name: "Bills" }))
    // As of a vendor whose syncs have numbers and no names.
    await effect(account.rudderstack.addSync({ name: "4711" }))
    await effect(account.zeotap.addSync({ name: "Newsletter recipients, weekly" }))
    const { out } = await at(test, account)("syncs", "--save")
    const { syncs } = JSON.parse(await readFile(account.path, "utf8")) as { readonly syncs: object }
    const names = ["finance-contacts", "loyalty-contacts", "bills", "bills-2", "finance-4711"]
    expect(Object.keys(syncs)).toEqual(expect.arrayContaining(names))
    // A link stays a link, and what only its owner may read stays so.
    await chmod(account.path, 0o600)
    await symlink("openretl.json", join(account.cwd, "link.json"))
    await effect(account.zeotap.addSync({ name: "Late" }))
    expect(await at(test, account)("syncs", "--save", "-c", "link.json")).toMatchObject({ exit: 0 })
    expect(await readlink(join(account.cwd, "link.json"))).toBe("openretl.json")
    expect((await stat(account.path)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(account.path, "utf8")).syncs).toHaveProperty("late")
    // What a command takes is not cut.
    expect(out).toContain("newsletter-recipients-weekly ")
  })

  it("a look that fails hides no other: runs and fresh print what they can, and end with the failure's code", async (test) => {
    const account = await Account.open(test)
    const openretl = (...args: ReadonlyArray<string>) =>
      run(test, args, { cwd: account.cwd, env: { ...account.env, SEGMENT_TOKEN: "wrong" } })
    await openretl("run", "orders")
    const runs = await openretl("runs")
    expect(runs).toMatchObject({ exit: 11, err: expect.stringContaining("retl.unauthenticated") })
    expect(runs.out).toMatch(/^orders\/\S+ +complete/m)
    // It is not known that there are none.
    expect(await openretl("runs", "audience")).toMatchObject({ exit: 11, out: "" })
    const fresh = await openretl("fresh", "orders", "audience", "--warn-after", "1 hour")
    expect(fresh).toMatchObject({ exit: 11, out: expect.stringMatching(/^fresh +orders/) })
  })

  it("commands that only read leave no file", async (test) => {
    const account = await Account.open(test)
    for (const args of [["syncs"], ["runs"], ["show", "orders/1"], ["why", "orders/1"], ["doctor"]]) {
      await at(test, account)(...args)
    }
    expect(await readdir(account.cwd)).toEqual(["openretl.json"])
  })

  it("--dry-run fails as the command would before its request", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    await openretl("trigger", "endless")
    expect(await openretl("run", "endless", "--dry-run")).toMatchObject({
      exit: 9,
      err: expect.stringContaining("retl.already-running"),
    })
    const all = await openretl("run-all", "endless", "orders", "refunds", "--dry-run", "--json")
    expect(all).toMatchObject({ exit: 9, err: expect.stringContaining("retl.already-running") })
    expect(linesOf(all.out)).toMatchObject([
      { event: "error", exitCode: 9 },
      { event: "dry-run", sync: "orders", request: { method: "POST" } },
      { event: "dry-run", sync: "refunds", request: { method: "POST" } },
    ])
  })

  it("--dry-run prints the request that would be sent, and sends none", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    const dry = await openretl("run", "orders", "--dry-run")
    expect(dry).toMatchObject({ exit: 0, err: "" })
    expect(dry.out).toMatch(/POST http:\S+\/start/)
    expect(dry.out).toContain("authorization: <redacted>")
    expect(dry.out).not.toContain(account.rudderstack.token)
    expect((await effect(account.rudderstack.calls)).filter(({ method }) => method !== "GET")).toEqual([])
    const lines = linesOf((await openretl("trigger", "orders", "--dry-run", "--json")).out)
    expect(lines).toMatchObject([
      { event: "dry-run", request: { method: "POST", headers: { authorization: "<redacted>" } } },
    ])
  })

  it("resolve and settle conclude what was lost", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    await effect(account.rudderstack.addFaults(Fault.lost("start", { commits: true })))
    // A stranger's run beside it: nothing tells which of both is ours.
    const child = await start(test, ["trigger", "endless"], account)
    await expect
      .poll(async () => (await effect(account.rudderstack.calls)).some(({ operation }) => operation === "start"), {
        timeout: 30_000,
        interval: 20,
      })
      .toBe(true)
    await effect(account.rudderstack.triggerAsStranger(account.ids["endless"] ?? {}))
    const exit = await child.exit
    if (exit === 6) {
      expect(child.err()).toContain("retl.trigger-indeterminate")
      const [entry] = linesOf((await openretl("pending", "--json")).out)
      const id = String(entry?.["entry"])
      expect(await openretl("resolve", id)).toMatchObject({
        exit: 6,
        out: expect.stringContaining("candidate endless/"),
      })
      expect(await openretl("settle", id, "abandoned")).toMatchObject({
        exit: 0,
        out: `Concluded entry ${id}: abandoned.\n`,
      })
      expect(await openretl("pending")).toMatchObject({ exit: 0, out: "The journal has nothing to go on with.\n" })
    } else {
      // The vendor refuses a second run while one is under way: then the one that there is, is ours.
      expect(exit).toBe(0)
    }
    expect(await openretl("resolve", "nope")).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/^Unknown entry "nope"/),
    })
  })

  it("what the vendor refuses, limits or lacks has exit codes of its own", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    await effect(
      account.rudderstack.addFaults(
        Fault.tooManyRequests("start", { retryAfter: "7200 seconds", sync: account.ids["orders"] ?? {} }),
      ),
    )
    expect(await openretl("trigger", "orders")).toMatchObject({ exit: 10 })
    await effect(account.rudderstack.setState(account.ids["refunds"] ?? {}, "paused"))
    expect(await openretl("trigger", "refunds")).toMatchObject({ exit: 15 })
    await openretl("trigger", "profiles")
    expect(await openretl("cancel", "profiles")).toMatchObject({
      exit: 13,
      err: expect.stringContaining("retl.unsupported"),
    })
    const { workspaces, syncs } = account.document
    await account.write({
      workspaces: { ...workspaces, finance: { ...workspaces["finance"], baseUrl: "http://127.0.0.1:9" } },
      syncs,
    })
    expect(await openretl("trigger", "orders")).toMatchObject({ exit: 12 })
  })

  it("W2, 129, 130, 143: a signal leaves the run, and the printed command goes on with it", async (test) => {
    const account = await Account.open(test)
    for (const [signal, code] of [
      ["SIGHUP", 129],
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const judging = ["--policy", "minRows=1", "--deadline", "120 minutes"]
      const first = await start(test, ["run", "endless", "--when-running", "adopt", ...judging], account)
      await first.until(/ running/)
      first.child.kill(signal)
      expect(await first.exit).toBe(code)
      expect(first.err()).toBe("")
      expect(first.out().trim().split("\n").at(-1)?.trim()).toBe(
        "openretl resume endless --deadline '2 hours' --policy minRows=1",
      )
    }
    const runs = await effect(account.rudderstack.runsOf(account.ids["endless"] ?? {}))
    expect(runs).toHaveLength(1)
    await effect(account.rudderstack.endRun(runs[0]?.id ?? ""))
    const resumed = await at(test, account)("resume", "endless")
    expect(resumed).toMatchObject({ exit: 0, err: "" })
  })

  it("W2: a signal says which syncs have not begun: the printed command triggers none of them", async (test) => {
    const account = await Account.open(test)
    const batch = await start(test, ["run-all", "endless", "orders", "refunds", "--concurrency", "1"], account)
    await batch.until(/ running/)
    batch.child.kill("SIGINT")
    expect(await batch.exit).toBe(130)
    expect(batch.out()).toContain("Not triggered, and not triggered by the command below: orders, refunds.\n")
    expect(batch.out().trim().split("\n").at(-1)?.trim()).toBe("openretl resume endless")
  })

  it("W2: a wait for a run that somebody else started prints the command that waits again", async (test) => {
    const account = await Account.open(test)
    const run = await effect(account.rudderstack.triggerAsStranger(account.ids["endless"] ?? {}))
    const waiting = await start(test, ["wait", `endless/${run}`], account)
    await waiting.until(/ running/)
    waiting.child.kill("SIGINT")
    expect(await waiting.exit).toBe(130)
    expect(waiting.out().trim().split("\n").at(-1)?.trim()).toBe(`openretl wait endless/${run}`)
  })

  it("a reader that closes standard output ends the program without a stack", async (test) => {
    const account = await Account.open(test)
    const child = await start(test, ["run", "endless"], account)
    await child.until(/ running/)
    child.child.stdout?.destroy()
    await effect(
      account.rudderstack.endRun((await effect(account.rudderstack.runsOf(account.ids["endless"] ?? {})))[0]?.id ?? ""),
    )
    expect(await child.exit).toBe(141)
    expect(child.err()).toBe("")
  })

  it("init, doctor, syncs --save, run, why: from an empty folder to a run", async (test) => {
    const account = await Account.open(test)
    const { baseUrl } = account.document.workspaces["finance"] as { readonly baseUrl: string }
    const folder = { cwd: join(account.cwd), env: account.env }
    const openretl = (...args: ReadonlyArray<string>) => run(test, ["--config", "new.json", ...args], folder)
    const init = await openretl("init", "rudderstack", "--region", "eu", "--base-url", baseUrl)
    expect(init).toMatchObject({ exit: 0, err: "" })
    expect(init.out).toContain("export RUDDERSTACK_TOKEN=")
    expect(await openretl("init", "rudderstack")).toMatchObject({
      exit: 2,
      err: expect.stringContaining("exists already"),
    })
    expect(await openretl("doctor")).toMatchObject({ exit: 0 })
    const saved = await openretl("syncs", "--save")
    expect(saved).toMatchObject({ exit: 0, err: "" })
    expect(saved.out).toMatch(/Added 4 syncs to new\.json\./)
    const { syncs } = JSON.parse(await readFile(join(folder.cwd, "new.json"), "utf8")) as { readonly syncs: object }
    const [name = ""] = Object.keys(syncs)
    expect(await openretl("run", name)).toMatchObject({ exit: 0 })
    expect(await openretl("why", name)).toMatchObject({
      exit: 0,
      out: expect.stringContaining("Nothing has to be done."),
    })
    expect(await openretl("syncs", "--save")).toMatchObject({ exit: 0, out: expect.not.stringContaining("Added") })
  })
})
