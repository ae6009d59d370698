/** What stands in the way on this machine: a full disk, a port that is taken, a file that is there, a journal that breaks. */
import { existsSync } from "node:fs"
import { readdir, readFile, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it, type TestContext } from "vitest"
import * as Account from "./support/account.ts"
import { linesOf, run, start } from "./support/program.ts"

type Test = Pick<TestContext, "onTestFinished">

const at =
  (test: Test, { cwd, env }: Account.Account) =>
  (...args: ReadonlyArray<string>) =>
    run(test, args, { cwd, env })

/** A line of a run that is under way. */
const isRunning = /"running"/

/** Linux has a device that is always full. */
const hasFullDisk = existsSync("/dev/full")

describe("bad surroundings", { concurrent: true, timeout: 120_000 }, () => {
  it.skipIf(!hasFullDisk)(
    "a full disk behind standard output ends the program without a stack, and leaves the run",
    async (test) => {
      const account = await Account.open(test)
      const { exit, err } = await run(test, ["runs", "--json"], { ...account, stdout: "/dev/full" })
      expect(exit).toBe(141)
      expect(err).toBe("Standard output cannot be written: ENOSPC\n")
    },
  )

  it.skipIf(!hasFullDisk)("a full disk behind standard error changes no exit code", async (test) => {
    const account = await Account.open(test)
    expect(await run(test, ["run", "ordres"], { ...account, stderr: "/dev/full" })).toMatchObject({ exit: 2 })
  })

  it("emulate says that a port is taken", async (test) => {
    const account = await Account.open(test)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    test.onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const args = ["emulate", "segment", "--port", String(port), "--config", "emulated.json"]
    expect(await at(test, account)(...args)).toMatchObject({
      exit: 2,
      err: `--port: Expected a port that is free: ${port} is not (EADDRINUSE)\n`,
    })
    expect(await readdir(account.cwd)).toEqual(["openretl.json"])
  })

  it("demo --serve leaves a file that is there alone, and says where it cannot write", async (test) => {
    const account = await Account.open(test)
    const before = await readFile(account.path, "utf8")
    const { exit, err } = await at(test, account)("demo", "--serve", "openretl.json")
    expect(exit).toBe(2)
    expect(err).toMatch(/^openretl\.json exists already\./)
    expect(await readFile(account.path, "utf8")).toBe(before)
    expect(await at(test, account)("demo", "--serve", "no/such/folder.json")).toMatchObject({
      exit: 2,
      err: "no/such/folder.json: Expected a file that can be written: ENOENT\n",
    })
  })

  it("--dry-run leaves no file, and needs no journal", async (test) => {
    const account = await Account.open(test)
    for (const args of [["run", "orders"], ["run-all"], ["ensure", "orders"], ["trigger", "orders"]]) {
      expect(await at(test, account)(...args, "--dry-run", "--journal", "no/such/folder.db")).toMatchObject({ exit: 0 })
      expect(await at(test, account)(...args, "--dry-run")).toMatchObject({ exit: 0 })
    }
    await at(test, account)("cancel", "orders/7", "--dry-run")
    expect(await readdir(account.cwd)).toEqual(["openretl.json"])
  })

  it("a journal that breaks while a command waits hides neither its report nor the command that goes on", async (test) => {
    const account = await Account.open(test)
    const waiting = await start(test, ["run", "endless", "--json"], account)
    await waiting.until(isRunning)
    const journal = new DatabaseSync(join(account.cwd, "openretl.journal.db"))
    const tables = journal.prepare("select name from sqlite_master where type = 'table'").all()
    for (const { name } of tables) if (!String(name).startsWith("sqlite_")) journal.exec(`drop table "${name}"`)
    journal.close()
    waiting.child.kill("SIGINT")
    expect(await waiting.exit).toBe(130)
    const end = linesOf(waiting.out()).at(-1)
    expect(end).toMatchObject({
      event: "end",
      exitCode: 130,
      interrupted: true,
      resume: expect.stringMatching(/^openretl wait endless\/\S+$/),
      remarks: [expect.stringMatching(/^journal /), `The journal is ${join(account.cwd, "openretl.journal.db")}.`],
    })
  })

  it("70: what nothing in this program catches is a mistake of it, not the end of a run", async (test) => {
    const account = await Account.open(test)
    // It throws after the first line.
    const late = "setTimeout(()=>{throw(Error('late'))},0)"
    const script = `w=process.stdout.write;process.stdout.write=(...a)=>(${late},w.apply(process.stdout,a))`
    const env = { ...account.env, NODE_OPTIONS: `--import=data:text/javascript,globalThis.${script}` }
    const args = ["emulate", "segment", "-c", "emulated.json", "--json"]
    const { exit, out, err } = await run(test, args, { ...account, env })
    expect(exit).toBe(70)
    expect(err).toMatch(/^A mistake in this program:\nError: late\n/)
    expect(linesOf(out).at(-1)).toEqual({ v: 1, event: "error", exitCode: 70, code: "defect", message: "late" })
  })

  it("a journal that cannot be opened is named", async (test) => {
    const account = await Account.open(test)
    const { exit, out, err } = await at(test, account)("pending", "--journal", "no/such/folder.db", "--json")
    const journal = join(account.cwd, "no/such/folder.db")
    expect(exit).toBe(12)
    expect(err).toContain(`\n  journal: ${journal}\n`)
    expect(linesOf(out)).toMatchObject([{ event: "error", refs: { journal } }])
  })

  it("a printed command has the configuration and the journal of the command that printed it", async (test) => {
    const account = await Account.open(test)
    const file = "my file.json"
    await writeFile(join(account.cwd, file), await readFile(account.path, "utf8"))
    await writeFile(account.path, "{}")
    const openretl = (...args: ReadonlyArray<string>) =>
      at(test, account)("-c", file, "--journal", "my journal.db", ...args)
    const flags = "--config 'my file.json' --journal 'my journal.db'"
    expect((await openretl("trigger", "endless")).out).toContain(`openretl wait ${flags} endless/`)
    expect((await openretl("why", "endless")).out).toContain(`openretl wait ${flags} endless/`)
    const pending = await openretl("pending")
    expect(pending.out).toContain(`openretl resume ${flags}\n`)
    expect(pending.out).toContain(`openretl resolve ${flags} <entry>`)
    const [entry] = linesOf((await openretl("pending", "--json")).out)
    expect((await openretl("resolve", String(entry?.["entry"]))).out).toContain(`openretl wait ${flags} endless/`)
    expect((await openretl("run", "leads")).out).toContain(`openretl why ${flags} leads/`)
    expect((await openretl("why", "leads")).out).toMatch(
      /^ +openretl why --config 'my file\.json' --journal 'my journal\.db' leads\/\S+ --text$/m,
    )
    const init = await at(test, account)("init", "segment", "-c", "other file.json")
    expect(init.out).toMatch(/openretl doctor --config 'other file\.json'/)
    expect(init.out).toMatch(/openretl syncs --config 'other file\.json' --save/)
    const emulating = await start(test, ["emulate", "segment", "-c", "emulated file.json"], account)
    await emulating.until(/Ctrl-C ends them/)
    expect(emulating.out()).toContain("openretl syncs --config 'emulated file.json'\n")
  })
})
