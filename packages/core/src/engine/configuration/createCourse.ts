/** What the parts of a create share. */
import type { Requests } from "../../driver/Catalog.ts"
import type { ChangeCall } from "./changeCall.ts"
import type { ChangeContext } from "./changeContext.ts"
import type { DecodedDefinition } from "./input.ts"

/** A create that is under way. */
export interface Course<Ids extends object, Native, Spec, ChangedSpec> {
  readonly changes: ChangeContext<Ids, Native, Spec, ChangedSpec>
  readonly call: ChangeCall
  readonly requests: Requests
  readonly wanted: DecodedDefinition<Spec>
}
