import { timeoutTest } from "../../../core/test/support/timeoutTest.ts"
import * as UndiciTransport from "../../src/UndiciTransport.ts"

timeoutTest(UndiciTransport.make())
