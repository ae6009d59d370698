/** Where rows come from and go to. */
import * as Schema from "effect/Schema"
import { VendorId } from "./Ref.ts"

/** One end of a connection. */
export const End = Schema.Struct({
  id: VendorId,
  /** Absent where the vendor does not say. */
  name: Schema.optionalKey(Schema.String),
  /** What kind of thing it is, in the vendor's word: `salesforce`, `postgres`. */
  kind: Schema.optionalKey(Schema.String),
})
export type End = typeof End.Type

export const Connection = Schema.Struct({
  /** A table, a query or a model of the warehouse. Absent where the vendor does not say, as is the destination. */
  source: Schema.optionalKey(End),
  destination: Schema.optionalKey(End),
})
export type Connection = typeof Connection.Type
