/** Every answer and request that a source shows is decoded, and sent, as the source shows it. */
import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { Effect } from "effect"
import type { SegmentClient } from "../src/SegmentClient.ts"
import * as Fixtures from "./fixtures.ts"
import { client, onTheWire, recording } from "./recordingTransport.ts"
import * as Samples from "./samples.ts"

const answers: ReadonlyArray<{
  readonly name: string
  readonly body: unknown
  readonly call: (api: SegmentClient) => Effect.Effect<unknown, unknown>
  readonly read: unknown
}> = [
  {
    name: "GET /destinations of the OpenAPI document 32.0.5",
    body: Samples.destinations,
    call: (api) => api.listDestinations(),
    read: { ...Samples.destinations.data, pagination: { next: "MQ==", totalEntries: 2 } },
  },
  {
    name: "POST /destinations of the OpenAPI document 32.0.5",
    body: Samples.createdDestination,
    call: (api) => api.createDestination(Samples.createDestination),
    read: Samples.createdDestination.data.destination,
  },
  {
    name: "GET subscriptions of the OpenAPI document 32.0.5",
    body: Samples.subscriptions,
    call: (api) => api.listSubscriptions("fP7qoQw2HTWt9WdMr718gn"),
    read: { ...Samples.subscriptions.data, pagination: { totalEntries: 1 } },
  },
  {
    name: "POST subscription of the OpenAPI document 32.0.5",
    body: Samples.createdSubscription,
    call: (api) => api.createSubscription("d", { name: "n", actionId: "a", trigger: "t", enabled: false }),
    read: Samples.createdSubscription.data.destinationSubscription,
  },
  {
    name: "PATCH subscription of the OpenAPI document 32.0.5",
    body: Samples.updatedSubscription,
    call: (api) => api.updateSubscription("d", "jur9cutEarKFw7fD65TCkq", Samples.updateSubscription),
    read: Samples.updatedSubscription.data.subscription,
  },
  {
    name: "DELETE of the OpenAPI document 32.0.5",
    body: Samples.deleted,
    call: (api) => api.deleteDestination("d"),
    read: undefined,
  },
  {
    name: "GET delivery-metrics of the OpenAPI document 32.0.5",
    body: Samples.deliveryMetrics,
    call: (api) => api.getDeliveryMetrics("d", { sourceId: "rh5BDZp6QDHvXFCkibm1pR" }),
    read: Samples.deliveryMetrics.data.deliveryMetricsSummary,
  },
  {
    name: "GET subscription of issue 143, which is real",
    body: Samples.realSubscription,
    call: (api) => api.getSubscription("d", "s"),
    read: Samples.realSubscription.data.subscription,
  },
  {
    name: "model of Terraform's tests",
    body: Samples.terraformModel,
    call: (api) => api.getModel("my-reverse-etl-model-id"),
    read: Samples.terraformModel.data.reverseEtlModel,
  },
  {
    // Go has no unit for its interval of a day: the interval is kept all the same.
    name: "mapping of Terraform's tests",
    body: Samples.terraformMapping,
    call: (api) => api.getSubscription("d", "my-subscription-id"),
    read: Samples.terraformMapping.data.subscription,
  },
  {
    name: "subscription without a model of Terraform's tests",
    body: Samples.terraformSubscription,
    call: (api) => api.getSubscription("d", "my-subscription-id"),
    read: Samples.terraformSubscription.data.subscription,
  },
  {
    name: "created model of Terraform's tests",
    body: Samples.terraformModel,
    call: (api) => api.createModel(Samples.createModel),
    read: Samples.terraformModel.data.reverseEtlModel,
  },
  {
    name: "updated model of Terraform's tests",
    body: Samples.terraformModel,
    call: (api) => api.updateModel("my-reverse-etl-model-id", Samples.updateModel),
    read: Samples.terraformModel.data.reverseEtlModel,
  },
  {
    name: "status of a sync of Kestra's tests, which has no id",
    body: Fixtures.kestraInProgress,
    call: (api) => api.getSyncStatus("m", "1"),
    read: { syncId: "1", syncStatus: "IN_PROGRESS" },
  },
  ...[Fixtures.cancelling, Fixtures.alreadyCanceled, Fixtures.alreadyFinished].map((data) => ({
    name: `answer to a cancel, as the SDKs 73.2.0 describe it: ${JSON.stringify(data)}`,
    body: { data },
    call: (api: SegmentClient) => api.cancelSync("m", "1"),
    read: data,
  })),
  {
    name: "manual sync of Kestra's tests",
    body: Fixtures.kestraStarted,
    call: (api) => api.createManualSync({ sourceId: "s", modelId: "m", subscriptionId: "n" }),
    read: Fixtures.kestraStarted.data.reverseETLManualSync,
  },
]

