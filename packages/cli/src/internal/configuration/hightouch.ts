/** Hightouch in a configuration. */
import * as Hightouch from "@openretl/hightouch/Hightouch"
import * as HightouchAdmin from "@openretl/hightouch/HightouchAdmin"
import * as Schema from "effect/Schema"
import * as Vendor from "./vendor.ts"

export const vendor = Vendor.make(
  { ids: Hightouch.Ids, hasScopes: true, fields: Schema.Struct(Vendor.fieldsOf(Hightouch.Options.fields)) },
  HightouchAdmin.workspace,
)
