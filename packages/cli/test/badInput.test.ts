/** Wrong command lines and configurations, as a process: every problem at once, exit code 2, and nothing is sent. */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Effect } from "effect"
import { describe, expect, it, type TestContext } from "vitest"
import * as Account from "./support/account.ts"
import { linesOf, run } from "./support/program.ts"

type Test = Pick<TestContext, "onTestFinished">

/** Runs a command of the account's folder. */
const at =
  (test: Test, { cwd, env }: Account.Account) =>
  (...args: ReadonlyArray<string>) =>
    run(test, args, { cwd, env })

const effect = <A>(self: Effect.Effect<A>): Promise<A> => Effect.runPromise(self)

describe("bad input", { concurrent: true, timeout: 120_000 }, () => {
  it.for([
    [["rusn"], /^Unknown subcommand "rusn".*run/s],
    [["run", "orders", "--polcy", "minRows=1"], /^Unrecognized flag: --polcy.*--policy/s],
    [["run", "ordres"], /^Unknown sync "ordres"\. Did you mean orders\?\n$/],
    [
      ["runs", "ordres", "nothing-like-it"],
      /^Unknown sync "ordres".*\nUnknown sync "nothing-like-it"\. The configuration has orders, /,
    ],
    [["run", "orders", "--policy", "minRow=1", "--policy", "maxFailedRatio=3"], /--policy\.\S+.*\n.*--policy\.\S+/],
    [["run", "orders", "--deadline", "soon"], /90 seconds/],
    [["wait", "retl1.run.nonsense"], /Expected a run ref/],
    [["run", "retl1.sync.rudderstack.elsewhere.connection.1"], /Expected a ref of a workspace in the configuration/],
    [["fresh", "orders", "--warn-after", "-1 hours"], /^Unexpected "-1 hours".*=/],
    [["run", "orders", "--deadline", "-1 hour", "--key", "-nightly"], /^Unexpected "-1 hour".*\nUnexpected "-nightly"/],
    [["wait", "orders", "ordres", "refunds/"], /^Unknown sync "ordres".*\nrefunds\/: Expected /],
    [["show", "orders/"], /^orders\/: Expected the id of a run/],
    [["cancel", `orders/${"7".repeat(2_000)}`], /^orders\/7+….*: Expected the id of a run/],
    [["pending", "--journal", "postgres://me:secret@host:99999/runs"], /^--journal: Expected a URL of PostgreSQL/],
    [["init"], /vendor/i],
    [
      ["init", "zeotap", "segment", "--name", "a", "--config", "b.json"],
      /Expected one vendor with --name.*\nExpected --workspace-id/,
    ],
    [
      ["init", "hightouch", "--region", "eu", "--workspace-id", "7", "--config", "b.json"],
      /^--workspace-id: Expected zeotap.*\n--region: Expected one of segment, /,
    ],
    [["init", "segment", "--token-env", "my token", "-c", "b.json"], /^--token-env: Expected the name of an env/],
    [
      ["init", "segment", "--name", "x y", "--base-url", "nowhere", "-c", "b.json"],
      /^workspaces\.x y: Expected a workspace name.*\nworkspaces\.x y\.baseUrl: Expected an https URL/,
    ],
  ] as const)("%j is refused with exit code 2, and nothing is sent", async ([args, message], test) => {
    const account = await Account.open(test)
    const { exit, out, err } = await run(test, args, account)
    expect({ exit, out }).toEqual({ exit: 2, out: "" })
    expect(err).toMatch(message)
    for (const emulator of [account.rudderstack, account.segment, account.zeotap])
      expect(await effect(emulator.calls)).toEqual([])
  })

  it("a configuration is refused with every problem, and without its values", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    const secret = "sk-live-4f1c9e"
    await account.write({
      workspaces: {
        crm: { vendor: "rudderstack", region: "mars", token: secret },
        ads: { vendor: "segment", region: "us", token: { env: "NOT_SET_ANYWHERE" }, tokens: 1 },
        odd: { vendor: "segment", region: "us", token: { env: secret } },
      },
      syncs: { orders: { ref: "retl1.sync.nowhere", whenRunning: "sometimes" } },
    })
    for (const args of [["runs"], ["runs", "--json"]]) {
      const { exit, out, err } = await openretl(...args)
      expect(exit).toBe(2)
      expect(err.trim().split("\n")).toEqual([
        'workspaces.crm.token: Expected { "env": "NAME" }, with the name of an environment variable: a token does not belong in this file',
        'workspaces.crm.region: Expected "us" | "eu"',
        "workspaces.crm.defaultScope: Expected a value: it is missing",
        "workspaces.ads.token.env: Expected the environment variable NOT_SET_ANYWHERE to be set: it is not",
        "workspaces.ads.tokens: Expected no field of this name",
        "workspaces.odd.token.env: Expected the environment variable to be set: it is not",
        "syncs.orders.ref: Expected a sync ref, as in retl1.sync.<vendor>.<workspace>.<id name>.<id>",
        'syncs.orders.whenRunning: Expected "fail" | "adopt" | "wait" | "skip"',
      ])
      expect(out + err).not.toContain(secret)
      if (args.includes("--json")) expect(linesOf(out)).toMatchObject([{ v: 1, event: "problems", exitCode: 2 }])
      else expect(out).toBe("")
    }
  })

  it("broken JSON is refused with its line and column", async (test) => {
    const account = await Account.open(test)
    await writeFile(account.path, '{\n  "workspaces": {},\n  "syncs": [,]\n}\n')
    const { exit, err } = await at(test, account)("runs")
    expect({ exit, err }).toEqual({ exit: 2, err: "openretl.json: Expected JSON: line 3, column 13\n" })
    await writeFile(account.path, '{ "workspaces": ')
    expect(await at(test, account)("runs")).toMatchObject({
      exit: 2,
      err: "openretl.json: Expected JSON: line 1, column 17\n",
    })
  })

  it("a command line that is refused is refused as JSON, however --json is written", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    for (const args of [
      ["--json"],
      ["runs", "--config=", "--json"],
      ["run", "ordres", "--json"],
      ["run", "ordres", "--json=true"],
      ["--json", "true", "rnu"],
      ["run", "orders", "--deadline", "-1 hour", "--json=yes"],
    ]) {
      const { exit, out } = await openretl(...args)
      expect(exit).toBe(2)
      expect(linesOf(out)).toMatchObject([{ event: "problems", exitCode: 2 }])
    }
    expect(await openretl("rnu", "--json=false")).toMatchObject({ exit: 2, out: "" })
    expect(await openretl("rnu", "--no-json")).toMatchObject({ exit: 2, out: "" })
  })

  it("a name that an object has twice is refused, with every place", async (test) => {
    const account = await Account.open(test)
    const { workspaces, syncs } = account.document
    const text = JSON.stringify({ workspaces, syncs })
    const orders = JSON.stringify(syncs["orders"])
    await writeFile(
      account.path,
      text
        .replace('"syncs":{', `"journal":"memory",\n"syncs":{"\\u006frders":${orders},\n"orders":${orders},`)
        .replace(/\}$/, ',\n "journal":"memory"}'),
    )
    const { exit, err } = await at(test, account)("run", "orders")
    expect(exit).toBe(2)
    expect(err.trim().split("\n")).toEqual([
      "openretl.json: Expected each name once in an object: syncs.orders again at line 3, column 1",
      expect.stringMatching(/: syncs\.orders again at line 3, column \d+$/),
      "openretl.json: Expected each name once in an object: journal again at line 4, column 2",
    ])
    expect(await effect(account.rudderstack.calls)).toEqual([])
  })

  it("a file may begin with the mark of UTF-8; one in UTF-16 is refused with what it should be", async (test) => {
    const account = await Account.open(test)
    const text = await readFile(account.path, "utf8")
    await writeFile(account.path, `\uFEFF${text}`)
    expect(await at(test, account)("runs", "orders")).toMatchObject({ exit: 0, err: "" })
    await writeFile(account.path, `\uFEFF${text}`, "utf16le")
    expect(await at(test, account)("runs", "orders")).toMatchObject({
      exit: 2,
      err: "openretl.json: Expected a file in UTF-8, not in UTF-16\n",
    })
  })

  it("a file that is no journal is refused, and stays as it is", async (test) => {
    const account = await Account.open(test)
    const journal = join(account.cwd, "notes.txt")
    await writeFile(journal, "name,age\n".repeat(200))
    const { exit, err } = await at(test, account)("pending", "--journal", "notes.txt")
    expect(exit).toBe(2)
    expect(err).toMatch(/no SQLite database/)
    expect(await readFile(journal, "utf8")).toMatch(/^name,age\n/)
  })
})
