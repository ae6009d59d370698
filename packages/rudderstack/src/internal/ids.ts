/** The ids that name a sync of RudderStack. */
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"

/** The ids that name a sync of RudderStack. */
export const Ids = Schema.Struct({
  /** The id of the RETL connection, as in `2C8Vk2wj8qkofy00YzJbvJOGeqa`. */
  connection: VendorId,
})
export interface Ids extends Schema.Schema.Type<typeof Ids> {}
