/** Segment against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import * as Segment from "../src/Segment.ts"

suite({
  name: "Segment",
  emulator: SegmentEmulator.make,
  workspace: (_, options) => Segment.workspace({ region: "us", ...options }),
  sync: (workspace, { source = "", model = "", subscription = "" }) =>
    Segment.syncRef(workspace, { source, model, subscription }),
  switches: SegmentSwitches,
})
