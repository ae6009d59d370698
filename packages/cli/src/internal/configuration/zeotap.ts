/** Zeotap in a configuration. */
import * as Zeotap from "@openretl/zeotap/Zeotap"
import * as ZeotapAdmin from "@openretl/zeotap/ZeotapAdmin"
import * as Schema from "effect/Schema"
import * as Vendor from "./vendor.ts"

export const vendor = Vendor.make(
  { ids: Zeotap.Ids, hasScopes: false, fields: Schema.Struct(Vendor.fieldsOf(Zeotap.Options.fields)) },
  ZeotapAdmin.workspace,
)
