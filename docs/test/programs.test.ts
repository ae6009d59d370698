/** The programs of the pages and of the packages' READMEs, as they stand there. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  FivetranActivationsEmulator,
  HightouchEmulator,
  PolytomicEmulator,
  RudderStackEmulator,
  SegmentEmulator,
  ZeotapEmulator,
} from "@openretl/emulator"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import { Effect } from "effect"
import { describe, expect, it, vi } from "vitest"
import { printedBy } from "./support/printed.ts"

const connection = "2C8Vk2wj8qkofy00YzJbvJOGeqa"
const workspaceId = "660e8400-e29b-41d4-a716-446655440000"
const orders = `retl1.sync.rudderstack.crm.connection.${connection}`
const customers = "retl1.sync.zeotap.app.sync.550e8400-e29b-41d4-a716-446655440000"

/** Returns an emulator of RudderStack with the connection that the programs name. */
const rudderstack = (options: RudderStackEmulator.Options) =>
  Effect.runPromise(Effect.tap(RudderStackEmulator.make(options), ({ addSync }) => addSync({ ids: { connection } })))

/** Returns an emulator of Zeotap with the sync that the programs name. */
const zeotap = (seed: number) =>
  Effect.runPromise(
    Effect.tap(ZeotapEmulator.make({ seed, workspaceId }), ({ addSync }) =>
      addSync({ ids: { sync: "550e8400-e29b-41d4-a716-446655440000" } }),
    ),
  )

