/** Ids by the vendor's names. */
import * as Schema from "effect/Schema"

/**
 * The ids of a sync, or of the parts that it is made of, by the vendor's names. A sync's are `source`, `model` and
 * `subscription` for Segment, `connection` for RudderStack, and `sync` for Zeotap, Hightouch, Fivetran Activations and Polytomic.
 */
export const Ids = Schema.Record(Schema.String, Schema.String)
export type Ids = typeof Ids.Type
