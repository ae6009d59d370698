/** The endpoints of destinations, and of what was delivered to them. */
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { DeletionResponse } from "./internal/deletion.ts"
import { beta, stable, stableBody } from "./internal/mediaTypes.ts"
import * as Paging from "./internal/paging.ts"
import * as Api from "./SegmentDestinationsApi.ts"

/** The endpoints of destinations, one function each. */
export interface SegmentDestinationsClient {
  /**
   * Reads a page of the workspace's destinations: `GET /destinations`.
   *
   * There are no filters, and the order is not documented. Secrets in `settings` are masked with `•`. Documented:
   * Destinations page.
   */
  readonly listDestinations: (query?: Api.ListDestinationsQuery) => Effect.Effect<Api.Destinations, RetlError>
  /** Returns all destinations, page after page as they are pulled. */
  readonly streamDestinations: (options?: Paging.Options) => Stream.Stream<Api.Destination, RetlError>
  /**
   * Connects a destination to a source: `POST /destinations`.
   *
   * Not idempotent: the same request twice makes two destinations. Fails with `InvalidRequest` for a second destination
   * of a kind of which a source may have one (400: "Multiple configurations of this destination type not supported.",
   * seen in issue 104 of terraform-provider-segment). Documented: Destinations page.
   */
  readonly createDestination: (request: Api.CreateDestinationRequest) => Effect.Effect<Api.Destination, RetlError>
  /**
   * Reads a destination: `GET /destinations/{destination}`. Fails with `NotFound` (404). Documented: Destinations page.
   */
  readonly getDestination: (destination: string) => Effect.Effect<Api.Destination, RetlError>
  /**
   * Changes a destination: `PATCH /destinations/{destination}`. What is absent stays as it is.
   *
   * The vendor ignores read-only settings beside others; alone they fail with `InvalidRequest` (400). Whether
   * `settings` are merged into the present ones, or replace them, is not documented. A masked secret is not the secret:
   * leave it out. Fails with `NotFound` (404). Documented: Destinations page.
   */
  readonly updateDestination: (
    destination: string,
    request: Api.UpdateDestinationRequest,
  ) => Effect.Effect<Api.Destination, RetlError>
  /**
   * Deletes a destination: `DELETE /destinations/{destination}`. Fails with `NotFound` (404). Documented: Destinations
   * page.
   */
  readonly deleteDestination: (destination: string) => Effect.Effect<void, RetlError>
  /**
   * Reads what was delivered to a destination, as one sum: `GET /destinations/{destination}/delivery-metrics`.
   *
   * Bounds by granularity: `MINUTE` at most 4 hours, from 48 hours ago; `HOUR` 7 days; `DAY` 14 days. The client
   * validates the length of a range with both ends. It does not validate how far back the range is, since it reads no
   * clock. Documented: Destinations page, as beta.
   */
  readonly getDeliveryMetrics: (
    destination: string,
    query: Api.DeliveryMetricsQuery,
  ) => Effect.Effect<Api.DeliveryMetrics, RetlError>
}

/** Creates the client of destinations over an HTTP client. */
export const make = (http: VendorClient): SegmentDestinationsClient => {
  const listDestinations: SegmentDestinationsClient["listDestinations"] = Effect.fnUntraced(function* (query = {}) {
    const { data } = yield* http.call({
      operation: "listDestinations",
      method: "GET",
      path: [destinations],
      query: Paging.parameters(yield* http.validate("listDestinations", Api.ListDestinationsQuery, query)),
      headers: stable,
      answer: Api.ListDestinationsResponse,
    })
    return data
  })
  return {
    listDestinations,
    streamDestinations: (options = {}) =>
      Paging.stream(http, "streamDestinations", options, listDestinations, (page) => page.destinations),
    createDestination: Effect.fnUntraced(function* (request) {
      const { data } = yield* http.call({
        operation: "createDestination",
        method: "POST",
        path: [destinations],
        headers: stableBody,
        body: yield* http.validate("createDestination", Api.CreateDestinationRequest, request),
        answer: Api.DestinationResponse,
      })
      return data.destination
    }),
    getDestination: Effect.fnUntraced(function* (destination) {
      const { data } = yield* http.call({
        operation: "getDestination",
        method: "GET",
        path: [destinations, { destination }],
        headers: stable,
        answer: Api.DestinationResponse,
      })
      return data.destination
    }),
    updateDestination: Effect.fnUntraced(function* (destination, request) {
      const { data } = yield* http.call({
        operation: "updateDestination",
        method: "PATCH",
        path: [destinations, { destination }],
        headers: stableBody,
        body: yield* http.validate("updateDestination", Api.UpdateDestinationRequest, request),
        answer: Api.DestinationResponse,
      })
      return data.destination
    }),
    deleteDestination: (destination) =>
      Effect.asVoid(
        http.call({
          operation: "deleteDestination",
          method: "DELETE",
          path: [destinations, { destination }],
          headers: stable,
          answer: DeletionResponse,
        }),
      ),
    getDeliveryMetrics: Effect.fnUntraced(function* (destination, query) {
      const { data } = yield* http.call({
        operation: "getDeliveryMetrics",
        method: "GET",
        path: [destinations, { destination }, "delivery-metrics"],
        query: { ...(yield* http.validate("getDeliveryMetrics", Api.DeliveryMetricsQuery, query)) },
        headers: beta,
        answer: Api.DeliveryMetricsResponse,
      })
      return data.deliveryMetricsSummary
    }),
  }
}

const destinations = "destinations"