describe("running syncs", () => {
  it("deadline.ts cancels a run that is late", async () => {
    const emulator = await rudderstack({ seed: 11, plan: { duration: "3 hours" } })
    const { out, err, exitCode } = await printedBy(() => import("../programs/deadline.ts"), [emulator])
    expect({ out, err, exitCode }).toEqual({ out: [], err: ["the run was late; its cancel: Requested"], exitCode: 1 })
    expect(await Effect.runPromise(emulator.runsOf({ connection }))).toHaveLength(1)
  })

  it("fresh.ts triggers only where the data are not fresh", async () => {
    const emulator = await rudderstack({ seed: 19 })
    const first = await printedBy(() => import("../programs/fresh.ts"), [emulator])
    vi.resetModules()
    const second = await printedBy(() => import("../programs/fresh.ts"), [emulator])
    expect([first.err, second.err]).toEqual([[], []])
    expect([first.out, second.out]).toEqual([
      ["started: 100 rows", "Fresh"],
      ["fresh: 100 rows", "Fresh"],
    ])
    expect(await Effect.runPromise(emulator.runsOf({ connection }))).toHaveLength(1)
  })

  it("check.ts looks at the times that its checks name", async () => {
    const emulator = await rudderstack({ seed: 20, plan: { duration: "20 minutes" } })
    const { out, err } = await printedBy(() => import("../programs/check.ts"), [emulator])
    expect({ out, err }).toEqual({ out: ["complete: 100 rows"], err: [] })
    expect(await Effect.runPromise(emulator.runsOf({ connection }))).toHaveLength(1)
    expect((await Effect.runPromise(emulator.calls)).length).toBeLessThan(80)
  })

  it("hints.ts sees the end when the webhook comes", async () => {
    const emulator = await rudderstack({ seed: 21, plan: { duration: "90 seconds" } })
    const { out, err } = await printedBy(() => import("../programs/hints.ts"), [emulator])
    expect({ out, err }).toEqual({ out: [expect.stringMatching(/^complete, seen after \d+ s$/)], err: [] })
    expect((await Effect.runPromise(emulator.calls)).length).toBeLessThan(10)
  })

  it("webhook-fivetran-activations.ts sees the end when the event comes, and verifies its signature", async () => {
    const emulator = await Effect.runPromise(
      FivetranActivationsEmulator.make({ seed: 24, plan: { duration: "90 seconds" } }),
    )
    await Effect.runPromise(emulator.addSync({ ids: { sync: "3167956" } }))
    const { out, err } = await printedBy(() => import("../programs/webhook-fivetran-activations.ts"), [emulator])
    expect({ out, err }).toEqual({
      out: ["answered with 204", expect.stringMatching(/^complete, seen after \d+ s$/)],
      err: [],
    })
    expect((await Effect.runPromise(emulator.calls)).length).toBeLessThan(10)
  })

  it("fleet-of-six.ts runs a sync of each vendor", async () => {
    const made = <E extends Emulator>(make: Effect.Effect<E>, ids: Ids) =>
      Effect.runPromise(Effect.tap(make, ({ addSync }) => addSync({ ids })))
    const emulators = [
      await rudderstack({ seed: 25 }),
      await made(SegmentEmulator.make({ seed: 25 }), { source: "sLeads", model: "mLeads", subscription: "subLeads" }),
      await zeotap(25),
      await made(HightouchEmulator.make({ seed: 25 }), { sync: "482915" }),
      await made(FivetranActivationsEmulator.make({ seed: 25 }), { sync: "3167956" }),
      await made(PolytomicEmulator.make({ seed: 25 }), { sync: "248df4b7-aa70-47b8-a036-33ac447e668d" }),
    ]
    const { out, err } = await printedBy(() => import("../programs/fleet-of-six.ts"), emulators)
    expect(err).toEqual([])
    const names = ["orders", "leads", "profiles", "contacts", "accounts", "usage"]
    expect(out).toEqual([names.map((name) => `${name}: complete`).join("\n")])
  })

  it("open-fleet.ts finds the workspace of each sync", async () => {
    const emulators = [await rudderstack({ seed: 12 }), await zeotap(12)]
    const { out, err } = await printedBy(() => import("../programs/open-fleet.ts"), emulators)
    expect(err).toEqual([])
    expect(out).toEqual([
      expect.stringContaining("complete: retl1.run.rudderstack.crm."),
      expect.stringContaining("complete: retl1.run.zeotap.app."),
    ])
  })

  it("runtime.ts runs a program in the runtime of a process", async () => {
    const { out, err } = await printedBy(() => import("../programs/runtime.ts"), [await rudderstack({ seed: 13 })])
    expect({ out, err }).toEqual({ out: [`${orders} is complete`], err: [] })
  })

  it("fleet.ts cancels where the vendor can", async () => {
    const emulators = [await rudderstack({ seed: 14 }), await zeotap(14)]
    const { out, err } = await printedBy(() => import("../programs/fleet.ts"), emulators)
    expect(err).toEqual([])
    expect(out).toEqual(["crm: Success, app: Success", `${orders}: cancelled`, `${customers}: complete`])
  })

  it("unit-test.ts scripts a fake, and asserts what triggered it", async () => {
    const { out, err } = await printedBy(() => import("../programs/unit-test.ts"), [])
    // Core warns of the answer that the fake loses.
    const warning = expect.stringContaining("WARN")
    expect({ out, err }).toEqual({ out: [warning, "all as expected"], err: [] })
  })

  it("journal.ts remembers the run of its key", async () => {
    const folder = mkdtempSync(join(tmpdir(), "openretl-docs-"))
    try {
      const emulator = await rudderstack({ seed: 15 })
      const journal = { OPENRETL_JOURNAL: join(folder, "runs.db"), CI: "" }
      const program = () => import("../programs/journal.ts")
      const first = await printedBy(program, [emulator], journal)
      vi.resetModules()
      const second = await printedBy(program, [emulator], journal)
      expect([first.err, second.err]).toEqual([[], []])
      expect(first.out).toEqual([
        expect.stringMatching(/^started: 100 rows delivered by run retl1\.run\.rudderstack\./),
      ])
      expect(second.out).toEqual([first.out[0]?.replace("started", "remembered")])
      expect(await Effect.runPromise(emulator.runsOf({ connection }))).toHaveLength(1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe("configuring syncs", () => {
  it("configure-rudderstack.ts creates a connection, and enables it with a schedule", async () => {
    const emulator = await Effect.runPromise(RudderStackEmulator.make({ seed: 16 }))
    await Effect.runPromise(
      emulator.addParts("Orders", { source: "2sOurce0000000000000000000", destination: "2dEstination000000000000000" }),
    )
    const { out, err } = await printedBy(() => import("../programs/configure-rudderstack.ts"), [emulator])
    expect(err).toEqual([])
    expect(out).toEqual([
      expect.stringMatching(/^retl1\.sync\.rudderstack\.crm\.connection\.\w+ is enabled, every 1 hour$/),
    ])
  })

  it("configure-segment.ts pauses a mapping", async () => {
    const emulator = await Effect.runPromise(SegmentEmulator.make({ seed: 17 }))
    await Effect.runPromise(emulator.addSync({ name: "Contacts" }))
    const { out, err } = await printedBy(() => import("../programs/configure-segment.ts"), [emulator])
    expect({ out, err }).toEqual({ out: ["Contacts is enabled, schedule unknown", "Contacts is now paused"], err: [] })
  })

  it("configure-hightouch.ts pauses a sync", async () => {
    const emulator = await Effect.runPromise(HightouchEmulator.make({ seed: 22 }))
    await Effect.runPromise(emulator.addSync({ name: "customers-to-hubspot" }))
    const { out, err } = await printedBy(() => import("../programs/configure-hightouch.ts"), [emulator])
    expect(err).toEqual([])
    expect(out).toEqual(["customers-to-hubspot is enabled, manual", "customers-to-hubspot is now paused"])
    expect(await Effect.runPromise(emulator.syncs)).toMatchObject([
      { schedule: { type: "interval", schedule: { interval: { unit: "hour", quantity: 6 } } } },
    ])
  })

  it("webhook-polytomic.ts sees the end when the event comes, and verifies its signature", async () => {
    const emulator = await Effect.runPromise(PolytomicEmulator.make({ seed: 26, plan: { duration: "90 seconds" } }))
    await Effect.runPromise(emulator.addSync({ ids: { sync: "248df4b7-aa70-47b8-a036-33ac447e668d" } }))
    const { out, err } = await printedBy(() => import("../programs/webhook-polytomic.ts"), [emulator])
    expect({ out, err }).toEqual({
      out: ["answered with 204", expect.stringMatching(/^complete, seen after \d+ s$/)],
      err: [],
    })
    expect((await Effect.runPromise(emulator.calls)).length).toBeLessThan(10)
  })

  it("configure-polytomic.ts schedules and pauses a sync", async () => {
    const emulator = await Effect.runPromise(PolytomicEmulator.make({ seed: 25 }))
    await Effect.runPromise(emulator.addSync({ name: "Users to Salesforce" }))
    const { out, err } = await printedBy(() => import("../programs/configure-polytomic.ts"), [emulator])
    expect({ out, err }).toEqual({
      out: ["Users to Salesforce is enabled, manual", "Users to Salesforce is now paused"],
      err: [],
    })
    expect(await Effect.runPromise(emulator.syncs)).toMatchObject([
      { state: "paused", schedule: { frequency: "custom", hour: "*/6", day_of_week: "1-5" } },
    ])
  })

  it("configure-fivetran-activations.ts schedules and pauses a sync", async () => {
    const emulator = await Effect.runPromise(FivetranActivationsEmulator.make({ seed: 23 }))
    await Effect.runPromise(emulator.addSync({ name: "Customers to HubSpot" }))
    const { out, err } = await printedBy(() => import("../programs/configure-fivetran-activations.ts"), [emulator])
    expect({ out, err }).toEqual({
      out: ["Customers to HubSpot is enabled, manual", "Customers to HubSpot is now paused"],
      err: [],
    })
    expect(await Effect.runPromise(emulator.syncs)).toMatchObject([
      { schedule: { triggers: { schedule: { frequency: "expression", cron_expression: "0 */6 * * 1,2,3,4,5" } } } },
    ])
  })

  it("configure-zeotap.ts pauses a sync", async () => {
    const emulator = await Effect.runPromise(ZeotapEmulator.make({ seed: 18, workspaceId }))
    await Effect.runPromise(emulator.addSync({ name: "Contacts" }))
    const { out, err } = await printedBy(() => import("../programs/configure-zeotap.ts"), [emulator])
    expect({ out, err }).toEqual({ out: ["Contacts is enabled, manual", "Contacts is now paused"], err: [] })
  })
})
