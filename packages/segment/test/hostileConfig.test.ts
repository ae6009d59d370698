import { describe, expect, it } from "@effect/vitest"
import { Catalogue } from "@openretl/core/Catalogue"
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import { Cause, Context, Effect, Exit, Redacted, Schema, Stream } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import type { SegmentClient } from "../src/SegmentClient.ts"
import { within } from "./admin.ts"
import { id, isTyped, nested, shown } from "./hostile.ts"
import { type Answer, client, recording, token } from "./recordingTransport.ts"
import * as Samples from "./samples.ts"

const subscription = { name: "n", actionId: "a", trigger: "t", enabled: false }

/** Every endpoint about what is configured. */
const everything = (api: SegmentClient, one: string, two: string): ReadonlyArray<Effect.Effect<unknown, RetlError>> => [
  api.listModels({ cursor: one }),
  api.createModel(Samples.createModel),
  api.getModel(one),
  api.updateModel(one, Samples.updateModel),
  api.deleteModel(one),
  api.listDestinations({ cursor: one }),
  api.createDestination(Samples.createDestination),
  api.getDestination(one),
  api.updateDestination(one, { enabled: false }),
  api.deleteDestination(one),
  api.getDeliveryMetrics(one, { sourceId: two }),
  api.listSubscriptions(one, { cursor: two }),
  api.createSubscription(one, subscription),
  api.getSubscription(one, two),
  api.updateSubscription(one, two, Samples.updateSubscription),
  api.deleteSubscription(one, two),
]

const outcomes = Effect.fnUntraced(function* (answer: Answer, one = "1", two = "2") {
  const transport = recording(answer)
  const exits = yield* Effect.forEach(everything(yield* client(transport), one, two), Effect.exit)
  return { exits, requests: transport.requests }
})

describe("H1: ids", () => {
  it.effect.prop("never change the origin or the path, or are refused unsent", { one: id, two: id }, ({ one, two }) =>
    Effect.gen(function* () {
      const { exits, requests } = yield* outcomes({ body: {} }, one, two)
      expect(exits.every(isTyped)).toBe(true)
      const allowed = [
        ["reverse-etl-models"],
        ["reverse-etl-models", one],
        ["destinations"],
        ["destinations", one],
        ["destinations", one, "delivery-metrics"],
        ["destinations", one, "subscriptions"],
        ["destinations", one, "subscriptions", two],
      ].map((path) => JSON.stringify(path))
      for (const { url } of requests) {
        const { origin, pathname, hash, searchParams } = new URL(url)
        expect(origin).toBe("https://api.segmentapis.com")
        expect(hash).toBe("")
        expect(allowed).toContain(JSON.stringify(pathname.slice(1).split("/").map(decodeURIComponent)))
        expect(["pagination.count", "pagination.cursor", "sourceId"]).toEqual(
          expect.arrayContaining([...searchParams.keys()]),
        )
      }
    }),
  )
})

describe("H5: whatever is answered", () => {
  const statuses = Schema.Literals([200, 201, 204, 302, 400, 401, 403, 404, 409, 413, 422, 429, 500, 503])

  it.effect.prop("any bytes end in a value or a RetlError", { status: statuses, body: Schema.Uint8Array }, (answer) =>
    Effect.gen(function* () {
      const { exits, requests } = yield* outcomes(answer)
      expect(exits.every(isTyped)).toBe(true)
      expect(requests).toHaveLength(exits.length)
    }),
  )

  it.effect.prop("so does any JSON", { status: statuses, body: Schema.Json }, ({ status, body }) =>
    Effect.gen(function* () {
      const { exits } = yield* outcomes({ status, body: JSON.stringify(body) })
      expect(exits.every(isTyped)).toBe(true)
    }),
  )
})

describe("H2: the token", () => {
  it.effect.each<Answer>([
    { status: 401, body: { errors: [{ type: token, message: `Invalid token ${token}`, field: token, data: token }] } },
    { status: 422, body: { errors: [{ type: token, message: token, field: `a.${token}` }] } },
    { status: 409, body: `Bearer ${token}` },
    { status: 302, headers: { location: `https://evil.example/?token=${token}` } },
    { body: { data: { models: token, destinations: [token], subscription: { id: [token] }, status: token } } },
  ])("is in nothing that comes of %j", (answer) =>
    Effect.gen(function* () {
      const { exits } = yield* outcomes(answer)
      for (const exit of exits) {
        expect(Exit.isFailure(exit)).toBe(true)
        expect(shown(exit)).not.toContain(token)
        if (Exit.isFailure(exit)) expect(shown(Cause.squash(exit.cause))).not.toContain(token)
      }
    }),
  )
})

/** The catalogue of a workspace that answers every request with this: one model, one destination, and these. */
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
  return yield* within("1 minute", Effect.exit(Stream.runCollect(Context.get(services, Catalogue).list)))
})

const plain = '{"id":"plain","modelId":"m"}'

describe("H5, K2: a mapping that is odd hides no other", () => {
  it.effect.each<readonly [string, string]>([
    ["settings that are deep", `{"id":"odd","modelId":"m","settings":{"a":${nested}}}`],
    ["a path that is deep", `{"id":"odd","modelId":"m","settings":{"a":{"@path":${nested}}}}`],
    ["a path that is no text", '{"id":"odd","modelId":"m","settings":{"a":{"@path":{"toString":1,"valueOf":2}}}}'],
    ["a schedule that is deep", `{"id":"odd","modelId":"m","reverseETLSchedule":{"strategy":"X","config":${nested}}}`],
    ["an empty name", '{"id":"odd","modelId":"m","name":"","enabled":"yes","trigger":null}'],
    ["names of prototypes", '{"id":"odd","modelId":"m","settings":{"__proto__":{"x":1},"constructor":{"@path":7}}}'],
  ])("with %s", ([, odd]) =>
    Effect.gen(function* () {
      for (const extra of [{}, { model: nested, destination: nested }]) {
        const exit = yield* listOf([odd, plain], extra)
        expect(Exit.isSuccess(exit) && exit.value.map(({ ref }) => ref.ids["subscription"])).toEqual(["odd", "plain"])
      }
    }),
  )

  it.effect.each(['"."', '".."', '"\\ud800"'])("of a model %s that cannot be one", (model) =>
    Effect.gen(function* () {
      const exit = yield* listOf([`{"id":"odd","modelId":${model}}`, plain])
      expect(Exit.isSuccess(exit) && exit.value.map(({ ref }) => ref.ids["subscription"])).toEqual(["plain"])
    }),
  )

  it.effect.prop(
    "with anything in its fields",
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
