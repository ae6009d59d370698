import { Effect } from "effect"
import * as KyTransport from "@openretl/core/KyTransport"
import { harness as rudderstack } from "../../../rudderstack/test/harness.ts"
import { suiteOverSockets } from "./suite.ts"

suiteOverSockets(rudderstack, "ky", Effect.sync(KyTransport.make), () => true)
