import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as FieldIssue from "@openretl/core/FieldIssue"
import { allStates } from "@openretl/core/JournalEntry"
import { RunRefFromText } from "@openretl/core/Ref"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import { Effect, Result, Schema } from "effect"
import { describe, expect, it, type TestContext } from "vitest"
import * as Args from "../demo/args.ts"
import * as Stage from "../demo/stage.ts"
import { bundled, run, start } from "./support/processes.ts"

interface Line {
  readonly event: string
  readonly sync?: string
  readonly [field: string]: unknown
}

const decodeLines = (out: string): ReadonlyArray<Line> =>
  out
    .trim()
    .split("\n")
    .map((line): Line => JSON.parse(line))

/** Returns the state of every ended sync by its name. */
const endedStates = (out: string) =>
  Object.fromEntries(decodeLines(out).flatMap((line) => (line.event === "ended" ? [[line.sync, line["state"]]] : [])))

/** Returns the ref of every run by the name of its sync, without the time at which it was accepted. */
const refsBySync = (out: string) =>
  Object.fromEntries(
    decodeLines(out).flatMap(({ sync, ref }) =>
      sync === undefined || typeof ref !== "string" ? [] : [[sync, Result.getOrThrow(decodeRun(ref)).run]],
    ),
  )

const decodeRun = Schema.decodeUnknownResult(RunRefFromText)

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

/** The demo, where it does not matter how it is started. */
const main = () => bundled("demo/main.ts")

type Test = Pick<TestContext, "onTestFinished">

