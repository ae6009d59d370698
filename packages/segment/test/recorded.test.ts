/**
 * The answers in the tests of Segment's own clients mean here what their authors say they mean. The bodies are typed anew,
 * as small as the claim allows; each case names the file and the commit.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Catalog from "@openretl/core/Catalog"
import { Transport } from "@openretl/core/Transport"
import { Context, Effect, Redacted, Stream } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { type Answer, client, recording, token } from "./recordingTransport.ts"

const list = Effect.fnUntraced(function* (...answers: ReadonlyArray<Answer>) {
  const transport = recording(...answers)
  const { services } = yield* SegmentAdmin.workspace({ name: "prod", region: "us", token: Redacted.make(token) }).pipe(
    Effect.provideService(Transport, transport.service),
  )
  return yield* Stream.runCollect(Context.get(services, Catalog.Catalog).list)
})

const pagination = { current: "MA==" }

describe("terraform-provider-segment, internal/provider tests at 3d534ac (1.6.0, 2025-10)", () => {
  const model = {
    id: "my-model-id",
    sourceId: "my-source-id",
    name: "My reverse etl model name",
    description: "My reverse etl model description",
    enabled: true,
    query: "SELECT hi FROM greetings",
    queryIdentifierColumn: "hi",
  }
  const destination = {
    id: "my-destination-id",
    enabled: true,
    sourceId: "my-source-id",
    settings: { myKey: "myValue" },
    metadata: {
      id: "my-destination-metadata-id",
      name: "Destination Metadata",
      slug: "destination-metadata",
      // The field of an action is `sort_order` there, and a text.
      actions: [{ id: "the-id", slug: "action-slug", fields: [{ id: "field-id", sort_order: "1234" }] }],
    },
  }
  const subscription = {
    id: "my-subscription-id",
    name: "My subscription name",
    actionId: "my-action-id",
    actionSlug: "my-action-slug",
    destinationId: "my-destination-id",
    modelId: "my-model-id",
    reverseETLSchedule: { config: { interval: "1d" }, strategy: "PERIODIC" },
    enabled: true,
    trigger: 'type = "track"',
    settings: {},
  }
  const answers = (subscriptions: ReadonlyArray<object>): ReadonlyArray<Answer> => [
    { body: { data: { models: [model], pagination } } },
    { body: { data: { destinations: [destination], pagination } } },
    { body: { data: { subscriptions, pagination } } },
  ]

  it.effect(
    "K1: a subscription with a model is a mapping of its model, whose odd interval is not taken for another",
    () =>
      Effect.gen(function* () {
        const [sync, ...others] = yield* list(...answers([subscription]))
        expect(others).toEqual([])
        expect(sync).toMatchObject({
          ref: { ids: { source: "my-source-id", model: "my-model-id", subscription: "my-subscription-id" } },
          name: "My subscription name",
          state: "enabled",
          connection: {
            source: { id: "my-model-id", name: "My reverse etl model name" },
            destination: { id: "my-destination-id", name: "Destination Metadata", kind: "destination-metadata" },
          },
          primaryKey: ["hi"],
        })
        // Terraform keeps its config as the text that it is: Go has no unit of a day.
        expect(sync?.schedule).toBeUndefined()
        expect(sync?.unreadSchedule).toBeDefined()
        expect(sync && SegmentAdmin.nativeOf(sync)?.subscription.reverseETLSchedule).toEqual(
          subscription.reverseETLSchedule,
        )
      }),
  )

  it.effect("K2: the same one is off after the update, with its new name", () =>
    Effect.gen(function* () {
      const changed = { ...subscription, name: "My new subscription name", enabled: false, settings: { test: "test" } }
      const [sync] = yield* list(...answers([changed]))
      expect(sync).toMatchObject({ name: "My new subscription name", state: "paused" })
    }),
  )

  it.effect("K1: a subscription whose model is empty has no model, and is no mapping", () =>
    Effect.gen(function* () {
      expect(yield* list(...answers([{ ...subscription, modelId: "", reverseETLSchedule: undefined }]))).toEqual([])
    }),
  )

  it.effect("the answer to a creation and the one to a change have their keys", () =>
    Effect.gen(function* () {
      const api = yield* client(
        recording({ body: { data: { destinationSubscription: subscription } } }, { body: { data: { subscription } } }),
      )
      const request = { name: "n", actionId: "my-action-id", trigger: subscription.trigger, enabled: true }
      expect((yield* api.createSubscription("my-destination-id", request)).id).toBe("my-subscription-id")
      const input = { reverseETLModelId: "my-model-id" }
      expect((yield* api.updateSubscription("my-destination-id", "my-subscription-id", { input })).modelId).toBe(
        "my-model-id",
      )
    }),
  )
})

describe("public-api-sdk-typescript, tests/smoke.test.ts at 3780bc6 (73.2.0, 2026-08)", () => {
  it.effect(
    "K1, L1: a page with a next cursor and a total is not the last, and a list that ends before its total is not whole",
    () =>
      Effect.gen(function* () {
        const page = { current: "MA==", next: "MQ==", totalEntries: 63 }
        const transport = recording(
          { body: { data: { destinations: [{ id: "a" }], pagination: page } } },
          { body: { data: { destinations: [{ id: "b" }], pagination: { current: "MQ==", totalEntries: 63 } } } },
        )
        const listed: Array<string> = []
        const destinations = (yield* client(transport)).streamDestinations()
        const error = yield* Effect.flip(
          Stream.runForEach(destinations, ({ id }) => Effect.sync(() => listed.push(id))),
        )
        expect(listed).toEqual(["a", "b"])
        expect(error.message).toContain("it shows 2 of the 63 that the vendor counts")
        expect(transport.requests.map(({ url }) => new URL(url).searchParams.get("pagination.cursor"))).toEqual([
          null,
          "MQ==",
        ])
      }),
  )

  it.effect("a deletion with the status SUCCESS is done", () =>
    Effect.gen(function* () {
      const api = yield* client(recording({ body: { data: { status: "SUCCESS" } } }))
      expect(yield* api.deleteDestination("my-destination")).toBeUndefined()
    }),
  )

  it.effect("H5: an error of the type not-found is NotFound, with the vendor's sentence", () =>
    Effect.gen(function* () {
      const errors = [{ type: "not-found", message: "Source with id '404' not found.", data: null }]
      const error = yield* Effect.flip(
        (yield* client(recording({ status: 404, body: { errors } }))).getDestination("404"),
      )
      expect(error).toMatchObject({ reason: { _tag: "NotFound" }, delivery: "refused" })
      expect(error.message).toContain("Source with id '404' not found.")
    }),
  )
})
