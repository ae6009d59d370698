import { Effect } from "effect"
import * as KyTransport from "../../src/http/KyTransport.ts"
import { timeoutTest } from "../support/timeoutTest.ts"

timeoutTest(Effect.sync(KyTransport.make))
