/** The public sources that facts name. */
export const reference = "Fivetran docs, Activations API V2 reference (read 2026-11)"
export const migration = "Fivetran docs, Migrate from API V1 to V2 (read 2026-11)"
export const older = "Census docs, API pages of V1, as in sutrolabs/census-docs at b32fd7d (2026-01-28, read 2026-11)"
export const observability = "Census docs, embedded observability guide (read 2026-11)"
export const terraform = "Fivetran's Terraform provider for Activations, client and changelog to 0.2.15 (2026-07-29)"
export const terraformV2 =
  "Fivetran's Terraform provider for Activations, client of V2 at d9fedba (2026-08, read 2026-11)"
export const scheduling = "Fivetran docs, Triggering & Scheduling page (read 2026-11)"
export const thirdParty = "PostHog's source for Activations, which uses V2 in production (read 2026-11)"
export const evangelist = "api-evangelist/getcensus (2026-08-13, read 2026-11)"

/** The read of a sync, and the list of its runs, as probes. */
export const sync = "GET /api/v2/syncs/{sync}"
export const list = `${sync}/sync_runs`
