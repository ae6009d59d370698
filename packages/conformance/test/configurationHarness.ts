/** Harnesses of adapters that are like Acme's, with other functions in what configures syncs. */
import type { WorkspaceOptions } from "@openretl/conformance/Harness"
import * as AdminAdapter from "@openretl/core/driver/AdminAdapter"
import type { AdministrationPart } from "@openretl/core/driver/Administration"
import type { CatalogPart } from "@openretl/core/driver/Catalog"
import type { Driver } from "@openretl/core/driver/Driver"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import { manual } from "@openretl/core/Schedule"
import * as Acme from "./acme.ts"
import * as AcmeConfiguration from "./acmeConfiguration.ts"
import { type AcmeHarness, harness, withScope } from "./mutants.ts"

export type Catalog = CatalogPart<Acme.Ids, AcmeConfiguration.Connection>

export type Administration = AdministrationPart<
  Acme.Ids,
  AcmeConfiguration.Connection,
  AcmeConfiguration.Spec,
  AcmeConfiguration.ChangedSpec
>

/** The adapter's parts, which a change starts from. */
interface Original {
  readonly catalog: Catalog
  readonly administration: Administration & Required<Pick<Administration, "create" | "delete">>
}

/** Returns the parts that replace those of the adapter. */
export type Change = (
  original: Original,
  http: VendorClient.VendorClient,
  options: WorkspaceOptions,
) => { readonly catalog?: Catalog; readonly administration?: Administration }

interface ConfiguringDriver
  extends Driver<
    Acme.Ids,
    Acme.Execution,
    AcmeConfiguration.Connection,
    AcmeConfiguration.Spec,
    AcmeConfiguration.ChangedSpec
  > {
  readonly catalog: Catalog
  readonly administration: Administration
}

/** Opens a workspace over the adapter with other parts. */
export const openWorkspace = (options: WorkspaceOptions, change: Change) => {
  const driver = (http: VendorClient.VendorClient): ConfiguringDriver => {
    const original = AcmeConfiguration.driver(http)
    return { ...original, ...change(original, http, options) }
  }
  const adapter = AdminAdapter.make({ ...Acme.parts, native: AcmeConfiguration.Connection, driver })
  return adapter.workspace(withScope(options))
}

/** Returns the harness of the adapter with other parts. */
export const harnessWith = (change: Change): AcmeHarness => ({
  ...harness,
  administration: { ...harness.administration, workspace: (_, options) => openWorkspace(options, change) },
})

/** Creates a sync disabled and manual, so that a schedule or enabling it takes an update. */
export const inTwoRequests: Change = ({ administration }) => ({
  administration: {
    ...administration,
    create: (sync) => administration.create({ ...sync, enabled: false, schedule: manual }),
  },
})

export const withoutCreate: Change = ({ administration: { create: _, ...administration } }) => ({ administration })

export const withoutDelete: Change = ({ administration: { delete: _, ...administration } }) => ({ administration })
