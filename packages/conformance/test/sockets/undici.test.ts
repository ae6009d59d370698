import { isLong } from "../../../../scripts/forms.ts"
import { harness as polytomic } from "../../../polytomic/test/harness.ts"
import { harness as rudderstack } from "../../../rudderstack/test/harness.ts"
import { target as rudderstackTarget } from "../../../rudderstack/test/target.ts"
import { harness as segment } from "../../../segment/test/harness.ts"
import { target as segmentTarget } from "../../../segment/test/target.ts"
import * as UndiciTransport from "../../../undici/src/UndiciTransport.ts"
import { isChosen } from "./short.ts"
import { attacksOverSockets, suiteOverSockets } from "./suite.ts"

const carrying = { name: "undici", make: UndiciTransport.make({ closeWithin: 0 }) }

suiteOverSockets(rudderstack, carrying, isChosen)
attacksOverSockets(rudderstackTarget, carrying, isChosen)
if (isLong) {
  suiteOverSockets(segment, carrying, isChosen)
  suiteOverSockets(polytomic, carrying, isChosen)
  attacksOverSockets(segmentTarget, carrying, isChosen)
}
