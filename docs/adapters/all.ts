/** The adapters that the docs describe, in the order of their columns and sections: all of the registry. */
import { Struct } from "effect"
import type { AdapterFolder } from "../../scripts/adapters.ts"
import type { Documented } from "./Documented.ts"
import { fivetranActivations } from "./fivetran-activations.ts"
import { hightouch } from "./hightouch.ts"
import { polytomic } from "./polytomic.ts"
import { rudderstack } from "./rudderstack.ts"
import { segment } from "./segment.ts"
import { zeotap } from "./zeotap.ts"

const byFolder: Readonly<Record<AdapterFolder, Documented>> = {
  segment,
  rudderstack,
  zeotap,
  hightouch,
  "fivetran-activations": fivetranActivations,
  polytomic,
}

/** Every adapter, with its folder. */
export const documented: ReadonlyArray<Documented & { readonly folder: AdapterFolder }> = Struct.keys(byFolder).map(
  (folder) => ({ folder, ...byFolder[folder] }),
)
