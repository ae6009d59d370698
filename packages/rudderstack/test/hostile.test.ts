import { attacks } from "@openretl/conformance/Attacks"
import { attacksOf, form } from "../../../scripts/forms.ts"
import { target } from "./target.ts"

attacks(target, { runs: form(6, 100), only: attacksOf("rudderstack") })
