/** The ids that name a sync. */
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"

/** The ids that name a sync. */
export const Ids = Schema.Struct({
  /** The model sync's id, as in `/api/syncs/{id}`: a UUID. */
  sync: VendorId,
})
export interface Ids extends Schema.Schema.Type<typeof Ids> {}
