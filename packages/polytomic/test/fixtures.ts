/**
 * Bodies of Polytomic's API. They are the samples of the vendor's client polytomic-typescript at 39153bc (2026-04-29, read
 * 2026-11), `tests/wire/modelSync.test.ts`, `modelSync/executions.test.ts`, `identity.test.ts` and `events.test.ts`; the answer
 * of a start is the sample of the page "Start a model sync" of the API documentation 2025-09-18 (read 2026-11).
 */

const id = "248df4b7-aa70-47b8-a036-33ac447e668d"

export const started = {
  data: { created_at: "2024-01-01T00:00:00Z", id: "7f3e9c2a-4b8d-4f1e-a9c3-6d5e2f8b1a7c", status: "created" },
}

export const execution = {
  completed_at: "2024-01-01T00:00:00Z",
  counts: { delete: 42, error: 5, insert: 80, total: 100, update: 15, upserts: 10, warnings: 10 },
  created_at: "2024-01-01T00:00:00Z",
  errors: ["something went wrong"],
  id,
  started_at: "2024-01-01T00:00:00Z",
  status: "created",
  type: "scheduled",
}

export const executions = {
  data: [execution],
  pagination: { next_page_token: "AmkYh8v0jR5B3kls2Qcc9y8MjrPmvR4CvaK7H0F4rEwqvg76K==" },
}

const field = { field: "id", model_id: id }

export const sync = {
  active: true,
  created_at: "2024-01-15T09:30:00Z",
  created_by: { id: "12345678-1234-1234-1234-123456789012", name: "John Doe", type: "user" },
  encryption_passphrase: "encryption_passphrase",
  fields: [{ override_value: "fixed_value", source: field, sync_mode: "create", target: "name" }],
  filter_logic: "filter_logic",
  filters: [{ field, field_id: "field1", function: "Equality", label: "A", value: "value" }],
  id,
  identity: { function: "Equality", new_field: true, remote_field_type_id: "string", source: field, target: "name" },
  mode: "create",
  model_ids: ["model_ids"],
  name: "Users Sync",
  only_enrich_updates: false,
  organization_id: id,
  override_fields: [{ override_value: "fixed_value", source: field, sync_mode: "create", target: "name" }],
  overrides: [{ field, field_id: "field1", override: "new_value", value: "value" }],
  policies: [id],
  schedule: {
    connection_id: id,
    day_of_month: "1",
    day_of_week: "monday",
    frequency: "manual",
    hour: "12",
    job_id: 1,
    minute: "30",
    month: "1",
    run_after: { bulk_sync_ids: [id], sync_ids: [id] },
  },
  target: { connection_id: id, object: "Users" },
}

export const identity = {
  data: {
    email: "mail@example.com",
    id,
    is_organization: false,
    is_partner: false,
    is_system: false,
    is_user: true,
    organization_id: id,
    organization_name: "My Organization",
  },
}

export const event = {
  created_at: "2024-01-01T00:00:00Z",
  event: { execution_id: id, organization_id: id, sync_id: id, target_connection_id: id },
  id,
  organization_id: id,
  type: "sync.running",
}

/** A refusal in the form of the client's `ApiError`, whose fields are all optional. */
export const refusal = (status: number, message: string, key = "error") => ({ key, message, metadata: {}, status })
