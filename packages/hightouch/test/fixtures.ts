/**
 * Bodies of Hightouch's API. Those of the vendor are the samples of its OpenAPI document 1.0.0 ("Hightouch Public Rest API"),
 * as mirrored in api-evangelist/hightouch, `openapi/hightouch-syncs-api-openapi.yml` at 05236aa9 (2026-08, read 2026-11).
 */

/** The first run of the sample of `ListSyncRuns`. */
export const run = {
  id: 42,
  startedAt: "2022-02-08T16:11:04.712Z",
  createdAt: "2022-02-08T16:11:04.712Z",
  finishedAt: "2022-02-08T16:11:11.698Z",
  querySize: 773,
  status: "success",
  completionRatio: 0.54,
  plannedRows: { addedCount: 773, changedCount: 0, removedCount: 0 },
  successfulRows: { addedCount: 773, changedCount: 0, removedCount: 0 },
  failedRows: { addedCount: 0, changedCount: 0, removedCount: 0 },
  error: null,
}

/** The second run of that sample. It starts before it was created. */
export const secondRun = {
  ...run,
  id: 43,
  createdAt: "2022-02-08T17:44:05.198Z",
  finishedAt: "2022-02-08T17:44:25.366Z",
  plannedRows: { addedCount: 0, changedCount: 765, removedCount: 0 },
  successfulRows: { addedCount: 0, changedCount: 765, removedCount: 0 },
}

/** The configuration in the sample of `UpdateSync`. */
export const configuration = {
  mode: "upsert",
  object: "contacts",
  mappings: [{ to: "email", from: "email", type: "standard" }],
  objectId: "0-1",
  externalIdMapping: { to: "firstname", from: "test_id", type: "standard" },
  associationMappings: [],
}

/** The sample of `GetSync`. */
export const sync = {
  id: 1,
  slug: "testsync",
  workspaceId: 1,
  createdAt: "2022-02-16T21:37:58.510Z",
  updatedAt: "2022-02-16T21:37:58.510Z",
  destinationId: 1,
  modelId: 1,
  configuration: {
    ...configuration,
    mappings: [...configuration.mappings, { to: "phone", from: "phone", type: "standard" }],
  },
  schedule: { type: "interval", schedule: { interval: { unit: "day", quantity: 1 } } },
  disabled: false,
  status: "success",
  lastRunAt: "2022-02-16T21:37:58.510Z",
  referencedColumns: ["email", "name"],
  primaryKey: "id",
  externalSegment: {},
  tags: { foo: "bar" },
}

/** The form of `TriggerRunOutput`, which has no sample. */
export const triggered = { id: "123" }

/**
 * The answers to requests without a valid key that api-evangelist/hightouch recorded, `errors/` (2026-08-13, read 2026-11).
 */
export const noKey = { message: "Authentication error", details: "No authorization header found" }
export const badKey = { message: "Authentication error", details: "Token is invalid" }

/** The form of `ValidateErrorJSON`, with details as the vendor's framework (tsoa) writes them. */
export const invalid = {
  message: "Validation failed",
  details: { "requestBody.schedule": { message: "invalid object", value: "daily" } },
}
