/** Fivetran Activations in a configuration. */
import * as FivetranActivations from "@openretl/fivetran-activations/FivetranActivations"
import * as FivetranActivationsAdmin from "@openretl/fivetran-activations/FivetranActivationsAdmin"
import * as Schema from "effect/Schema"
import * as Vendor from "./vendor.ts"

export const vendor = Vendor.make(
  {
    ids: FivetranActivations.Ids,
    hasScopes: true,
    fields: Schema.Struct(Vendor.fieldsOf(FivetranActivations.Options.fields)),
  },
  FivetranActivationsAdmin.workspace,
)
