import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { describe, expect, it, type TestContext } from "vitest"
import * as Stage from "../demo/stage.ts"
import { run, start } from "./support/processes.ts"

interface Line {
  readonly event: string
  readonly sync?: string
  readonly [field: string]: unknown
}

const lines = (out: string): ReadonlyArray<Line> =>
  out
    .trim()
    .split("\n")
    .map((line): Line => JSON.parse(line))

const ended = (out: string) =>
  Object.fromEntries(lines(out).flatMap((line) => (line.event === "ended" ? [[line.sync, line["state"]]] : [])))

type Test = Pick<TestContext, "onTestFinished">

const folder = async ({ onTestFinished }: Test) => {
  const path = await mkdtemp(join(tmpdir(), "openretl-demo-"))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** The emulators as a process of their own: the configuration file it wrote, and the environment it told of. */
const serve = async (test: Test) => {
  const at = await folder(test)
  const config = join(at, "demo.json")
  const serving = start(test, "demo/serve.ts", ["--write", config])
  await serving.until(/# serving/)
  const env = Object.fromEntries(
    Array.from(serving.out().matchAll(/^export (\w+)=(\S+)$/gm), ([, name = "", token = ""]) => [name, token]),
  )
  expect(Object.keys(env)).toHaveLength(3)
  return { at, config, env }
}

const outcomes = {
  "orders-to-crm": "complete",
  "refunds-to-ads": "partial",
  "invoices-to-erp": "complete",
  "leads-to-crm": "failed",
  "audience-to-ads": "cancelled",
  "profiles-to-email": "complete",
  "loyalty-to-app": "tolerated",
}
const many = Object.keys(outcomes).length

describe("the demo", { concurrent: true, timeout: 60_000 }, () => {
  it("goes as staged, over real sockets: T3 a lost answer is found again, F1 what Zeotap cannot do is not sent", async (test) => {
    const { exit, out, err } = await run(test, "demo/main.ts", ["--json"])
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
    expect(ended(out)).toEqual(outcomes)
    expect(lines(out)).toEqual(
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
          remarks: ["The vendors saw 7 triggers, 7 runs, 1 cancel, 0 requests over a limit."],
        }),
      ]),
    )
    const { env } = await Effect.runPromise(Effect.scoped(Stage.make()))
    for (const token of Object.values(env)) expect(out).not.toContain(token)
  })

  it("W2: stopped while it waits, it leaves the runs alone, and another process resumes them from the printed refs", async (test) => {
    const { config, env } = await serve(test)
    const first = start(test, "demo/main.ts", ["--config", config], env)
    await first.until(/ triggered .*retl1\.run\./, many)
    first.child.kill("SIGTERM")
    expect(await first.exit).toBe(143)
    expect(first.err()).toBe("")
    // It is not a terminal: nothing moves and nothing is colored.
    expect(first.out()).not.toContain("\x1b")

    const command = first.out().trim().split("\n").at(-1)?.trim() ?? ""
    expect(command).toMatch(
      /^node --conditions=@openretl\/source examples\/demo\/main\.ts --config \S+ --resume retl1\.run\./,
    )
    const [, ...refs] = command.split(" --resume ")[1]?.split(" ") ?? []
    const all = command.split(" --resume ")[1]?.split(" ") ?? []
    expect(refs.length).toBe(all.length - 1)

    const second = await run(test, "demo/main.ts", ["--config", config, "--json", "--resume", ...all], env)
    expect(second.exit).toBe(1)
    const results = ended(second.out)
    expect(Object.keys(results)).toHaveLength(all.length)
    // Its cancel went with the first process, if that had not come to it yet.
    const { "audience-to-ads": audience, ...others } = results
    expect(outcomes).toMatchObject(others)
    expect(["complete", "cancelled", undefined]).toContain(audience)
    expect(lines(second.out).some(({ event }) => event === "triggering")).toBe(false)
  })

  it("T8: stopped while an answer is lost, what became of it is in the state directory, and the next start finds it", async (test) => {
    const { at, config, env } = await serve(test)
    const state = join(at, "state")
    const args = ["--config", config, "--state", state, "--json"]
    const first = start(test, "demo/main.ts", args, env)
    await first.until(/"event":"triggered"/, many - 1)
    first.child.kill("SIGTERM")
    expect(await first.exit).toBe(143)
    expect(first.out()).not.toMatch(/"sync":"invoices-to-erp","event":"triggered"/)
    expect(await readdir(state)).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)])

    const second = await run(test, "demo/main.ts", [...args, "--resume"], env)
    expect(second.exit).toBe(0)
    expect(ended(second.out)).toEqual({ "invoices-to-erp": "complete" })
    expect(lines(second.out)).toContainEqual(
      expect.objectContaining({ sync: "invoices-to-erp", event: "resumed", because: "intent" }),
    )
    expect(await readdir(state)).toEqual([])
  })

  it("T8: killed while an answer is lost, the next start finds its run instead of starting a second one", async (test) => {
    const { at, config, env } = await serve(test)
    const state = join(at, "state")
    const args = ["--config", config, "--state", state, "--json"]
    const stored = async () => {
      const names = (await readdir(state)).filter((name) => name.endsWith(".json"))
      const texts = await Promise.all(names.map((name) => readFile(join(state, name), "utf8").catch(() => "")))
      return texts.join("\n")
    }
    const first = start(test, "demo/main.ts", args, env)
    await first.until(/"event":"triggered"/, many - 1)
    await test.expect.poll(stored, { interval: 10, timeout: 10_000 }).toContain('"lostAt"')
    first.child.kill("SIGKILL")
    expect(await first.exit).toBe("SIGKILL")
    expect(first.out()).not.toMatch(/"sync":"invoices-to-erp","event":"triggered"/)

    // The lock of a process that is no more is taken over; that of a living one is not.
    const second = start(test, "demo/main.ts", args, env)
    await second.until(/"sync":"invoices-to-erp","event":"settling"/)
    const third = await run(test, "demo/main.ts", args, env)
    expect(third.exit).toBe(2)
    expect(third.err).toMatch(/^--state: process \d+ is using it; one at a time\n$/)
    await second.until(/"sync":"invoices-to-erp","event":"ended","state":"complete"/)
    second.child.kill("SIGTERM")
    expect(await second.exit).toBe(143)
    expect(second.out()).toMatch(/"sync":"invoices-to-erp","event":"resumed","because":"intent"/)
    expect(second.out()).not.toMatch(/"sync":"invoices-to-erp","event":"triggering"/)
  })

  it("a reader who goes away ends it quietly", async (test) => {
    const { config, env } = await serve(test)
    const demo = start(test, "demo/main.ts", ["--config", config, "--json"], env)
    await demo.until(/\n/)
    demo.child.stdout?.destroy()
    expect(await demo.exit).toBe(141)
    expect(demo.err()).toBe("")
  })

  it("F4: a bad configuration fails with everything that is wrong, and no value of it is printed", async (test) => {
    const at = await folder(test)
    const config = join(at, "bad.json")
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
      const { exit, out, err } = await run(test, "demo/main.ts", args)
      expect(exit).toBe(2)
      expect(err.trim().split("\n")).toEqual([
        "workspaces.crm.tokenEnv: Expected the name of an environment variable that is set",
        "workspaces.crm.token: Expected no excess property",
        'workspaces.crm.region: Expected "us" | "eu"',
        "workspaces.crm.defaultScope: Expected a value: it is missing",
        "syncs.orders.ref: Expected a sync ref, as in retl1.sync.<vendor>.<workspace>.<id name>.<id>",
        'syncs.orders.whenRunning: Expected "fail" | "adopt" | "wait" | "skip"',
      ])
      expect(out + err).not.toContain(secret)
      if (args.includes("--json")) expect(lines(out)).toMatchObject([{ event: "problems", exitCode: 2 }])
      else expect(out).toBe("")
    }
  })

  it("a wrong command line is told in a line", async (test) => {
    const cases: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
      [["--resume"], /^Expected --config beside --resume/],
      [["--nonsense"], /^Unknown option '--nonsense'\n$/],
      [["--config"], /argument missing/],
      [["--config", "/nowhere/at/all.json"], /^--config: Expected a file that can be read: ENOENT\n$/],
    ]
    for (const [args, message] of cases) {
      const { exit, out, err } = await run(test, "demo/main.ts", args)
      expect({ exit, out }).toEqual({ exit: 2, out: "" })
      expect(err).toMatch(message)
    }
    expect(await run(test, "demo/main.ts", ["--help"])).toMatchObject({ exit: 0, err: "" })
  })
})

it("serve.ts runs a command with the tokens in its environment, and ends with it", async (test) => {
  const at = await folder(test)
  const config = join(at, "demo.json")
  const program =
    "process.stdout.write(Object.keys(process.env).filter((name) => name.startsWith('DEMO_')).sort().join())"
  const served = await run(test, "demo/serve.ts", ["--write", config, "--", process.execPath, "-e", program])
  expect(served).toEqual({ exit: 0, err: "", out: "DEMO_RUDDERSTACK_TOKEN,DEMO_SEGMENT_TOKEN,DEMO_ZEOTAP_TOKEN" })
  const taken = /127\.0\.0\.1:(\d+)/.exec(await readFile(config, "utf8"))?.[1]
  expect(taken).toBeDefined()
  expect(await run(test, "demo/serve.ts", ["--ports", "1,2"])).toMatchObject({
    exit: 2,
    err: "--ports: Expected three ports, as in 4001,4002,4003\n",
  })
})
