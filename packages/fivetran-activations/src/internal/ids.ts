/** The ids that name a sync of Fivetran Activations. */
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"

/** The ids that name a sync. */
export const Ids = Schema.Struct({
  /** The sync's id, as in `/syncs/{sync_id}`: decimal digits, the same ones as in the first version of the API. */
  sync: VendorId,
})
export interface Ids extends Schema.Schema.Type<typeof Ids> {}
