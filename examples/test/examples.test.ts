import { describe, expect, it } from "vitest"
import { run } from "./support/processes.ts"

const ref = /retl1\.run\.\w+\.\w+\.[\w-]+\.\w+\.\w+\.\w+/

describe("every example runs as its header says", { concurrent: true, timeout: 60_000 }, () => {
  it("quick-start", async (test) => {
    const { exit, out, err } = await run(test, "quick-start.ts")
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
    expect(out).toMatch(new RegExp(`^12480 rows delivered by run ${ref.source}\\n$`))
  })

  it("pipeline", async (test) => {
    const { exit, out, err } = await run(test, "pipeline.ts")
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
    expect(out.replace(ref, "REF").split("\n")).toEqual([
      "the warehouse is fresh",
      "ALERT orders: partial, 12 rows failed (retl.outcome-partial; run REF)",
      "orders: see the alert",
      "audiences: tolerated",
      "profiles: complete",
      "",
    ])
  })

  it("resume", async (test) => {
    const { exit, out, err } = await run(test, "resume.ts")
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
    expect(out).toMatch(new RegExp(`^stored: ${ref.source}[\\w.]*\\nresumed: complete: 640 rows delivered\\n$`))
  })

  it("resolve", async (test) => {
    const { exit, out, err } = await run(test, "resolve.ts")
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
    expect(out).toContain("rudderstack (erp) start: may have started a run")
    expect(out).toMatch(new RegExp(`it was started: ${ref.source}\\nruns at the vendor: 1\\n$`))
  })

  it("custom-transport", async (test) => {
    const { exit, out, err } = await run(test, "custom-transport.ts")
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
    const requests = out.split("\n").map((line) => /^(\w+) +\/api\/v1\/\S+?\/(\w+|runs\/\S+) (\d+) \d+ ms$/.exec(line))
    expect(requests.flatMap((found) => (found === null ? [] : [`${found[1]} ${found[3]}`]))).toEqual(
      expect.arrayContaining(["GET 200", "POST 201", "GET 502"]),
    )
    expect(out).not.toMatch(/bearer|authorization/i)
    expect(out).toContain("complete, in spite of one bad gateway")
  })

  it("agenda", async (test) => {
    const { exit, out, err } = await run(test, "agenda.ts")
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
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

  it("moving-house", async (test) => {
    const { exit, out, err } = await run(test, "moving-house.ts")
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
    expect(out).toMatch(/^lost +mode +events$/m)
    expect(out).toMatch(/^yours +settings\.apiKey +masked$/m)
    expect(out).toMatch(/^created: retl1\.sync\.zeotap\.next\.\S+ is draft$/m)
    expect(out).toContain("switched: here paused, there enabled\n")
    expect(out).toMatch(/verdict: different\nswitched back: here enabled, there paused\n$/)
  })

  it("configure", async (test) => {
    const { exit, out, err } = await run(test, "configure.ts")
    expect({ exit, err }).toEqual({ exit: 0, err: "" })
    const sync = /retl1\.sync\.rudderstack\.crm\.connection\.\w+/.source
    expect(out).toMatch(new RegExp(`^created: (${sync}) is paused\\n\\1 is enabled, every 6 hours\\n$`))
  })
})
