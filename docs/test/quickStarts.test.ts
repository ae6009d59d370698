/** The quick starts of the adapters' READMEs, as they stand there. */
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
import { describe, expect, it } from "vitest"
import type { AdapterFolder } from "../../scripts/adapters.ts"
import { printedBy } from "./support/printed.ts"

/** The programs of one vendor, and the sync that they name. */
interface Vendor {
  readonly emulator: (seed: number) => Effect.Effect<Emulator>
  readonly ids: Ids
  readonly programs: readonly [withoutEffect: () => Promise<unknown>, withEffect: () => Promise<unknown>]
}

const vendors: Readonly<Record<AdapterFolder, Vendor>> = {
  hightouch: {
    emulator: (seed) => HightouchEmulator.make({ seed }),
    ids: { sync: "482915" },
    programs: [
      () => import("../programs/quick-start-hightouch.ts"),
      () => import("../programs/quick-start-hightouch-effect.ts"),
    ],
  },
  "fivetran-activations": {
    emulator: (seed) => FivetranActivationsEmulator.make({ seed }),
    ids: { sync: "3167956" },
    programs: [
      () => import("../programs/quick-start-fivetran-activations.ts"),
      () => import("../programs/quick-start-fivetran-activations-effect.ts"),
    ],
  },
  polytomic: {
    emulator: (seed) => PolytomicEmulator.make({ seed }),
    ids: { sync: "248df4b7-aa70-47b8-a036-33ac447e668d" },
    programs: [
      () => import("../programs/quick-start-polytomic.ts"),
      () => import("../programs/quick-start-polytomic-effect.ts"),
    ],
  },
  rudderstack: {
    emulator: (seed) => RudderStackEmulator.make({ seed }),
    ids: { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" },
    programs: [
      () => import("../programs/quick-start-rudderstack.ts"),
      () => import("../programs/quick-start-rudderstack-effect.ts"),
    ],
  },
  segment: {
    emulator: (seed) => SegmentEmulator.make({ seed }),
    ids: {
      source: "qQEHquLrjRDN9j1ByrChyn",
      model: "fP7qoQw2HTWt9WdMr718gn",
      subscription: "eoeXaMeAYcB2XvEApJDrQs",
    },
    programs: [
      () => import("../programs/quick-start-segment.ts"),
      () => import("../programs/quick-start-segment-effect.ts"),
    ],
  },
  zeotap: {
    emulator: (seed) => ZeotapEmulator.make({ seed, workspaceId: "660e8400-e29b-41d4-a716-446655440000" }),
    ids: { sync: "550e8400-e29b-41d4-a716-446655440000" },
    programs: [
      () => import("../programs/quick-start-zeotap.ts"),
      () => import("../programs/quick-start-zeotap-effect.ts"),
    ],
  },
}

describe.each(Object.entries(vendors))("the quick starts of %s", (name, { emulator: make, ids, programs }) => {
  it.each(["without Effect", "with Effect"])("the one %s prints the rows and the ref of its run", async (which) => {
    const at = which === "with Effect" ? 1 : 0
    const emulator = await Effect.runPromise(make(at + 1))
    await Effect.runPromise(emulator.addSync({ ids }))
    const { out, err, exitCode } = await printedBy(programs[at], [emulator])
    expect({ err, exitCode }).toEqual({ err: [], exitCode: undefined })
    const runs = await Effect.runPromise(emulator.runsOf(ids))
    expect(runs).toHaveLength(1)
    expect(out).toEqual([
      expect.stringMatching(`^100 rows delivered by run retl1\\.run\\.${name}\\..*${runs[0]?.id}\\.`),
    ])
  })
})
