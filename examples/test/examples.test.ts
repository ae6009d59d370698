import { describe, expect, it, type TestContext } from "vitest"
import { bundled, run } from "./support/processes.ts"

const runRef = /retl1\.run\.\w+\.\w+\.[\w-]+\.\w+\.\w+\.\w+/

/** Runs an example to its end and returns what it printed. */
const outputOf = async (test: TestContext, file: string): Promise<string> => {
  const { exit, out, err } = await run(test, await bundled(file))
  expect({ exit, err }).toEqual({ exit: 0, err: "" })
  return out
}

describe("every example runs as its header says", { concurrent: true, timeout: 180_000 }, () => {
  it.for(["quick-start.ts", "quick-start-effect.ts"])(
    "%s prints the delivered rows and the run's ref",
    async (file, test) => {
      const out = await outputOf(test, file)
      expect(out).toMatch(new RegExp(`^12480 rows delivered by run ${runRef.source}\\n$`))
    },
  )

  it("pipeline alerts on the sync that loses rows", async (test) => {
    const out = await outputOf(test, "pipeline.ts")
    expect(out.replace(runRef, "REF").split("\n")).toEqual([
      "the warehouse is fresh",
      "ALERT orders: partial, 12 rows failed (retl.outcome-partial; run REF)",
      "orders: see the alert",
      "audiences: tolerated",
      "profiles: complete",
      "",
    ])
  })

  it("resume waits in a second process for the run of the first", async (test) => {
    const out = await outputOf(test, "resume.ts")
    expect(out).toMatch(new RegExp(`^stored: ${runRef.source}[\\w.]*\\nresumed: complete: 640 rows delivered\\n$`))
  })

  it("resolve finds the run of a trigger whose answer was lost", async (test) => {
    const out = await outputOf(test, "resolve.ts")
    expect(out).toMatch(/^rudderstack \(erp\) start of connection \w+: entry \w+ may have started a run/)
    expect(out).toMatch(new RegExp(`the trigger started a run: ${runRef.source}\\nruns at the vendor: 1\\n$`))
  })

  it("T10: sync-now starts one run for a click that reaches three servers", async (test) => {
    const out = await outputOf(test, "sync-now.ts")
    const lines = out.trimEnd().split("\n")
    // A server that was slow to look finds the run's end.
    expect(
      lines.filter((line) => /^a server answered: (joined|remembered), complete, 640 rows$/.test(line)),
    ).toHaveLength(2)
    expect(lines.filter((line) => line === "a server answered: started, complete, 640 rows")).toHaveLength(1)
    expect(lines.slice(3)).toEqual(["later:             remembered, complete, 640 rows", "runs at the vendor: 1"])
  })

  it("T10: killed-step finds the run of the attempt that was killed, and starts no second one", async (test) => {
    const out = await outputOf(test, "killed-step.ts")
    expect(out.trimEnd().split("\n")).toEqual([
      "first attempt: killed after its trigger was sent",
      "second attempt: nightly/2026-11-27: joined, complete, 640 rows",
      "third attempt: nightly/2026-11-27: remembered, complete, 640 rows",
      "triggers at the vendor: 1, runs: 1",
    ])
  })

  it("T8, T10: durable goes on after both kills of its process, with one run", async (test) => {
    const out = await outputOf(test, "durable.ts")
    const happenings = Array.from(out.matchAll(/^ +\d+\.\d s {2}(process .*)$/gm), ([, text = ""]) => text)
    // How often the last process looks depends on how soon it starts.
    const isLook = (text: string) => text === "process 3  looks with its memory: Running"
    expect(happenings.filter((text) => !isLook(text)).map((text) => text.replace(/run \w+:/, "run ID:"))).toEqual([
      "process 1  triggers nightly/2026-11-27",
      "process 1  KILLED between its POST and the answer, after the vendor started a run",
      "process 2  triggers nightly/2026-11-27",
      "process 2  has run ID: Joined",
      "process 2  looks for the first time: Running",
      "process 2  looks with its memory: Running",
      "process 2  KILLED in a sleep between two looks",
      "process 3  looks with its memory: Finished",
      "process 3  ends: complete, 640 rows",
    ])
    expect(out).toContain("ran the step that triggers 2 times")
    expect(out).toContain("At the vendor: 1 trigger, 1 run.")
  })

  it("T8, J8: resume-pending goes on with what a dead process left, and triggers nothing", async (test) => {
    const out = await outputOf(test, "resume-pending.ts")
    const lines = out
      .replaceAll(/by process \d+ of \S+/g, "by OWNER")
      .trimEnd()
      .split("\n")
    expect(lines.toSorted()).toEqual([
      "  complete, 640 rows",
      "  complete, 640 rows",
      "nightly/2026-11-27 is sent, by OWNER",
      "nightly/2026-11-27 is started, by OWNER",
      "runs at the vendor: 1 and 1",
      "the night's process was killed",
    ])
  })

  it("T3: settle concludes by hand what no read can", async (test) => {
    const out = await outputOf(test, "settle.ts")
    const lines = out.split("\n").filter((line) => /^\w.*: /.test(line))
    expect(lines).toEqual([
      "TriggerIndeterminate: retl.network: the sync's schedule may have started the new run, and the trigger is not exclusive",
      "TriggerIndeterminate: the sync's schedule may have started the new run, and the trigger is not exclusive",
      expect.stringMatching(/^settled by hand: the trigger led to run \w+$/),
      "Started: the trigger went through",
      "runs at the vendor: 2",
    ])
    expect(out).toContain("An entry was settled by hand")
  })

  it("custom-transport logs every request without its token", async (test) => {
    const out = await outputOf(test, "custom-transport.ts")
    const requests = out.split("\n").map((line) => /^(\w+) +\/api\/v1\/\S+?\/(\w+|runs\/\S+) (\d+) \d+ ms$/.exec(line))
    expect(requests.flatMap((request) => (request === null ? [] : [`${request[1]} ${request[3]}`]))).toEqual(
      expect.arrayContaining(["GET 200", "POST 201", "GET 502"]),
    )
    expect(out).not.toMatch(/bearer|authorization/i)
    expect(out).toContain("complete, although one request was answered with 502")
  })

  it("agenda lists the next day and flags the sync that runs twice", async (test) => {
    const out = await outputOf(test, "agenda.ts")
    const lines = out.trimEnd().split("\n")
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2).join(" | "))).toEqual([
      "2026-01-05 06:30 UTC | Audience to ads",
      "2026-01-05 12:00 UTC | Profiles to email",
      "2026-01-05 12:00 UTC | Sync 1 (rudderstack)",
      "2026-01-05 18:00 UTC | Sync 1 (rudderstack)",
      "2026-01-06 00:00 UTC | Profiles to email",
      "2026-01-06 00:00 UTC | Sync 1 (rudderstack)",
      "RUNS TWICE | Sync 1 (rudderstack)",
    ])
  })

  it("move-sync switches over to the other vendor and back", async (test) => {
    const out = await outputOf(test, "move-sync.ts")
    expect(out).toMatch(/^lost +mode +events$/m)
    expect(out).toMatch(/^yours +trigger +event = "new"$/m)
    expect(out).toMatch(/^yours +model\.query +SELECT id, email FROM users$/m)
    expect(out).toMatch(/^yours +other fields +not compared: destination\.settings$/m)
    expect(out).toMatch(/^yours +settings\.apiKey +masked$/m)
    expect(out).toMatch(/^created: retl1\.sync\.zeotap\.next\.\S+ is draft$/m)
    expect(out).toContain("switched over: paused at Segment, enabled at Zeotap\n")
    expect(out).toMatch(
      /verdict: different\n(?:.* WARN .* test clock .*\n)?switched back: enabled at Segment, paused at Zeotap\n$/,
    )
  })

  it("configure creates a disabled sync and enables it with a schedule", async (test) => {
    const out = await outputOf(test, "configure.ts")
    const syncRef = /retl1\.sync\.rudderstack\.crm\.connection\.\w+/.source
    expect(out).toMatch(new RegExp(`^created: (${syncRef}) is paused\\n\\1 is enabled, every 6 hours\\n$`))
  })
})
