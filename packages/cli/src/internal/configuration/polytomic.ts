/** Polytomic in a configuration. */
import * as Polytomic from "@openretl/polytomic/Polytomic"
import * as PolytomicAdmin from "@openretl/polytomic/PolytomicAdmin"
import * as Schema from "effect/Schema"
import * as Vendor from "./vendor.ts"

export const vendor = Vendor.make(
  { ids: Polytomic.Ids, hasScopes: true, fields: Schema.Struct(Vendor.fieldsOf(Polytomic.Options.fields)) },
  PolytomicAdmin.workspace,
)
