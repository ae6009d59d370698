/** RudderStack against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { partOf } from "../../../scripts/forms.ts"
import { harness } from "./harness.ts"

suite(harness, { only: partOf("rudderstack", RudderStackSwitches) })
