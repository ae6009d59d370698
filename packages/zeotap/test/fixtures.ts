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

/** Zeotap Composable CDP docs, Reverse ETL API page, `POST .../syncs` (read 2026-11): the body of a create. */
export const createSync = {
  name: "Customers to Salesforce",
  model_id: "770e8400-e29b-41d4-a716-446655440000",
  destination_id: "880e8400-e29b-41d4-a716-446655440000",
  field_mapping: [
    { source_column: "email", destination_field: "Email" },
    { source_column: "first_name", destination_field: "FirstName" },
  ],
  sync_mode: "upsert",
  primary_key: "customer_id",
  schedule: "0 */6 * * *",
} as const

/** The same page, of field mappings: with a cast. */
export const castMapping = {
  field_mapping: [
    { source_column: "email", destination_field: "Email" },
    { source_column: "revenue", destination_field: "Annual_Revenue", type_cast: "number" },
  ],
} as const

/** The same page, `PUT .../syncs/{syncId}`: the body of an update. */
export const updateSync = { schedule: "0 */12 * * *", status: "paused" } as const

/** The same page, `DELETE .../syncs/{syncId}`. */
export const deleted = { status: "deleted" }

/**
 * Zeotap Composable CDP docs, Models API page (read 2026-11). Ids that the copy cuts are written out after the pattern of
 * the others, and the lists it cuts hold what is shown of them.
 */
export const model = {
  id: "550e8400-e29b-41d4-a716-446655440000",
  workspace_id: workspaceId,
  source_id: "770e8400-e29b-41d4-a716-446655440000",
  name: "Active Customers",
  description: "Customers with purchases in the last 90 days",
  sql_query:
    "SELECT customer_id, email, first_name, last_name FROM customers WHERE last_purchase_date > DATEADD(day, -90, CURRENT_DATE())",
  columns: [
    { name: "customer_id", type: "VARCHAR", nullable: false },
    { name: "email", type: "VARCHAR", nullable: true },
  ],
  entity_type: "parent",
  primary_key_column: "customer_id",
  timestamp_column: "",
  column_config: [],
  model_type: "sql",
  source_schema: "",
  source_table: "",
  selected_columns: null,
  status: "active",
  status_error: "",
  created_by: "880e8400-e29b-41d4-a716-446655440000",
}

/** Zeotap Composable CDP docs, Destinations API page (read 2026-11). */
export const destination = {
  id: "550e8400-e29b-41d4-a716-446655440000",
  workspace_id: workspaceId,
  connection_id: null,
  name: "Salesforce Production",
  destination_type: "salesforce",
  config: { instance_url: "https://mycompany.salesforce.com", api_version: "58.0", object: "Contact" },
  status: "connected",
  status_error: "",
  created_by: "770e8400-e29b-41d4-a716-446655440000",
  created_at: "2024-01-15T09:30:00Z",
  updated_at: "2024-01-15T09:30:00Z",
}

/** Zeotap Composable CDP docs, Insights API page, `GET .../insights/sync-health` (read 2026-11). */
export const syncHealth = {
  total_syncs: 12,
  active_syncs: 10,
  healthy_syncs: 9,
  failing_syncs: 1,
  paused_syncs: 2,
  syncs: [
    {
      sync_id: syncId,
      sync_name: "Customers to Salesforce",
      status: "active",
      last_run_status: "completed",
      last_run_at: "2024-01-15T15:00:00Z",
      success_rate: 0.98,
      total_runs: 42,
      failed_runs: 1,
      avg_duration_seconds: 145,
      total_rows_synced: 125000,
    },
  ],
}
