import { transportTests } from "../../core/test/support/transportTests.ts"
import * as UndiciTransport from "../src/UndiciTransport.ts"

transportTests("undici", UndiciTransport.make(), { tellsStart: true })
