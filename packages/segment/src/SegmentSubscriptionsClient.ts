/**
 * The endpoints of a destination's subscriptions. A subscription with a model is what the app calls a mapping: a sync.
 */
import type { Segment as PathSegment, VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { DeletionResponse } from "./internal/deletion.ts"
import { alpha, alphaBody } from "./internal/mediaTypes.ts"
import * as Paging from "./internal/paging.ts"
import * as Api from "./SegmentSubscriptionsApi.ts"

/** The endpoints of subscriptions, one function each. */
export interface SegmentSubscriptionsClient {
  /**
   * Reads a page of a destination's subscriptions: `GET /destinations/{destination}/subscriptions`.
   *
   * The list includes subscriptions to events, which have no `modelId`, or an empty one. Needs the workspace's feature
   * Destination Subscriptions; the answer without it is not documented. Fails with `NotFound` (404) for an unknown
   * destination. Documented: Destinations page.
   */
  readonly listSubscriptions: (
    destination: string,
    query?: Api.ListSubscriptionsQuery,
  ) => Effect.Effect<Api.Subscriptions, RetlError>
  /** Returns all subscriptions of a destination, page after page as they are pulled. */
  readonly streamSubscriptions: (
    destination: string,
    options?: Paging.Options,
  ) => Stream.Stream<Api.Subscription, RetlError>
  /**
   * Creates a subscription: `POST /destinations/{destination}/subscriptions`, at most 5 a minute.
   *
   * Not idempotent: the same request twice makes two subscriptions. It cannot set a schedule, and the schedule of a new
   * mapping is not documented: set it with `updateSubscription`. Fails with `NotFound` (404) for an unknown
   * destination. Documented: Destinations page.
   */
  readonly createSubscription: (
    destination: string,
    request: Api.CreateSubscriptionRequest,
  ) => Effect.Effect<Api.Subscription, RetlError>
  /**
   * Reads a subscription: `GET /destinations/{destination}/subscriptions/{subscription}`. Fails with `NotFound` (404).
   * Documented: Destinations page.
   */
  readonly getSubscription: (destination: string, subscription: string) => Effect.Effect<Api.Subscription, RetlError>
  /**
   * Changes a subscription: `PATCH /destinations/{destination}/subscriptions/{subscription}`, at most 5 a minute, with
   * the changes under `input`. What is absent stays as it is; the action cannot be changed.
   *
   * Whether `settings` are merged into the present ones, or replace them, is not documented. Fails with `NotFound`
   * (404). Documented: Destinations page.
   */
  readonly updateSubscription: (
    destination: string,
    subscription: string,
    request: Api.UpdateSubscriptionRequest,
  ) => Effect.Effect<Api.Subscription, RetlError>
  /**
   * Deletes a subscription: `DELETE /destinations/{destination}/subscriptions/{subscription}`, at most 5 a minute. The
   * vendor calls it a removal. Fails with `NotFound` (404). Documented: Destinations page.
   */
  readonly deleteSubscription: (destination: string, subscription: string) => Effect.Effect<void, RetlError>
}

/** Creates the client of subscriptions over an HTTP client. */
export const make = (http: VendorClient): SegmentSubscriptionsClient => {
  const listSubscriptions: SegmentSubscriptionsClient["listSubscriptions"] = Effect.fnUntraced(function* (
    destination,
    query = {},
  ) {
    const { data } = yield* http.call({
      operation: "listSubscriptions",
      method: "GET",
      path: path(destination),
      query: Paging.parameters(yield* http.validate("listSubscriptions", Api.ListSubscriptionsQuery, query)),
      headers: alpha,
      answer: Api.ListSubscriptionsResponse,
    })
    return data
  })
  return {
    listSubscriptions,
    streamSubscriptions: (destination, options = {}) =>
      Paging.stream(
        http,
        "streamSubscriptions",
        options,
        (query) => listSubscriptions(destination, query),
        (page) => page.subscriptions,
      ),
    createSubscription: Effect.fnUntraced(function* (destination, request) {
      const { data } = yield* http.call({
        operation: "createSubscription",
        method: "POST",
        path: path(destination),
        headers: alphaBody,
        body: yield* http.validate("createSubscription", Api.CreateSubscriptionRequest, request),
        answer: Api.CreateSubscriptionResponse,
      })
      return data.destinationSubscription
    }),
    getSubscription: Effect.fnUntraced(function* (destination, subscription) {
      const { data } = yield* http.call({
        operation: "getSubscription",
        method: "GET",
        path: path(destination, subscription),
        headers: alpha,
        answer: Api.SubscriptionResponse,
      })
      return data.subscription
    }),
    updateSubscription: Effect.fnUntraced(function* (destination, subscription, request) {
      const { data } = yield* http.call({
        operation: "updateSubscription",
        method: "PATCH",
        path: path(destination, subscription),
        headers: alphaBody,
        body: yield* http.validate("updateSubscription", Api.UpdateSubscriptionRequest, request),
        answer: Api.SubscriptionResponse,
      })
      return data.subscription
    }),
    deleteSubscription: (destination, subscription) =>
      Effect.asVoid(
        http.call({
          operation: "deleteSubscription",
          method: "DELETE",
          path: path(destination, subscription),
          headers: alpha,
          answer: DeletionResponse,
        }),
      ),
  }
}

const path = (destination: string, subscription?: string): ReadonlyArray<PathSegment> => [
  "destinations",
  { destination },
  "subscriptions",
  ...(subscription === undefined ? [] : [{ subscription }]),
]
