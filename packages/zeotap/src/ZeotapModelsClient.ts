/** Reading models, which syncs take rows from. */

import * as Schemas from "@openretl/core/driver/schema/Reader"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as Lists from "./internal/lists.ts"
import type * as Api from "./ZeotapApi.ts"
import * as ModelsApi from "./ZeotapModelsApi.ts"

export interface ZeotapModelsClient {
  /**
   * Reads a page of the workspace's models: `GET /api/v1/workspaces/{workspace}/models`.
   *
   * Paging is as little documented as for runs. Documented: Models API page.
   */
  readonly listModels: (query?: Api.ListQuery) => Effect.Effect<Api.Listed<ModelsApi.Model>, RetlError>
  /** All of the workspace's models: `listModels`, a page when it is pulled. Ends as `streamRuns` does. */
  readonly streamModels: (options?: Lists.StreamOptions) => Stream.Stream<ModelsApi.Model, RetlError>
  /**
   * Reads a model: `GET /api/v1/workspaces/{workspace}/models/{model}`.
   *
   * Fails with `NotFound` for one that does not exist, as far as the answer tells: its status is not documented.
   * Documented: Models API page.
   */
  readonly getModel: (model: string) => Effect.Effect<ModelsApi.Model, RetlError>
}

/** `root` is the workspace's path. */
export const make = (http: VendorClient.VendorClient, root: ReadonlyArray<string>): ZeotapModelsClient => {
  const path = [...root, "models"]
  const listModels: ZeotapModelsClient["listModels"] = (query = {}) =>
    Lists.read(http, "listModels", path, query, ModelsApi.listModelsResponse)
  return {
    listModels,
    streamModels: (options) => Lists.stream(http, "listModels", listModels, options),
    getModel: (model) =>
      http.call({
        operation: "getModel",
        method: "GET",
        path: [...path, model],
        answer: Schemas.answer(ModelsApi.Model),
      }),
  }
}
