/** RudderStack in a configuration. */
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as RudderStackAdmin from "@openretl/rudderstack/RudderStackAdmin"
import * as Schema from "effect/Schema"
import * as Vendor from "./vendor.ts"

export const vendor = Vendor.make(
  { ids: RudderStack.Ids, hasScopes: true, fields: Schema.Struct(Vendor.fieldsOf(RudderStack.Options.fields)) },
  RudderStackAdmin.workspace,
)
