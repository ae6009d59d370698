/** Bodies as their sources show them, each with where it comes from. */

/** kestra-io/plugin-twilio, tests of segment/reverseetl (2026): what another client is content with. */
export const kestraStarted = {
  data: { reverseETLManualSync: { syncId: "sync-123", startedAt: "2025-01-01T00:00:00Z" } },
}
export const kestraInProgress = { data: { reverseETLSyncStatus: { syncStatus: "IN_PROGRESS" } } }

/**
 * No example of a run's status is published. This one is made after the schema of the official SDKs 73.2.0 (2026-08):
 * every field that it has, counts as strings, an empty string where a phase has no error. What is not in that schema:
 * the unit of `duration` and the form of the times, which is that of all other times in the API.
 */
export const partialSync = {
  syncId: "1",
  modelId: "fP7qoQw2HTWt9WdMr718gn",
  sourceId: "qQEHquLrjRDN9j1ByrChyn",
  syncStatus: "PARTIAL_SUCCESS",
  duration: "1m30s",
  startedAt: "2026-08-20T16:00:00.000Z",
  finishedAt: "2026-08-20T16:01:30.000Z",
  extractPhase: {
    addedCount: "90",
    updatedCount: "10",
    deletedCount: "0",
    extractCount: "100",
    errorCode: "",
    startedAt: "2026-08-20T16:00:00.000Z",
    finishedAt: "2026-08-20T16:00:30.000Z",
  },
  loadPhase: {
    deliverSuccessCount: "97",
    deliverFailureCount: "3",
    errorCode: "",
    startedAt: "2026-08-20T16:00:30.000Z",
    finishedAt: "2026-08-20T16:01:30.000Z",
  },
}

/** The `pagination` of the OpenAPI document of the Go SDK 32.0.5 (2022-11), of a first page and of an only one. */
export const firstPage = { current: "MA==", next: "MQ==", totalEntries: 2 }
export const onlyPage = { current: "MA==", totalEntries: 1 }

/** The official SDKs 73.2.0 (2026-08): the values that the description of the cancel's answer names. */
export const cancelling = { modelId: "m", syncId: "1", status: "CANCELLING" }
export const alreadyCanceled = {
  modelId: "m",
  syncId: "1",
  errorCode: "SyncAlreadyCanceled",
  errorMessage: "sync already canceled",
}
export const alreadyFinished = {
  modelId: "m",
  syncId: "1",
  errorCode: "SyncFinishedCannotCancel",
  errorMessage: "sync already finished",
}

/** terraform-provider-segment, issue 104: a real answer to `POST /destinations`, with 400. */
export const badRequest = {
  errors: [{ type: "bad-request", message: "Multiple configurations of this destination type not supported." }],
}

/** The TypeScript SDK 73.2.0, tests/smoke.test.ts (2026-08), with 404. */
export const notFound = { errors: [{ type: "not-found", message: "Source with id '404' not found.", data: null }] }

/** Segment Public API docs, Request Validation page (read 2026-11), with 422. */
export const invalid = {
  errors: [
    { type: "input-validation", message: '"metadataId" is required', field: "warehouse.metadataId" },
    { type: "input-validation", message: '"settings" is required', field: "warehouse.settings" },
  ],
}

/** Segment Public API docs, Rate Limits page (read 2026-11), with 429. */
export const tooMany = {
  errors: [
    {
      type: "RequestError",
      message: "Too many requests",
      data: { remainingPoints: 0, msBeforeNext: 57647, consumedPoints: 21 },
    },
  ],
}

/** The OpenAPI document of the Go SDK 32.0.5 (2022-11): the same three, in another spelling. */
export const oldNotFound = { errors: [{ type: "NotFound", message: "Resource not found" }] }
export const oldInvalid = { errors: [{ type: "ValidationFailure", message: "Validation failure" }] }
export const oldTooMany = { errors: [{ type: "RateLimited", message: "Rate limit exceeded" }] }
