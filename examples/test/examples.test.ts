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
})