const temporaryDirectory = async ({ onTestFinished }: Test) => {
  const path = await mkdtemp(join(tmpdir(), "openretl-demo-"))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/**
 * Serves the emulators from another process. Returns its configuration file and the environment that it printed. The faster
 * the emulated clock, the sooner a busy machine makes a run look too late for its trigger.
 */
const serve = async (test: Test, speed = 10) => {
  const directory = await temporaryDirectory(test)
  const config = join(directory, "demo.json")
  const serving = start(test, bundled("demo/serve.ts"), ["--write", config, "--speed", String(speed)])
  await serving.until(/# serving/)
  const env = Object.fromEntries(
    Array.from(serving.out().matchAll(/^export (\w+)=(\S+)$/gm), ([, name = "", token = ""]) => [name, token]),
  )
  expect(Object.keys(env)).toHaveLength(3)
  return { directory, config, env }
}

const expectedStates = {
  "orders-to-crm": "complete",
  "refunds-to-ads": "partial",
  "invoices-to-erp": "complete",
  "leads-to-crm": "failed",
  "audience-to-ads": "cancelled",
  "profiles-to-email": "complete",
  "loyalty-to-app": "tolerated",
}
const syncCount = Object.keys(expectedStates).length

describe("the demo", { concurrent: true, timeout: 180_000 }, () => {
  // Its emulators run at ten times the real speed: where the machine stands still for a second, they do not, and once more
  // is allowed.
  it("T3, F1: ends as staged: the run behind a lost answer is found, and the cancel that Zeotap lacks is not sent", {
    retry: 1,
  }, async (test) => {
    const { exit, out, err } = await run(test, "demo/main.ts", ["--json"])
    expect({ exit, err }, out).toEqual({ exit: 0, err: "" })
    expect(endedStates(out)).toEqual(expectedStates)
    expect(decodeLines(out)).toEqual(
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
          remarks: ["The vendors counted 7 triggers, 7 runs, 1 cancel, and 0 requests over a limit."],
        }),
      ]),
    )
    const { env } = await Effect.runPromise(Effect.scoped(Stage.make()))
    for (const token of Object.values(env)) expect(out).not.toContain(token)
  })

  it("W2: a signal leaves the runs alone, and another process resumes them from the printed refs", async (test) => {
    const { config, env } = await serve(test)
    const first = start(test, "demo/main.ts", ["--config", config], env)
    await first.until(/ triggered .*retl1\.run\./, syncCount)
    first.child.kill("SIGTERM")
    expect(await first.exit).toBe(143)
    expect(first.err()).toBe("")
    // A pipe is not a terminal: no cursor movements, no colors.
    expect(first.out()).not.toContain("\x1b")

    const command = first.out().trim().split("\n").at(-1)?.trim() ?? ""
    expect(command).toMatch(
      /^node --conditions=@openretl\/source examples\/demo\/main\.ts --config \S+ --resume retl1\.run\./,
    )
    const refs = command.split(" --resume ")[1]?.split(" ") ?? []
    expect(refs.length).toBeGreaterThan(0)

    const second = await run(test, main(), ["--config", config, "--json", "--resume", ...refs], env)
    expect(second.exit).toBe(1)
    const results = endedStates(second.out)
    expect(Object.keys(results)).toHaveLength(refs.length)
    // The first process may have been stopped before it cancelled this run.
    const { "audience-to-ads": audience, ...others } = results
    expect(expectedStates).toMatchObject(others)
    expect(["complete", "cancelled", undefined]).toContain(audience)
    expect(decodeLines(second.out).some(({ event }) => event === "triggering")).toBe(false)
  })

  it("T8: a signal after a lost answer leaves the entry in the journal, and the next start goes on with it", async (test) => {
    const { directory, config, env } = await serve(test, 4)
    const args = ["--config", config, "--journal", join(directory, "runs.db"), "--json"]
    const first = start(test, main(), args, env)
    await first.until(/"event":"triggered"/, syncCount - 1)
    first.child.kill("SIGTERM")
    expect(await first.exit).toBe(143)
    expect(first.out()).not.toMatch(/"sync":"invoices-to-erp","event":"triggered"/)
    const resume = decodeLines(first.out()).at(-1)?.["resume"]
    // The journal has the refs.
    expect(resume).toMatch(/ --config \S+ --journal \S+ --json --resume$/)

    const second = await run(test, main(), [...args, "--resume"], env)
    const { "audience-to-ads": audience, ...others } = endedStates(second.out)
    expect(expectedStates).toMatchObject(others)
    expect(["complete", "cancelled"]).toContain(audience)
    expect(decodeLines(second.out)).toContainEqual(
      expect.objectContaining({ sync: "invoices-to-erp", event: "resumed", because: "journal" }),
    )
    expect(second.out).not.toContain('"event":"triggering"')
    // Its end is in the journal now.
    const third = await run(test, main(), [...args, "--resume"], env)
    expect(third.exit).toBe(0)
    expect(decodeLines(third.out)).toMatchObject([{ event: "begin", syncs: [] }, { event: "end" }])
  })

  it("T10: a kill after a lost answer starts no second run: two starts with its key at once go on with its runs", async (test) => {
    const { directory, config, env } = await serve(test, 4)
    const filename = join(directory, "runs.db")
    const args = ["--config", config, "--journal", filename, "--key", "nightly/2026-11-28", "--json"]
    const first = start(test, main(), args, env)
    await first.until(/"event":"triggered"/, syncCount - 1)
    await test.expect.poll(() => statesIn(filename), { interval: 10, timeout: 10_000 }).toContain("lost")
    first.child.kill("SIGKILL")
    expect(await first.exit).toBe("SIGKILL")
    expect(first.out()).not.toMatch(/"sync":"invoices-to-erp","event":"triggered"/)

    const both = await Promise.all([run(test, main(), args, env), run(test, main(), args, env)])
    const refs = both.map(({ out }) => refsBySync(out))
    expect(Object.keys(refs[0] ?? {})).toHaveLength(syncCount)
    expect(refs[0]).toEqual(refs[1])
    expect(refs[0]).toMatchObject(refsBySync(first.out()))
    for (const { exit, out } of both) {
      expect(exit).toBe(1)
      const { "audience-to-ads": audience, ...others } = endedStates(out)
      expect(expectedStates).toMatchObject(others)
      expect(["complete", "cancelled"]).toContain(audience)
    }

    const later = await run(test, main(), args, env)
    expect(refsBySync(later.out)).toEqual(refs[0])
    expect(decodeLines(later.out).filter(({ how }) => how === "remembered")).toHaveLength(syncCount)
  })

  it("a closed standard output ends the demo without an error", async (test) => {
    const { config, env } = await serve(test)
    const demo = start(test, main(), ["--config", config, "--json"], env)
    await demo.until(/\n/)
    demo.child.stdout?.destroy()
    expect(await demo.exit).toBe(141)
    expect(demo.err()).toBe("")
  })

  it("F4: an invalid configuration is reported with every problem and without its values", async (test) => {
    const config = join(await temporaryDirectory(test), "invalid.json")
    const secret = "sk-live-4f1c9e"
    await writeFile(
      config,
      JSON.stringify({
        workspaces: { crm: { vendor: "rudderstack", region: "mars", token: secret, tokenEnv: secret } },
        syncs: { orders: { ref: "retl1.sync.nowhere", whenRunning: "sometimes" } },
      }),
    )
    for (const args of [
      ["--config", config],
      ["--config", config, "--json"],
    ]) {
      const { exit, out, err } = await run(test, main(), args)
      expect(exit).toBe(2)
      expect(err.trim().split("\n")).toEqual([
        "workspaces.crm.tokenEnv: Expected the name of an environment variable with a token: printable ASCII without spaces",
        "workspaces.crm.token: Expected no field of this name",
        'workspaces.crm.region: Expected "us" | "eu"',
        "workspaces.crm.defaultScope: Expected a value: it is missing",
        "syncs.orders.ref: Expected a sync ref, as in retl1.sync.<vendor>.<workspace>.<id name>.<id>",
        'syncs.orders.whenRunning: Expected "fail" | "adopt" | "wait" | "skip"',
      ])
      expect(out + err).not.toContain(secret)
      if (args.includes("--json")) expect(decodeLines(out)).toMatchObject([{ event: "problems", exitCode: 2 }])
      else expect(out).toBe("")
    }
  })
})

