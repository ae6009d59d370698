/** The adapters that run over sockets: in the short form one, and what of the laws and the attacks a transport could break. */
import type { Harness, VendorEmulator } from "@openretl/conformance/Harness"
import type { Target } from "@openretl/conformance/Target"
import type { Switches } from "@openretl/emulator/Switch"
import type { AdapterFolder } from "../../../../scripts/adapters.ts"
import { form } from "../../../../scripts/forms.ts"
import * as FivetranActivations from "../../../fivetran-activations/test/harness.ts"
import * as FivetranActivationsTarget from "../../../fivetran-activations/test/target.ts"
import * as Hightouch from "../../../hightouch/test/harness.ts"
import * as HightouchTarget from "../../../hightouch/test/target.ts"
import * as Polytomic from "../../../polytomic/test/harness.ts"
import * as PolytomicTarget from "../../../polytomic/test/target.ts"
import * as RudderStack from "../../../rudderstack/test/harness.ts"
import * as RudderStackTarget from "../../../rudderstack/test/target.ts"
import * as Segment from "../../../segment/test/harness.ts"
import * as SegmentTarget from "../../../segment/test/target.ts"
import * as Zeotap from "../../../zeotap/test/harness.ts"
import * as ZeotapTarget from "../../../zeotap/test/target.ts"
import { isChosen } from "./short.ts"
import { attacksOverSockets, type Carrying, suiteOverSockets } from "./suite.ts"

type Chosen = typeof isChosen

type Register = (carrying: Carrying, only: Chosen) => void

const lawsAndAttacks =
  <S extends Switches, E extends VendorEmulator, Opened, Name extends string>(
    { harness }: { readonly harness: Harness<S, E> },
    { target }: { readonly target: Target<Opened, Name> },
  ): Register =>
  (carrying, only) => {
    suiteOverSockets(harness, carrying, only)
    attacksOverSockets(target, carrying, only)
  }

/** What registers the laws and the attacks for each adapter. */
const adapters: Readonly<Record<AdapterFolder, Register>> = {
  rudderstack: lawsAndAttacks(RudderStack, RudderStackTarget),
  segment: lawsAndAttacks(Segment, SegmentTarget),
  polytomic: lawsAndAttacks(Polytomic, PolytomicTarget),
  hightouch: lawsAndAttacks(Hightouch, HightouchTarget),
  zeotap: lawsAndAttacks(Zeotap, ZeotapTarget),
  "fivetran-activations": lawsAndAttacks(FivetranActivations, FivetranActivationsTarget),
}

/** Registers the laws and the attacks over one transport; `only` says which of them. */
export const allOverSockets = (carrying: Carrying, only: Chosen = isChosen): void => {
  for (const register of form([adapters.rudderstack], Object.values(adapters))) register(carrying, only)
}
