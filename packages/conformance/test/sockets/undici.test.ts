import * as UndiciTransport from "../../../undici/src/UndiciTransport.ts"
import { harness as rudderstack } from "../../../rudderstack/test/harness.ts"
import { suiteOverSockets } from "./suite.ts"

suiteOverSockets(rudderstack, "undici", UndiciTransport.make({ closeWithin: 0 }), () => true)
