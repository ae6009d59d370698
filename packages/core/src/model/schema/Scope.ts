import * as Schema from "effect/Schema"
import * as Plain from "../Scope.ts"

/** What one run covers: only what changed, or everything again. */
export type Scope = Plain.Scope
export const Scope = Schema.Literals(Plain.scopes)
