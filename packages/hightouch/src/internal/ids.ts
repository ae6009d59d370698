/** The ids that name a sync at Hightouch. */
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"

/** The ids that name a sync. */
export const Ids = Schema.Struct({
  /** The sync's id, as in `/syncs/{syncId}`: decimal digits. */
  sync: VendorId,
})
export interface Ids extends Schema.Schema.Type<typeof Ids> {}
