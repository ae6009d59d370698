/** The endpoints of sources: what rows come from. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { SetExternalIdRequest } from "./RudderStackConnectionsApi.ts"
import * as SourcesApi from "./RudderStackSourcesApi.ts"

/**
 * The endpoints of sources, a function each.
 *
 * None of them is on the public page: all are seen in the vendor's own client only (rudder-iac, 2026-08 and 2026-09).
 * They may be closed to an account: `PermissionDenied` (403) for a feature that is not enabled, or `NotFound` (404).
 */
export interface RudderStackSourcesClient {
  /**
   * Creates a source: `POST /v2/retl-sources`.
   *
   * Not idempotent; `externalId` finds the source after a lost answer. For a short while a connection from it cannot be
   * started: the vendor answers `source not found`. Fails with `InvalidRequest` (400), an issue for each field.
   */
  readonly createSource: (request: SourcesApi.CreateSourceRequest) => Effect.Effect<SourcesApi.Source, RetlError>
  /**
   * Reads all sources of the workspace: `GET /v2/retl-sources`.
   *
   * The list has no pages. `config` may be missing here: `getSource` has it.
   */
  readonly listSources: (
    query?: SourcesApi.ListSourcesQuery,
  ) => Effect.Effect<SourcesApi.ListSourcesResponse, RetlError>
  /** Returns all sources that match, with one read; it exists for symmetry with the lists that have pages. */
  readonly streamSources: (query?: SourcesApi.ListSourcesQuery) => Stream.Stream<SourcesApi.Source, RetlError>
  /** Reads a source: `GET /v2/retl-sources/{source}`. Fails with `NotFound` (404) for an unknown one. */
  readonly getSource: (source: string) => Effect.Effect<SourcesApi.Source, RetlError>
  /**
   * Changes a source: `PUT /v2/retl-sources/{source}`.
   *
   * Name, config, account and `enabled` are all required; the type cannot be changed. Fails with `NotFound` (404) for
   * an unknown source, and with `InvalidRequest` (400), an issue for each field.
   */
  readonly updateSource: (
    source: string,
    request: SourcesApi.UpdateSourceRequest,
  ) => Effect.Effect<SourcesApi.Source, RetlError>
  /**
   * Deletes a source: `DELETE /v2/retl-sources/{source}`.
   *
   * Fails with `InvalidRequest` (400) while a connection uses it, and with `NotFound` (404) for an unknown one.
   */
  readonly deleteSource: (source: string) => Effect.Effect<void, RetlError>
  /**
   * Gives a source the id that it has in a tool of yours: `PUT /v2/retl-sources/{source}/external-id`.
   *
   * The answer repeats the id, and is not read. Fails with `NotFound` (404) for an unknown source.
   */
  readonly setSourceExternalId: (source: string, request: SetExternalIdRequest) => Effect.Effect<void, RetlError>
  /**
   * Requests a preview of a query's rows: `POST /v2/retl-sources/preview`.
   *
   * The query runs in the warehouse, with the account's rights. `getPreview` returns the rows once they are there.
   */
  readonly submitPreview: (
    request: SourcesApi.SubmitPreviewRequest,
  ) => Effect.Effect<SourcesApi.SubmitPreviewResponse, RetlError>
  /**
   * Reads a preview: `GET /v2/retl-sources/preview/{preview}`; `pending` until it is done.
   *
   * A query that failed is a success here: look at `status` and `error`. Rows may be personal data. Fails with
   * `NotFound` (404) for an unknown preview; how long RudderStack keeps one is not known.
   */
  readonly getPreview: (preview: string) => Effect.Effect<SourcesApi.Preview, RetlError>
}

/** Creates the client of sources over an HTTP client. */
export const make = (http: VendorClient): RudderStackSourcesClient => {
  const listSources: RudderStackSourcesClient["listSources"] = Effect.fnUntraced(function* (query = {}) {
    return yield* http.call({
      operation: "listSources",
      method: "GET",
      path,
      query: yield* http.validate("listSources", SourcesApi.ListSourcesQuery, query),
      answer: SourcesApi.ListSourcesResponse,
    })
  })
  return {
    createSource: Effect.fnUntraced(function* (request) {
      return yield* http.call({
        operation: "createSource",
        method: "POST",
        path,
        body: yield* http.validate("createSource", SourcesApi.CreateSourceRequest, request),
        answer: SourcesApi.Source,
      })
    }),
    listSources,
    streamSources: (query) =>
      Pages.stream(
        "listSources",
        () =>
          Effect.map(
            listSources(query),
            ({ data, paging }): Pages.Page<SourcesApi.Source> => ({
              items: data ?? [],
              // No page is documented for this list, so no other one can be requested.
              ...(paging?.next && { mayHaveMore: true }),
              ...(paging?.total !== undefined && { total: paging.total }),
            }),
          ),
        http.error,
        {},
        ({ id }) => id,
      ),
    getSource: (source) =>
      http.call({ operation: "getSource", method: "GET", path: [...path, { source }], answer: SourcesApi.Source }),
    updateSource: Effect.fnUntraced(function* (source, request) {
      return yield* http.call({
        operation: "updateSource",
        method: "PUT",
        path: [...path, { source }],
        body: yield* http.validate("updateSource", SourcesApi.UpdateSourceRequest, request),
        answer: SourcesApi.Source,
      })
    }),
    deleteSource: (source) => http.call({ operation: "deleteSource", method: "DELETE", path: [...path, { source }] }),
    setSourceExternalId: Effect.fnUntraced(function* (source, request) {
      const operation = "setSourceExternalId"
      return yield* http.call({
        operation,
        method: "PUT",
        path: [...path, { source }, "external-id"],
        body: yield* http.validate(operation, SetExternalIdRequest, request),
      })
    }),
    submitPreview: Effect.fnUntraced(function* (request) {
      return yield* http.call({
        operation: "submitPreview",
        method: "POST",
        path: [...path, "preview"],
        body: yield* http.validate("submitPreview", SourcesApi.SubmitPreviewRequest, request),
        answer: SourcesApi.SubmitPreviewResponse,
      })
    }),
    getPreview: (preview) =>
      http.call({
        operation: "getPreview",
        method: "GET",
        path: [...path, "preview", { preview }],
        answer: SourcesApi.Preview,
      }),
  }
}

const path = ["v2", "retl-sources"]
