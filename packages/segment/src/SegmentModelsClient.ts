/** The endpoints of Reverse ETL models. */
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { DeletionResponse } from "./internal/deletion.ts"
import { alpha, alphaBody } from "./internal/mediaTypes.ts"
import * as Paging from "./internal/paging.ts"
import * as Api from "./SegmentModelsApi.ts"

/** The endpoints of models, one function each. */
export interface SegmentModelsClient {
  /**
   * Reads a page of the workspace's models: `GET /reverse-etl-models`.
   *
   * There are no filters, and the order is not documented. Documented: Reverse ETL page. Airbyte's Segment source,
   * which runs against the live API, confirms the key `models`.
   */
  readonly listModels: (query?: Api.ListModelsQuery) => Effect.Effect<Api.Models, RetlError>
  /** Returns all models, page after page as they are pulled. */
  readonly streamModels: (options?: Paging.Options) => Stream.Stream<Api.Model, RetlError>
  /**
   * Creates a model: `POST /reverse-etl-models`, answered with 201.
   *
   * Not idempotent: the same request twice makes two models. By the product's limits a query has at most 65,535
   * characters and the name of its identifier column at most 191. Whether the vendor validates the query is not
   * documented. Fails with `InvalidRequest`, and with `NotFound` (404) for an unknown source. Documented: Reverse ETL
   * page.
   */
  readonly createModel: (request: Api.CreateModelRequest) => Effect.Effect<Api.Model, RetlError>
  /** Reads a model: `GET /reverse-etl-models/{model}`. Fails with `NotFound` (404). Documented: Reverse ETL page. */
  readonly getModel: (model: string) => Effect.Effect<Api.Model, RetlError>
  /**
   * Changes a model: `PATCH /reverse-etl-models/{model}`. What is absent stays as it is; the source cannot be changed.
   *
   * All mappings of the model follow it: a disabled model starts nothing. The answer to a change without any field is
   * not documented. Fails with `NotFound` (404). Documented: Reverse ETL page.
   */
  readonly updateModel: (model: string, request: Api.UpdateModelRequest) => Effect.Effect<Api.Model, RetlError>
  /**
   * Deletes a model: `DELETE /reverse-etl-models/{model}`.
   *
   * What happens to its mappings is not documented. Fails with `NotFound` (404). Documented: Reverse ETL page.
   */
  readonly deleteModel: (model: string) => Effect.Effect<void, RetlError>
}

/** Creates the client of models over an HTTP client. */
export const make = (http: VendorClient): SegmentModelsClient => {
  const listModels: SegmentModelsClient["listModels"] = Effect.fnUntraced(function* (query = {}) {
    const { data } = yield* http.call({
      operation: "listModels",
      method: "GET",
      path: [models],
      query: Paging.parameters(yield* http.validate("listModels", Api.ListModelsQuery, query)),
      headers: alpha,
      answer: Api.ListModelsResponse,
    })
    return data
  })
  return {
    listModels,
    streamModels: (options = {}) => Paging.stream(http, "streamModels", options, listModels, (page) => page.models),
    createModel: Effect.fnUntraced(function* (request) {
      const { data } = yield* http.call({
        operation: "createModel",
        method: "POST",
        path: [models],
        headers: alphaBody,
        body: yield* http.validate("createModel", Api.CreateModelRequest, request),
        answer: Api.ModelResponse,
      })
      return data.reverseEtlModel
    }),
    getModel: Effect.fnUntraced(function* (model) {
      const { data } = yield* http.call({
        operation: "getModel",
        method: "GET",
        path: [models, { model }],
        headers: alpha,
        answer: Api.ModelResponse,
      })
      return data.reverseEtlModel
    }),
    updateModel: Effect.fnUntraced(function* (model, request) {
      const { data } = yield* http.call({
        operation: "updateModel",
        method: "PATCH",
        path: [models, { model }],
        headers: alphaBody,
        body: yield* http.validate("updateModel", Api.UpdateModelRequest, request),
        answer: Api.ModelResponse,
      })
      return data.reverseEtlModel
    }),
    deleteModel: (model) =>
      Effect.asVoid(
        http.call({
          operation: "deleteModel",
          method: "DELETE",
          path: [models, { model }],
          headers: alpha,
          answer: DeletionResponse,
        }),
      ),
  }
}

const models = "reverse-etl-models"
