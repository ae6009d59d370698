/** Segment against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import * as Schedule from "@openretl/core/Schedule"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import { partOf } from "../../../scripts/forms.ts"
import * as Segment from "../src/Segment.ts"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { definition } from "./admin.ts"

suite(
  {
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
  },
  { only: partOf("segment", SegmentSwitches) },
)
