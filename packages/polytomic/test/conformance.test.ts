/** Polytomic against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import { PolytomicSwitches } from "@openretl/emulator/PolytomicSwitches"
import { partOf } from "../../../scripts/forms.ts"
import { harness } from "./harness.ts"

suite(harness, { only: partOf("polytomic", PolytomicSwitches) })
