/** How the shared suite makes Segment's emulator, and opens workspaces on it. */
import type { Harness } from "@openretl/conformance/Harness"
import * as Schedule from "@openretl/core/Schedule"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import * as Segment from "../src/Segment.ts"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { definition } from "./admin.ts"

export const harness: Harness<typeof SegmentSwitches, SegmentEmulator.SegmentEmulator> = {
  name: "Segment",
  emulator: SegmentEmulator.make,
  workspace: (_, options) => Segment.workspace({ region: "us", ...options }),
  sync: (workspace, { source = "", model = "", subscription = "" }) =>
    Segment.syncRef(workspace, { source, model, subscription }),
  administration: {
    ...{ definition, schedules: [Schedule.every("90 minutes"), Schedule.cron("30 7 * * 1-5", "Europe/Berlin")] },
    workspace: (_, options) => SegmentAdmin.workspace({ region: "us", ...options }),
  },
  switches: SegmentSwitches,
}
