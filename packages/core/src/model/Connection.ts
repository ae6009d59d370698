/** The source and the destination of a sync. */
import * as Schema from "effect/Schema"
import { VendorId } from "./Ref.ts"

/** The source or the destination of a connection. */
export const End = Schema.Struct({
  /** The vendor's id of it. */
  id: VendorId,
  /** Its name at the vendor; absent where the vendor does not report it. */
  name: Schema.optionalKey(Schema.String),
  /** The vendor's word for its kind, as in `salesforce` or `postgres`. */
  kind: Schema.optionalKey(Schema.String),
})
export type End = typeof End.Type

/** The source and the destination of a sync. What the vendor does not report is absent. */
export const Connection = Schema.Struct({
  /** A table, a query or a model of the warehouse. */
  source: Schema.optionalKey(End),
  /** Where the rows go. */
  destination: Schema.optionalKey(End),
})
export type Connection = typeof Connection.Type
