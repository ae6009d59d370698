/** Segment in a configuration. */
import * as Segment from "@openretl/segment/Segment"
import * as SegmentAdmin from "@openretl/segment/SegmentAdmin"
import * as Schema from "effect/Schema"
import * as Vendor from "./vendor.ts"

export const vendor = Vendor.make(
  { ids: Segment.Ids, hasScopes: false, fields: Schema.Struct(Vendor.fieldsOf(Segment.Options.fields)) },
  SegmentAdmin.workspace,
)