it("a file that is no journal is reported, and stays as it is", async (test) => {
  const { directory, config, env } = await serve(test)
  const journal = join(directory, "notes.txt")
  await writeFile(journal, "name,age\n".repeat(200))
  const { exit, err } = await run(test, main(), ["--config", config, "--journal", journal], env)
  expect(exit).toBe(2)
  expect(err).toMatch(
    /^--journal: journal \(SQLite\) open: NotAJournal: there is a file that is no SQLite database\. Give /,
  )
  expect(await readFile(journal, "utf8")).toMatch(/^name,age\n/)
})

describe("the command line", () => {
  it.for<{ readonly args: ReadonlyArray<string>; readonly message: RegExp }>([
    { args: ["--resume"], message: /^Expected --config with --resume/ },
    { args: ["--config", "a.json", "--key", "today"], message: /^Expected --journal with --key/ },
    {
      args: ["--config", "a.json", "--journal", "a.db", "--key", "a\nb"],
      message: /^--key: Expected a key of 1 to 255/,
    },
    { args: ["--journal", "a.db"], message: /^Expected --config with --journal/ },
    { args: ["--nonsense"], message: /^Unknown option '--nonsense'$/ },
    { args: ["--config"], message: /argument missing/ },
  ])("an invalid command line is reported in one line: $args", ({ args, message }) => {
    const decoded = Args.decode(args)
    expect(Result.isFailure(decoded) ? FieldIssue.toText(decoded.failure) : "valid").toMatch(message)
  })

  it("a file that cannot be read is reported in one line", async (test) => {
    const { exit, out, err } = await run(test, main(), ["--config", "/nowhere/at/all.json"])
    expect({ exit, out, err }).toEqual({
      exit: 2,
      out: "",
      err: "--config: Expected a file that can be read: ENOENT\n",
    })
  })

  it("--help prints the options and exits with 0", async (test) => {
    expect(await run(test, main(), ["--help"])).toMatchObject({ exit: 0, err: "" })
  })
})

it("serve.ts runs a command with the tokens in its environment and ends when it ends", async (test) => {
  const config = join(await temporaryDirectory(test), "demo.json")
  const program =
    "process.stdout.write(Object.keys(process.env).filter((name) => name.startsWith('DEMO_')).sort().join())"
  const result = await run(test, "demo/serve.ts", ["--write", config, "--", process.execPath, "-e", program])
  expect(result).toEqual({ exit: 0, err: "", out: "DEMO_RUDDERSTACK_TOKEN,DEMO_SEGMENT_TOKEN,DEMO_ZEOTAP_TOKEN" })
  const port = /127\.0\.0\.1:(\d+)/.exec(await readFile(config, "utf8"))?.[1]
  expect(port).toBeDefined()
  expect(await run(test, "demo/serve.ts", ["--ports", "1,2"])).toMatchObject({
    exit: 2,
    err: "--ports: Expected three ports, as in 4001,4002,4003\n",
  })
})
