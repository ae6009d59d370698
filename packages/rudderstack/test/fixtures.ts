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
export const airflowRunning = { id: "test_retl_sync_id", status: "running" }
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

/** The same and the other tests of api/client: every error that they answer with, and the fields that it names. */
export const refusals: ReadonlyArray<
  readonly [status: number, body: { readonly error: string; readonly details?: unknown }, paths: ReadonlyArray<string>]
> = [
  [400, { error: "Bad Request" }, [""]],
  [400, { error: "Invalid request" }, [""]],
  [500, { error: "Internal Server Error" }, []],
  [400, validationFailed, ["name", "mappings"]],
  [400, { error: "request validation failed", details: ["a", "b"] }, ["", ""]],
  [400, { error: "request validation failed", details: {} }, [""]],
  [400, { error: "request validation failed", details: null }, [""]],
]

/** The same, with a cron schedule. */
export const cronCreate = {
  sourceId: "retl-src-123",
  destinationId: "dest-456",
  enabled: true,
  schedule: { type: "cron", cronExpression: "0 */6 * * *" },
  identifiers: [{ from: "email", to: "user_id" }],
} as const

/** rudder-iac, api/client/retl/connections_test.go (2026-08): a create with everything, and its answer. */
export const connectionCreate = {
  sourceId: "retl-src-123",
  destinationId: "dest-456",
  enabled: true,
  schedule: { type: "basic", everyMinutes: 60 },
  syncBehaviour: "upsert",
  identifiers: [{ from: "email", to: "user_id" }],
  mappings: [{ from: "name", to: "first_name" }],
  event: { type: "identify" },
} as const
export const connectionCreated = {
  id: "conn-1",
  ...connectionCreate,
  createdAt: "2026-04-20T12:00:00Z",
  updatedAt: "2026-04-20T12:00:00Z",
}

/** The same file: an update that clears lists, and its answer. */
export const connectionUpdate = { schedule: { type: "manual" }, mappings: [], constants: [] } as const
export const connectionUpdated = {
  id: "conn-1",
  sourceId: "s",
  destinationId: "d",
  enabled: true,
  schedule: { type: "manual" },
  syncBehaviour: "upsert",
  identifiers: [],
}

/** The same file: an empty list, and the answer to an external id. */
export const noConnections = { data: [], paging: { total: 0 } }
export const connectionExternalId = { id: "conn-1", externalId: "ext-123" }

/** rudder-iac, api/client/retl/sources_test.go (2026-08). */
export const source = {
  id: "src1",
  name: "Test Source",
  config: { primaryKey: "id", sql: "SELECT * FROM users", description: "Test source" },
  enabled: true,
  sourceType: "model",
  sourceDefinitionName: "postgres",
  accountId: "acc123",
  createdAt: "2023-07-01T12:00:00Z",
  updatedAt: "2023-07-01T12:00:00Z",
  externalId: "ext-123",
}
export const sourceExternalId = { externalId: "ext-123" }

/** rudder-iac, api/client/retl/preview_test.go (2026-08). */
export const previewRequest = { accountId: "acc123", limit: 100, sql: "SELECT * FROM users LIMIT 100" }
export const previewSubmitted = { id: "req123" }
export const previews = [
  { status: "pending" },
  { status: "completed", rows: [{ id: 1, name: "John Doe" }] },
  { status: "failed", error: "Database connection failed" },
]
