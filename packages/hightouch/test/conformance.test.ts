/** Hightouch against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import { HightouchSwitches } from "@openretl/emulator/HightouchSwitches"
import { partOf } from "../../../scripts/forms.ts"
import { harness } from "./harness.ts"

suite(harness, { only: partOf("hightouch", HightouchSwitches) })
