/** Reading destinations, where syncs deliver rows. */

import * as Schemas from "@openretl/core/driver/schema/Reader"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as Lists from "./internal/lists.ts"
import type * as Api from "./ZeotapApi.ts"
import * as DestinationsApi from "./ZeotapDestinationsApi.ts"

export interface ZeotapDestinationsClient {
  /**
   * Reads a page of the workspace's destinations: `GET /api/v1/workspaces/{workspace}/destinations`.
   *
   * Paging is as little documented as for runs. Documented: Destinations API page.
   */
  readonly listDestinations: (
    query?: Api.ListQuery,
  ) => Effect.Effect<Api.Listed<DestinationsApi.Destination>, RetlError>
  /** All of the workspace's destinations: `listDestinations`, a page when it is pulled. Ends as `streamRuns` does. */
  readonly streamDestinations: (options?: Lists.StreamOptions) => Stream.Stream<DestinationsApi.Destination, RetlError>
  /**
   * Reads a destination: `GET /api/v1/workspaces/{workspace}/destinations/{destination}`.
   *
   * Its `config` is as the vendor sends it; whether secrets in it are masked is not documented. Fails with `NotFound` for
   * one that does not exist, as far as the answer tells: its status is not documented. Documented: Destinations API page.
   */
  readonly getDestination: (destination: string) => Effect.Effect<DestinationsApi.Destination, RetlError>
}

/** `root` is the workspace's path. */
export const make = (http: VendorClient.VendorClient, root: ReadonlyArray<string>): ZeotapDestinationsClient => {
  const path = [...root, "destinations"]
  const listDestinations: ZeotapDestinationsClient["listDestinations"] = (query = {}) =>
    Lists.read(http, "listDestinations", path, query, DestinationsApi.listDestinationsResponse)
  return {
    listDestinations,
    streamDestinations: (options) => Lists.stream(http, "listDestinations", listDestinations, options),
    getDestination: (destination) =>
      http.call({
        operation: "getDestination",
        method: "GET",
        path: [...path, destination],
        answer: Schemas.answer(DestinationsApi.Destination),
      }),
  }
}
