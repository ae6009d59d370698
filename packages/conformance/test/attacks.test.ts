import { attacks } from "@openretl/conformance/Attacks"
import { form } from "../../../scripts/forms.ts"
import { target } from "./acmeTarget.ts"

attacks(target, { runs: form(10, 100) })
