/**
 * Bodies of the Management API of Fivetran Activations. Those of runs, lists, triggers and events are the vendor's samples of
 * the first version, as in sutrolabs/census-docs at b32fd7d (`basics/api/*.md`, `syncs/**`; 2026-01-28, read 2026-11); the V2
 * reference documents the same fields of a run (fivetran.com/docs/activations, fetch the status of a test sync run; read
 * 2026-11).
 */

/** The sample of a run, with its rows. */
export const run = {
  ...{ id: 94, sync_id: 52, source_record_count: 15, source_record_updates: 12, source_record_deletes: 2 },
  ...{ source_record_invalids: 1, records_processed: 14, records_updated: 13, records_failed: 1, records_invalid: 0 },
  created_at: "2021-10-20T02:51:07.546Z",
  updated_at: "2021-10-20T02:52:29.236Z",
  completed_at: "2021-10-20T02:52:29.234Z",
  ...{ scheduled_execution_time: null, error_code: null, error_message: null, error_detail: null },
  ...{ status: "completed", canceled: false, full_sync: true, current_step: "Running Sync" },
  sync_trigger_reason: { ui_tag: "Manual", ui_detail: "Manually triggered by test@getcensus.com" },
}

/** The nulls of the sample of a run that failed early. */
export const failedRun = {
  ...run,
  ...{ id: 93, status: "failed", completed_at: null, error_code: "JSON_ARRAY_ERROR", error_message: "no such column" },
  ...{ source_record_count: null, source_record_updates: null, source_record_deletes: null },
  ...{ source_record_invalids: null, records_processed: null, records_updated: null, records_failed: null },
}

/** The sample of a page, whose `next` leads to the first one. */
export const pagination = { total_records: 14, per_page: 25, prev_page: 1, page: 2, next_page: 3, last_page: 10 }
export const next = "https://app.getcensus.com/api/v1/syncs"

/** The sample of a trigger in the V2 reference. */
export const triggered = { status: "success", data: { sync_run_id: 1234567890 } }

/** The sample of a cancel in the V2 reference. */
export const cancelled = { status: "cancelled", data: {} }

/** The sample of an event. */
export const event = {
  ...{ workspace_id: 3167, sync_id: 3167956, sync_run_id: 324402082 },
  ...{ event: "sync.completed", status: "emergency" },
}

/** A sync of the documented fields: the documents that were read have no whole sample of the second version. */
export const sync = {
  ...{ id: 52, label: "Customers", status: "ready", paused: false, operation: "upsert" },
  source_attributes: { connection_id: 828, object: { type: "model", id: 7 } },
  destination_attributes: { connection_id: 15, object: "Contact" },
  mappings: [
    { from: { type: "column", data: "name" }, to: "Name", is_primary_identifier: false, position: 1 },
    { from: { type: "column", data: "email" }, to: "Email", is_primary_identifier: true, position: 0 },
  ],
  mode: { type: "triggered", triggers: { schedule: { frequency: "daily", day: null, hour: 6, minute: 30 } } },
  ...{ schedule_frequency: "daily", schedule_day: null, schedule_hour: 6, schedule_minute: 30, cron_expression: null },
  ...{ created_at: "2021-10-20T02:51:07.546Z", updated_at: "2021-10-20T02:51:07.546Z" },
}
