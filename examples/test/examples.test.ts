import { describe, expect, it, type TestContext } from "vitest"
import { run } from "./support/processes.ts"

const runRef = /retl1\.run\.\w+\.\w+\.[\w-]+\.\w+\.\w+\.\w+/

/** Runs an example to its end and returns what it printed. */
const outputOf = async (test: TestContext, file: string): Promise<string> => {
  const { exit, out, err } = await run(test, file)
  expect({ exit, err }).toEqual({ exit: 0, err: "" })
  return out
}

describe("every example runs as its header says", { concurrent: true, timeout: 60_000 }, () => {
  it("quick-start prints the delivered rows and the run's ref", async (test) => {
    const out = await outputOf(test, "quick-start.ts")
    expect(out).toMatch(new RegExp(`^12480 rows delivered by run ${runRef.source}\\n$`))
  })

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
    expect(out).toContain("rudderstack (erp) start: may have started a run")
    expect(out).toMatch(new RegExp(`the trigger started a run: ${runRef.source}\\nruns at the vendor: 1\\n$`))
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
    expect(out).toMatch(/^yours +settings\.apiKey +masked$/m)
    expect(out).toMatch(/^created: retl1\.sync\.zeotap\.next\.\S+ is draft$/m)
    expect(out).toContain("switched over: paused at Segment, enabled at Zeotap\n")
    expect(out).toMatch(/verdict: different\nswitched back: enabled at Segment, paused at Zeotap\n$/)
  })

  it("configure creates a disabled sync and enables it with a schedule", async (test) => {
    const out = await outputOf(test, "configure.ts")
    const syncRef = /retl1\.sync\.rudderstack\.crm\.connection\.\w+/.source
    expect(out).toMatch(new RegExp(`^created: (${syncRef}) is paused\\n\\1 is enabled, every 6 hours\\n$`))
  })
})
