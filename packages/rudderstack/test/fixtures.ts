/** Bodies as their sources show them, each with where it comes from. */

/** RudderStack docs, RETL connections API page, `GET .../syncs/{syncId}` (read 2026-11): a running run with an end. */
export const runningSync = {
  id: "<sync_id>",
  status: "running",
  startedAt: "2024-04-20T05:58:14.778Z",
  finishedAt: "2024-04-20T05:58:14.778Z",
  error: "<string>",
  metrics: { succeeded: { total: 0 }, failed: { total: 0 }, changed: { total: 0 }, total: 0 },
}

/** The same page, `GET .../syncs`. */
export const syncsPage = {
  syncs: [
    {
      id: "<sync_id>",
      status: "running",
      startedAt: "2024-04-20T05:41:18.871Z",
      finishedAt: "2024-04-20T05:41:18.871Z",
      error: "<string>",
      metrics: { succeeded: { total: 0 }, failed: { total: 0 }, changed: { total: 0 }, total: 0 },
    },
  ],
  paging: { total: 200, next: "/<collection path>?page=2" },
}

/** The same page, `POST .../start`; the quotes, curly there, made straight. */
export const started = { syncId: "<sync_id>" }

/** Tests of rudder-airflow-provider and dagster-rudderstack (2025): answers that official clients are content with. */
export const airflowStarted = { syncId: "test_retl_sync_id" }
export const airflowSucceeded = { id: "test_retl_sync_id", status: "succeeded" }
export const dagsterRunning = { status: "running" }
export const dagsterFailed = { status: "failed", error: "Test error" }

/** rudder-iac, api/client/retl, render test of the CLI (2026-09). */
export const credentialsError =
  "could not create database client of type 'postgres': parsing postgres credentials: json: cannot unmarshal string into Go struct field Config.port of type int"

/** rudder-iac, api/client/retl/connections_test.go (2026-08). */
export const connectionsPage = {
  data: [
    {
      id: "conn-1",
      sourceId: "retl-src-123",
      destinationId: "dest-456",
      enabled: true,
      externalId: "ext-1",
      schedule: { type: "basic", everyMinutes: 60 },
      syncBehaviour: "upsert",
      identifiers: [{ from: "email", to: "user_id" }],
    },
  ],
  paging: { total: 42, next: "/v2/retl-connections?page=3&pageSize=50" },
}

/** The same file: the answer to the smallest create. */
export const manualConnection = {
  id: "conn-1",
  sourceId: "retl-src-123",
  destinationId: "dest-456",
  enabled: true,
  schedule: { type: "manual" },
  syncBehaviour: "upsert",
  identifiers: [{ from: "email", to: "user_id" }],
}

/** rudder-iac, tests of api/client (2026-08): the struct values there, as the JSON that decodes to them. */
export const validationFailed = {
  error: "request validation failed",
  details: { name: "Required", mappings: "Array must contain at least 1 element(s)" },
}
