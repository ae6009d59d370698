/** The ids that name a mapping, which is a sync here. */
import * as Input from "@openretl/core/driver/Input"
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"

/** The ids that name a mapping. */
export const Ids = Schema.Struct({
  /** The id of the model's source. */
  source: VendorId,
  model: VendorId,
  /** The mapping's id: it stands after `/mappings/` in the app's address. */
  subscription: VendorId,
  /**
   * The destination that the mapping fills. It makes reads and changes of a mapping cheap in a large account: without it, the
   * mapping is searched for. It does not belong to the sync's identity, and a wrong one leads to a search. Refs of a catalog
   * have it.
   */
  destination: Input.optional(VendorId),
})
export interface Ids extends Schema.Schema.Type<typeof Ids> {}
