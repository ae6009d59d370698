/** Segment against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import { partOf } from "../../../scripts/forms.ts"
import { harness } from "./harness.ts"

suite(harness, { only: partOf("segment", SegmentSwitches) })
