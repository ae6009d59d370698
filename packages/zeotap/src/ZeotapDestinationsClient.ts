/** Reading destinations, where syncs deliver rows. */
import type { RetlError } from "@openretl/core/RetlError"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Connected } from "./internal/connect.ts"
import * as Lists from "./internal/lists.ts"
import type * as ZeotapApi from "./ZeotapApi.ts"
import * as DestinationsApi from "./ZeotapDestinationsApi.ts"

/** The endpoints of destinations. */
export interface ZeotapDestinationsClient {
  /**
   * Reads a page of the workspace's destinations: `GET /api/v1/workspaces/{workspace}/destinations`.
   *
   * Paging is as little documented as for runs. Source: Destinations API page.
   */
  readonly listDestinations: (
    query?: ZeotapApi.ListQuery,
  ) => Effect.Effect<ZeotapApi.Listed<DestinationsApi.Destination>, RetlError>
  /** Returns all of the workspace's destinations. Each page is one `listDestinations`. Ends as `streamRuns` does. */
  readonly streamDestinations: (options?: Lists.StreamOptions) => Stream.Stream<DestinationsApi.Destination, RetlError>
  /**
   * Reads a destination: `GET /api/v1/workspaces/{workspace}/destinations/{destination}`.
   *
   * Its `config` comes as the vendor sends it; whether secrets in it are masked is not documented. Fails with
   * `NotFound` for a destination that does not exist, where the answer shows that: its status is not documented.
   * Source: Destinations API page.
   */
  readonly getDestination: (destination: string) => Effect.Effect<DestinationsApi.Destination, RetlError>
}

/** Creates the functions over a connection. */
export const make = ({ http, root }: Connected): ZeotapDestinationsClient => {
  const path = [...root, "destinations"]
  const listDestinations: ZeotapDestinationsClient["listDestinations"] = (query = {}) =>
    Lists.read(http, "listDestinations", path, query, DestinationsApi.ListDestinationsResponse)
  return {
    listDestinations,
    streamDestinations: (options) => Lists.stream(http, "listDestinations", listDestinations, options),
    getDestination: (destination) =>
      http.call({
        operation: "getDestination",
        method: "GET",
        path: [...path, { destination }],
        answer: DestinationsApi.Destination,
      }),
  }
}
