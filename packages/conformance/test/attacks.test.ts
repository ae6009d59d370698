import { attacks } from "@openretl/conformance/Attacks"
import { target } from "./acmeTarget.ts"

attacks(target)
