/** Core's scopes in Polytomic's words. Pure. */
import type * as PolytomicApi from "../PolytomicApi.ts"

/** The scopes of runs. */
export const scopes = ["incremental", "full"] as const

/** Returns the body of a start; `undefined` for a scope that Polytomic lacks. It never requests a test run. */
export const startRequest = (scope: string | undefined): PolytomicApi.StartSyncRequest | undefined => {
  if (scope === "incremental") return {}
  return scope === "full" ? { resync: true } : undefined
}