describe("an answer that a source shows is decoded whole", () => {
  it.effect.each(answers)("$name", ({ body, call, read }) =>
    Effect.gen(function* () {
      expect(yield* call(yield* client(recording({ body })))).toEqual(read)
    }),
  )

  it.effect("GET /reverse-etl-models with its key, as Airbyte's Segment source reads it live (2026-11)", () =>
    Effect.gen(function* () {
      const models = [Samples.terraformModel.data.reverseEtlModel]
      const api = yield* client(recording({ body: { data: { models, pagination: Fixtures.onlyPage } } }))
      expect(yield* api.listModels()).toEqual({ models, pagination: { totalEntries: 1 } })
    }),
  )
})

const requests: ReadonlyArray<{
  readonly name: string
  readonly call: (api: SegmentClient) => Effect.Effect<unknown, unknown>
  readonly sent: unknown
}> = [
  { name: "create model", call: (api) => api.createModel(Samples.createModel), sent: Samples.createModel },
  { name: "update model", call: (api) => api.updateModel("m", Samples.updateModel), sent: Samples.updateModel },
  {
    name: "create destination",
    call: (api) => api.createDestination(Samples.createDestination),
    sent: Samples.createDestination,
  },
  {
    name: "manual sync",
    call: (api) => api.createManualSync(Samples.createManualSync),
    sent: Samples.createManualSync,
  },
  { name: "cancel", call: (api) => api.cancelSync("m", "1", Samples.cancelSync), sent: Samples.cancelSync },
  {
    name: "update subscription",
    call: (api) => api.updateSubscription("d", "s", Samples.updateSubscription),
    sent: Samples.updateSubscription,
  },
]

describe("a request that a source shows is sent unchanged", () => {
  it.effect.each(requests)("$name", ({ call, sent }) =>
    Effect.gen(function* () {
      const transport = recording({ status: 500 })
      yield* Effect.flip(call(yield* client(transport)))
      expect(transport.requests.map((request) => JSON.parse(onTheWire(request).body ?? ""))).toEqual([sent])
    }),
  )
})

describe("the status decides what a refusal that a source shows means", () => {
  it.effect.each([
    { status: 400, body: Fixtures.badRequest, tag: "InvalidRequest" },
    { status: 401, body: {}, tag: "Unauthenticated" },
    { status: 404, body: Fixtures.notFound, tag: "NotFound" },
    { status: 404, body: Fixtures.oldNotFound, tag: "NotFound" },
    { status: 409, body: {}, tag: "Conflict" },
    { status: 413, body: {}, tag: "InvalidRequest" },
    { status: 422, body: Fixtures.invalid, tag: "InvalidRequest" },
    { status: 422, body: Samples.invalid, tag: "InvalidRequest" },
    { status: 422, body: Fixtures.oldInvalid, tag: "InvalidRequest" },
    { status: 429, body: Fixtures.tooMany, tag: "RateLimited" },
    { status: 429, body: Fixtures.oldTooMany, tag: "RateLimited" },
    { status: 503, body: "", tag: "Unavailable" },
  ])("$status is $tag", ({ status, body, tag }) =>
    Effect.gen(function* () {
      const api = yield* client(recording({ status, body }))
      const calls: ReadonlyArray<Effect.Effect<unknown, RetlError>> = [
        api.listModels(),
        api.updateModel("m", {}),
        api.createDestination(Samples.createDestination),
        api.createSubscription("d", { name: "n", actionId: "a", trigger: "t", enabled: true }),
        api.updateSubscription("d", "s", Samples.updateSubscription),
        api.deleteSubscription("d", "s"),
      ]
      const failures = yield* Effect.forEach(calls, Effect.flip)
      expect(failures.map(({ reason }) => reason._tag)).toEqual(calls.map(() => tag))
    }),
  )
})
