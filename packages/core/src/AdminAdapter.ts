/** Adapters that run and configure syncs: everything of an `Adapter`, over a driver with a catalog. */
import * as Adapter from "./Adapter.ts"
import * as AdminWorkspace from "./AdminWorkspace.ts"
import type { AnyDriver } from "./driver/Driver.ts"
import type * as Options from "./driver/Options.ts"
import type { Sync } from "./model/Sync.ts"
import type * as Workspace from "./Workspace.ts"

/** What the author of an adapter passes to `make`. Its `native` is the schema of the vendor's payload of a sync. */
export type Parts<O extends Options.Options, Client, Ids, Native, D extends AnyDriver> = Adapter.Parts<
  O,
  Client,
  Ids,
  Native,
  D
>

/** An adapter that runs and configures syncs. */
export interface AdminAdapter<O extends Options.Options, Client, Ids, Native, D extends AnyDriver>
  extends Omit<Adapter.Adapter<O, Client, Ids, Native, D, Workspace.Provided<D>>, "nativeOf"> {
  /** Returns the vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
  readonly nativeOf: (sync: Sync) => Native | undefined
}

/** Creates an adapter that runs and configures syncs. Programs that only run syncs do not import it. */
export const make = <O extends Options.Options, Client, Ids, Native, const D extends AnyDriver>(
  parts: Parts<O, Client, Ids, Native, D>,
): AdminAdapter<O, Client, Ids, Native, D> => ({
  ...Adapter.assemble(parts, AdminWorkspace.make<D>),
  nativeOf: Adapter.nativeOf<Sync, Native>(parts.vendor, parts.native, ({ ref }) => ref.vendor),
})
