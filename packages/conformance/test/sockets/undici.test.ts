import { harness as rudderstack } from "../../../rudderstack/test/harness.ts"
import { target as rudderstackTarget } from "../../../rudderstack/test/target.ts"
import { harness as segment } from "../../../segment/test/harness.ts"
import { target as segmentTarget } from "../../../segment/test/target.ts"
import * as UndiciTransport from "../../../undici/src/UndiciTransport.ts"
import { attacksOverSockets, suiteOverSockets } from "./suite.ts"

const carrying = { name: "undici", make: UndiciTransport.make({ closeWithin: 0 }) }

suiteOverSockets(rudderstack, carrying, () => true)
suiteOverSockets(segment, carrying, () => true)
attacksOverSockets(rudderstackTarget, carrying, () => true)
attacksOverSockets(segmentTarget, carrying, () => true)
