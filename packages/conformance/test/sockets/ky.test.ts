import * as KyTransport from "@openretl/core/KyTransport"
import { Effect } from "effect"
import { isLong } from "../../../../scripts/forms.ts"
import { harness as polytomic } from "../../../polytomic/test/harness.ts"
import { harness as rudderstack } from "../../../rudderstack/test/harness.ts"
import { target as rudderstackTarget } from "../../../rudderstack/test/target.ts"
import { harness as segment } from "../../../segment/test/harness.ts"
import { target as segmentTarget } from "../../../segment/test/target.ts"
import { isChosen } from "./short.ts"
import { attacksOverSockets, suiteOverSockets } from "./suite.ts"

const carrying = { name: "ky", make: Effect.sync(KyTransport.make) }

suiteOverSockets(rudderstack, carrying, isChosen)
attacksOverSockets(rudderstackTarget, carrying, isChosen)
if (isLong) {
  suiteOverSockets(segment, carrying, isChosen)
  suiteOverSockets(polytomic, carrying, isChosen)
  attacksOverSockets(segmentTarget, carrying, isChosen)
}
