/** Core's scopes and queries in the words of Fivetran Activations. Pure. */
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import type { PageRequest } from "./paging.ts"

/** The scopes of runs. */
export const scopes = ["incremental", "full"] as const
export type Scope = (typeof scopes)[number]

const requests: Readonly<Record<Scope, FivetranActivationsApi.TriggerSyncQuery>> = {
  incremental: {},
  full: { force_full_sync: true },
}

/** Returns the query of a trigger; `undefined` for a scope that the vendor lacks. */
export const triggerQuery = (scope: string | undefined): FivetranActivationsApi.TriggerSyncQuery | undefined =>
  scope !== undefined && Object.hasOwn(requests, scope) ? requests[scope as Scope] : undefined

/** Returns the query for a page of runs, newest first. The vendor filters by nothing. */
export const listQuery = (request: PageRequest): FivetranActivationsApi.ListQuery => ({ ...request, order: "desc" })
