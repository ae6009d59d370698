/** Zeotap against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import { partOf } from "../../../scripts/forms.ts"
import { harness } from "./harness.ts"

suite(harness, { only: partOf("zeotap", ZeotapSwitches) })
