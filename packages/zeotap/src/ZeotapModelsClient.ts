/** Reading models, which syncs take rows from. */
import type { RetlError } from "@openretl/core/RetlError"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Connected } from "./internal/connect.ts"
import * as Lists from "./internal/lists.ts"
import type * as ZeotapApi from "./ZeotapApi.ts"
import * as ModelsApi from "./ZeotapModelsApi.ts"

/** The endpoints of models. */
export interface ZeotapModelsClient {
  /**
   * Reads a page of the workspace's models: `GET /api/v1/workspaces/{workspace}/models`.
   *
   * Paging is as little documented as for runs. Source: Models API page.
   */
  readonly listModels: (query?: ZeotapApi.ListQuery) => Effect.Effect<ZeotapApi.Listed<ModelsApi.Model>, RetlError>
  /** Returns all of the workspace's models. Each page is one `listModels`. Ends as `streamRuns` does. */
  readonly streamModels: (options?: Lists.StreamOptions) => Stream.Stream<ModelsApi.Model, RetlError>
  /**
   * Reads a model: `GET /api/v1/workspaces/{workspace}/models/{model}`.
   *
   * Fails with `NotFound` for a model that does not exist, where the answer shows that: its status is not documented.
   * Source: Models API page.
   */
  readonly getModel: (model: string) => Effect.Effect<ModelsApi.Model, RetlError>
}

/** Creates the functions over a connection. */
export const make = ({ http, root }: Connected): ZeotapModelsClient => {
  const path = [...root, "models"]
  const listModels: ZeotapModelsClient["listModels"] = (query = {}) =>
    Lists.read(http, "listModels", path, query, ModelsApi.ListModelsResponse)
  return {
    listModels,
    streamModels: (options) => Lists.stream(http, "listModels", listModels, options),
    getModel: (model) =>
      http.call({ operation: "getModel", method: "GET", path: [...path, { model }], answer: ModelsApi.Model }),
  }
}
