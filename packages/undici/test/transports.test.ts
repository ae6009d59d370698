import { tellingTests } from "../../core/test/support/tellingTests.ts"
import { transportTests } from "../../core/test/support/transportTests.ts"
import * as UndiciTransport from "../src/UndiciTransport.ts"

transportTests("undici", UndiciTransport.make(), { tellsStart: true })
tellingTests("undici", {
  make: UndiciTransport.make(),
  impatient: UndiciTransport.make({ connectTimeout: "50 millis" }),
  timeoutCode: "UND_ERR_CONNECT_TIMEOUT",
})
