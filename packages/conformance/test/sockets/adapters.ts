/** The adapters that run over sockets: in the short form one, and what of the laws and the attacks a transport could break. */
import { isLong } from "../../../../scripts/forms.ts"
import { harness as polytomic } from "../../../polytomic/test/harness.ts"
import { harness as rudderstack } from "../../../rudderstack/test/harness.ts"
import { target as rudderstackTarget } from "../../../rudderstack/test/target.ts"
import { harness as segment } from "../../../segment/test/harness.ts"
import { target as segmentTarget } from "../../../segment/test/target.ts"
import { isChosen } from "./short.ts"
import { attacksOverSockets, type Carrying, suiteOverSockets } from "./suite.ts"

/** Registers the laws and the attacks for each adapter over one transport. */
export const allOverSockets = (carrying: Carrying): void => {
  suiteOverSockets(rudderstack, carrying, isChosen)
  attacksOverSockets(rudderstackTarget, carrying, isChosen)
  if (!isLong) return
  suiteOverSockets(segment, carrying, isChosen)
  suiteOverSockets(polytomic, carrying, isChosen)
  attacksOverSockets(segmentTarget, carrying, isChosen)
}
