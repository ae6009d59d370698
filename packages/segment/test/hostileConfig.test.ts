import { describe, expect, it } from "@effect/vitest"
import { attacks } from "@openretl/conformance/Attacks"
import { Catalog } from "@openretl/core/Catalog"
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import { Context, Effect, Exit, Redacted, Schema, Stream } from "effect"
import { attacksOf, form, someBodies, someOperations } from "../../../scripts/forms.ts"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import * as SegmentClient from "../src/SegmentClient.ts"
import { within } from "./admin.ts"
import { type Answer, client, recording, token } from "./recordingTransport.ts"
import * as Samples from "./samples.ts"

const subscription = { name: "n", actionId: "a", trigger: "t", enabled: false }

/** Returns a call of every endpoint of configuration. */
const everything = (
  api: SegmentClient.SegmentClient,
  { one, two }: { readonly one: string; readonly two: string },
): Readonly<Record<string, Effect.Effect<unknown, RetlError>>> => ({
  listModels: api.listModels({ cursor: one }),
  createModel: api.createModel(Samples.createModel),
  getModel: api.getModel(one),
  updateModel: api.updateModel(one, Samples.updateModel),
  deleteModel: api.deleteModel(one),
  listDestinations: api.listDestinations({ cursor: one }),
  createDestination: api.createDestination(Samples.createDestination),
  getDestination: api.getDestination(one),
  updateDestination: api.updateDestination(one, { enabled: false }),
  deleteDestination: api.deleteDestination(one),
  getDeliveryMetrics: api.getDeliveryMetrics(one, { sourceId: two }),
  listSubscriptions: api.listSubscriptions(one, { cursor: two }),
  createSubscription: api.createSubscription(one, subscription),
  getSubscription: api.getSubscription(one, two),
  updateSubscription: api.updateSubscription(one, two, Samples.updateSubscription),
  deleteSubscription: api.deleteSubscription(one, two),
})

attacks(
  {
    name: "Segment's configuration",
    origin: "https://api.segmentapis.com",
    open: (token) => SegmentClient.make({ workspace: "prod", baseUrl: SegmentClient.baseUrls.us, token }),
    ids: { one: "id-1", two: "id-2" },
    operations: (api, ids) => someOperations(everything(api, ids)),
    bodies: ({ some, other, text }) => {
      const model = { id: text, sourceId: text, name: some, enabled: other, query: other }
      const destination = { id: text, name: some, enabled: other, metadata: some, settings: { [text]: some } }
      const mapping = {
        id: text,
        modelId: some,
        trigger: text,
        enabled: other,
        settings: other,
        reverseETLSchedule: { strategy: text, config: some },
      }
      const data = {
        models: [model, other],
        reverseEtlModel: model,
        destinations: [destination],
        destination,
        subscriptions: [mapping],
        subscription: mapping,
        destinationSubscription: mapping,
        deliveryMetricsSummary: { sourceId: text, metrics: [{ metricName: text, total: some, breakdown: other }] },
        pagination: { current: other, next: some, totalEntries: other },
        status: text,
      }
      return someBodies([
        { data },
        { data: { ...data, models: [model], reverseEtlModel: some, destination: other, pagination: some } },
        { data: { models: some, destinations: [other], subscription: { id: [some] }, status: other } },
        { errors: [some, { type: text, message: text, field: text, data: other }] },
      ])
    },
  },
  { runs: form(6, 100), only: attacksOf("segment", "configuring") },
)

describe("refusals, and bodies that do not fit", () => {
  it.effect.each<Answer>([
    { status: 302 },
    { status: 401 },
    { status: 409, body: "Bearer" },
    { status: 422, body: { errors: [{ type: "t", message: "m", field: "a.b" }] } },
    { body: { data: { models: "m", destinations: ["d"], subscription: { id: ["s"] }, status: "no" } } },
  ])("no endpoint succeeds with %j", (answer) =>
    Effect.gen(function* () {
      const operations = everything(yield* client(recording(answer)), { one: "1", two: "2" })
      for (const [name, operation] of Object.entries(operations)) {
        expect(Exit.isFailure(yield* Effect.exit(operation)), name).toBe(true)
      }
    }),
  )
})

/** JSON that is nested deeper than recursion can go. */
const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`

/** Lists the catalog of a workspace whose every answer has one model, one destination, and these subscriptions. */
const listOf = Effect.fnUntraced(function* (
  subscriptions: ReadonlyArray<string>,
  { model = "{}", destination = "{}" }: { readonly model?: string; readonly destination?: string } = {},
) {
  const body = `{"data":{
    "models":[{"id":"m","sourceId":"s","queryIdentifierColumn":${model}}],
    "destinations":[{"id":"d","settings":${destination},"metadata":${destination}}],
    "subscriptions":[${subscriptions.join(",")}]}}`
  const { services } = yield* SegmentAdmin.workspace({ name: "prod", region: "us", token: Redacted.make(token) }).pipe(
    Effect.provideService(Transport, recording({ body }).service),
  )
  return yield* within("1 minute", Effect.exit(Stream.runCollect(Context.get(services, Catalog).list)))
})

const plain = '{"id":"plain","modelId":"m"}'

describe("H5, K2: a mapping that does not fit hides no other", () => {
  it.effect.each<readonly [string, string]>([
    ["settings that are deep", `{"id":"odd","modelId":"m","settings":{"a":${nested}}}`],
    ["a path that is deep", `{"id":"odd","modelId":"m","settings":{"a":{"@path":${nested}}}}`],
    ["a path that is not a text", '{"id":"odd","modelId":"m","settings":{"a":{"@path":{"toString":1,"valueOf":2}}}}'],
    ["a schedule that is deep", `{"id":"odd","modelId":"m","reverseETLSchedule":{"strategy":"X","config":${nested}}}`],
    ["an empty name", '{"id":"odd","modelId":"m","name":"","enabled":"yes","trigger":null}'],
    ["names of prototypes", '{"id":"odd","modelId":"m","settings":{"__proto__":{"x":1},"constructor":{"@path":7}}}'],
  ])("a mapping with %s", ([, odd]) =>
    Effect.gen(function* () {
      for (const extra of [{}, { model: nested, destination: nested }]) {
        const exit = yield* listOf([odd, plain], extra)
        expect(Exit.isSuccess(exit) && exit.value.map(({ ref }) => ref.ids["subscription"])).toEqual(["odd", "plain"])
      }
    }),
  )

  it.effect.each(['"."', '".."', '"\\ud800"'])("a mapping of the model %s, which cannot be an id", (model) =>
    Effect.gen(function* () {
      const exit = yield* listOf([`{"id":"odd","modelId":${model}}`, plain])
      expect(Exit.isSuccess(exit) && exit.value.map(({ ref }) => ref.ids["subscription"])).toEqual(["plain"])
    }),
  )

  it.effect.prop(
    "a mapping with arbitrary fields",
    { some: Schema.Json, other: Schema.Json, key: Schema.String },
    ({ some, other, key }) =>
      Effect.gen(function* () {
        const odd = {
          id: "odd",
          modelId: "m",
          name: some,
          enabled: other,
          trigger: some,
          settings: { [key]: other, a: { "@path": some, "@template": other }, b: { "@path": other } },
          reverseETLSchedule: { strategy: "PERIODIC", config: some },
        }
        const exit = yield* listOf([JSON.stringify(odd), plain])
        expect(Exit.isSuccess(exit) && exit.value.map(({ ref }) => ref.ids["subscription"])).toEqual(["odd", "plain"])
      }),
  )
})
