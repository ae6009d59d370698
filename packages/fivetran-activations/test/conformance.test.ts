/** Fivetran Activations against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import { FivetranActivationsSwitches } from "@openretl/emulator/FivetranActivationsSwitches"
import { partOf } from "../../../scripts/forms.ts"
import { harness } from "./harness.ts"

suite(harness, { only: partOf("fivetran-activations", FivetranActivationsSwitches) })
