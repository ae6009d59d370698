/** Bodies as their sources show them, each with where it comes from. Two of the ids are a digit short in the original. */

export const workspaceId = "660e8400-e29b-41d4-a716-446655440000"
export const syncId = "550e8400-e29b-41d4-a716-446655440000"
export const runId = "bbe8400-e29b-41d4-a716-446655440000"

/** Zeotap Composable CDP docs, Reverse ETL API page, `POST .../trigger` (read 2026-11): what a trigger answers. */
export const pendingRun = {
  id: runId,
  sync_id: syncId,
  workspace_id: workspaceId,
  status: "pending",
  started_at: "2024-01-15T15:00:00Z",
  rows_synced: 0,
  rows_failed: 0,
  triggered_by: "990e8400-e29b-41d4-a716-446655440000",
  created_at: "2024-01-15T15:00:00Z",
}

/** The same page, `GET .../runs`: completed, with failed rows. */
export const completedRun = {
  id: runId,
  sync_id: syncId,
  workspace_id: workspaceId,
  status: "completed",
  started_at: "2024-01-15T15:00:00Z",
  completed_at: "2024-01-15T15:02:30Z",
  rows_synced: 5420,
  rows_failed: 3,
  error_message: "",
  triggered_by: "990e8400-e29b-41d4-a716-446655440000",
  created_at: "2024-01-15T15:00:00Z",
}

/** The same page, `GET .../syncs/{syncId}`. */
export const sync = {
  id: syncId,
  workspace_id: workspaceId,
  model_id: "770e8400-e29b-41d4-a716-446655440000",
  destination_id: "880e8400-e29b-41d4-a716-446655440000",
  name: "Customers to Salesforce",
  description: "Sync active customers to Salesforce contacts",
  field_mapping: [
    { source_column: "email", destination_field: "Email" },
    { source_column: "first_name", destination_field: "FirstName" },
    { source_column: "last_name", destination_field: "LastName" },
  ],
  sync_mode: "upsert",
  schedule: "0 */6 * * *",
  config: {},
  primary_key: "customer_id",
  status: "active",
  status_error: "",
  created_by: "990e8400-e29b-41d4-a716-446655440000",
  created_at: "2024-01-15T09:30:00Z",
  updated_at: "2024-01-15T09:30:00Z",
  last_synced_at: "2024-01-15T15:00:00Z",
  last_run_id: "aae8400-e29b-41d4-a716-446655440000",
}

/** SignalSmith docs (the older edition), API overview page (read 2026-11): the numbers are those of its sample. */
export const pagination = { page: 1, page_size: 20, total: 142 }

/** The same page. */
export const error = { error: "human-readable error message" }

/** Zeotap Composable CDP docs, Workspaces API page (read 2026-11): the field names; the values are made up. */
export const workspace = {
  id: workspaceId,
  name: "Acme",
  slug: "acme",
  avatar_url: "",
  default_role: "member",
  settings: {},
  organization_id: "110e8400-e29b-41d4-a716-446655440000",
  member_count: 3,
  created_at: "2024-01-15T09:30:00Z",
  updated_at: "2024-01-15T09:30:00Z",
}
