import { Effect } from "effect"
import { tellingTests } from "../../core/test/support/tellingTests.ts"
import { transportTests } from "../../core/test/support/transportTests.ts"
import * as NodeTransport from "../src/internal/transport/nodeTransport.ts"

const make = Effect.sync(NodeTransport.make)

transportTests("node", make, { tellsStart: true })
tellingTests("node", {
  make,
  impatient: Effect.sync(() => NodeTransport.make({ connectTimeout: "50 millis" })),
  timeoutCode: "ETIMEDOUT",
})
