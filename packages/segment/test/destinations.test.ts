import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { TestClock } from "effect/testing"
import * as Api from "../src/SegmentDestinationsApi.ts"
import { emulated, pathsOf, withParts } from "./emulated.ts"
import * as Fixtures from "./fixtures.ts"
import { client, onTheWire, recording } from "./recordingTransport.ts"

describe("destinations over the emulator", () => {
  it.effect("GET /destinations: lists destinations, and streams them as they are pulled", () =>
    Effect.gen(function* () {
      const { emulator, api } = yield* emulated()
      const made: Array<string> = []
      for (let count = 0; count < 3; count++) made.push((yield* emulator.addParts())["destination"] ?? "")
      expect((yield* api.listDestinations()).destinations.map(({ id }) => id)).toEqual(made)
      yield* emulator.clearCalls
      const all = api.streamDestinations({ count: 2 })
      expect(yield* emulator.calls).toHaveLength(0)
      expect(yield* Stream.runCollect(Stream.take(all, 2))).toHaveLength(2)
      expect(yield* emulator.calls).toHaveLength(1)
      expect((yield* Stream.runCollect(all)).map(({ id }) => id)).toEqual(made)
    }),
  )

  it.effect("POST /destinations: connects a destination, with its secrets masked", () =>
    Effect.gen(function* () {
      const { api, source, destination } = yield* withParts()
      const { id: metadataId = "" } = (yield* api.getDestination(destination)).metadata ?? {}
      const settings = { apiKey: "XYZ", retarget: true }
      const made = yield* api.createDestination({ sourceId: source, metadataId, settings, name: "mine" })
      expect(made).toMatchObject({ sourceId: source, name: "mine", enabled: true, metadata: { id: metadataId } })
      expect(made.settings).toEqual({ apiKey: "••••••••••", retarget: true })
      expect(yield* api.getDestination(made.id)).toEqual(made)
      const failure = yield* Effect.flip(api.createDestination({ sourceId: "nope", metadataId, settings }))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "unknown" })
    }),
  )

  it.effect("POST /destinations: says why there cannot be a second one", () =>
    Effect.gen(function* () {
      const { api, source } = yield* withParts()
      // Of the example in the OpenAPI document of the Go SDK 32.0.5 (2022-11).
      const request = { sourceId: source, metadataId: "547610a5db31d978f14a5c4e", settings: { apiKey: "XYZ" } }
      yield* api.createDestination(request)
      const failure = yield* Effect.flip(api.createDestination(request))
      const [{ message } = { message: "" }] = Fixtures.badRequest.errors
      expect(failure).toMatchObject({
        delivery: "refused",
        reason: { _tag: "InvalidRequest", issues: [{ path: [], message }] },
        evidence: { status: 400, code: "bad-request" },
      })
    }),
  )

  it.effect(
    "GET /destinations/{destinationId}: reads a destination and its actions, and says NotFound for another",
    () =>
      Effect.gen(function* () {
        const { api, source, destination, action } = yield* withParts()
        const found = yield* api.getDestination(destination)
        expect(found).toMatchObject({ id: destination, sourceId: source, enabled: true })
        expect(found.metadata?.actions?.map(({ id }) => id)).toContain(action)
        const failure = yield* Effect.flip(api.getDestination("nope"))
        expect(failure).toMatchObject({ operation: "getDestination", reason: { _tag: "NotFound", what: "unknown" } })
      }),
  )

  it.effect("GET /destinations/{destinationId}: shows whatever source the vendor gives it", () =>
    Effect.gen(function* () {
      const { api, source, destination } = yield* withParts({ switches: { destinationSource: "another-source" } })
      const { sourceId } = yield* api.getDestination(destination)
      expect(sourceId).toEqual(expect.any(String))
      expect(sourceId).not.toBe(source)
    }),
  )

  it.effect("PATCH /destinations/{destinationId}: changes what is named; read-only settings alone are refused", () =>
    Effect.gen(function* () {
      const { api, destination } = yield* withParts({ switches: { settingsUpdate: "merge" } })
      expect(yield* api.updateDestination(destination, { name: null, enabled: false })).toMatchObject({
        name: "",
        enabled: false,
      })
      const { settings } = yield* api.updateDestination(destination, { settings: { retarget: true, region: "moon" } })
      expect(settings).toEqual({ apiKey: "••••••••••", retarget: true, region: "us-west-2" })
      const failure = yield* Effect.flip(api.updateDestination(destination, { settings: { region: "moon" } }))
      expect(failure).toMatchObject({ reason: { _tag: "InvalidRequest" }, evidence: { status: 400 } })
      expect((yield* Effect.flip(api.updateDestination("nope", {}))).reason._tag).toBe("NotFound")
    }),
  )

  it.effect("DELETE /destinations/{destinationId}: deletes a destination, once", () =>
    Effect.gen(function* () {
      const { api, destination } = yield* withParts()
      yield* api.deleteDestination(destination)
      expect((yield* Effect.flip(api.getDestination(destination))).reason._tag).toBe("NotFound")
      expect((yield* Effect.flip(api.deleteDestination(destination))).reason._tag).toBe("NotFound")
    }),
  )

  it.effect("GET /destinations/{destinationId}/delivery-metrics: sums up what was delivered", () =>
    Effect.gen(function* () {
      const { emulator, api, source, model, destination } = yield* withParts()
      const ids = yield* emulator.addSync({ parts: { source, model, destination } })
      yield* emulator.script(ids, [{ duration: "1 minute", rows: { succeeded: 97, failed: 3 } }])
      yield* emulator.triggerAsStranger(ids)
      yield* TestClock.adjust("30 minutes")
      const found = yield* api.getDeliveryMetrics(destination, { sourceId: source })
      expect(found.sourceId).toBe(source)
      const totals = Object.fromEntries((found.metrics ?? []).map(({ metricName = "", total }) => [metricName, total]))
      expect(totals).toMatchObject({ successes: 97, discarded: 3, expired: 0 })
      const later = yield* api.getDeliveryMetrics(destination, {
        sourceId: source,
        startTime: "2026-08-20T16:10:00.000Z",
        endTime: "2026-08-20T16:20:00.000Z",
        granularity: "DAY",
      })
      expect(later.metrics?.[0]).toMatchObject({ metricName: "successes", total: 0 })
      const failure = yield* Effect.flip(api.getDeliveryMetrics("nope", { sourceId: source }))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "unknown" })
    }),
  )

  it.effect("a range that starts too long ago is refused by the vendor", () =>
    Effect.gen(function* () {
      const { api, source, destination } = yield* withParts()
      const query = { sourceId: source, startTime: "2026-08-18T15:59:00Z", endTime: "2026-08-18T16:30:00Z" }
      const failure = yield* Effect.flip(api.getDeliveryMetrics(destination, query))
      expect(failure).toMatchObject({ delivery: "refused", evidence: { status: 422 } })
      expect(pathsOf(failure)).toEqual(["startTime"])
    }),
  )
})

describe("H6: what is not right is refused with all its problems, and nothing is sent", () => {
  const refused = Effect.fnUntraced(function* (
    call: (api: Effect.Success<ReturnType<typeof client>>) => Effect.Effect<unknown, Parameters<typeof pathsOf>[0]>,
  ) {
    const transport = recording({ body: {} })
    const failure = yield* Effect.flip(call(yield* client(transport)))
    expect(transport.requests).toHaveLength(0)
    return pathsOf(failure)
  })

  it.effect("of a creation, a change and a list", () =>
    Effect.gen(function* () {
      expect(
        yield* refused((api) =>
          // @ts-expect-error a flag that is none
          api.createDestination({ sourceId: "", metadataId: "", settings: {}, enabled: "yes", type: "x" }),
        ),
      ).toEqual(["enabled", "metadataId", "sourceId", "type"])
      expect(
        yield* refused((api) =>
          // @ts-expect-error settings that are no object, and a number that JSON does not have
          api.updateDestination("d", { settings: [Number.NaN], enabled: null }),
        ),
      ).toEqual(["enabled", "settings"])
      // @ts-expect-error a number that JSON does not have
      expect(yield* refused((api) => api.updateDestination("d", { settings: { n: 1n } }))).toEqual(["settings.n"])
      expect(yield* refused((api) => api.listDestinations({ count: 0 }))).toEqual(["count"])
    }),
  )

  const start = "2026-08-06T16:00:00Z"
  it.effect.each([
    {
      query: { sourceId: "", startTime: "yesterday", endTime: "2026-13-01T00:00:00Z" },
      paths: ["endTime", "sourceId", "startTime"],
    },
    { query: { sourceId: "s", startTime: start, endTime: "2026-08-06T20:00:01Z" }, paths: ["startTime"] },
    {
      query: { sourceId: "s", startTime: start, endTime: "2026-08-13T16:00:01Z", granularity: "HOUR" as const },
      paths: ["startTime"],
    },
    {
      query: { sourceId: "s", startTime: start, endTime: "2026-08-20T16:00:01Z", granularity: "DAY" as const },
      paths: ["startTime"],
    },
    { query: { sourceId: "s", startTime: start, endTime: "2026-08-06T15:59:59Z" }, paths: ["endTime"] },
  ])("of metrics: $query", ({ query, paths }) =>
    Effect.gen(function* () {
      expect(yield* refused((api) => api.getDeliveryMetrics("d", query))).toEqual(paths)
    }),
  )

  it.effect("the longest ranges of metrics are sent", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { deliveryMetricsSummary: {} } } })
      const api = yield* client(transport)
      const ends = {
        MINUTE: "2026-08-06T20:00:00Z",
        HOUR: "2026-08-13T16:00:00Z",
        DAY: "2026-08-20T16:00:00Z",
      } as const
      for (const granularity of ["MINUTE", "HOUR", "DAY"] as const) {
        const query = { sourceId: "s", startTime: start, endTime: ends[granularity], granularity }
        expect(yield* api.getDeliveryMetrics("d", query)).toEqual({})
      }
      expect(onTheWire(transport.requests[2] ?? expect.fail("no request")).url).toBe(
        "https://api.segmentapis.com/destinations/d/delivery-metrics?sourceId=s&startTime=2026-08-06T16%3A00%3A00Z&endTime=2026-08-20T16%3A00%3A00Z&granularity=DAY",
      )
    }),
  )
})

describe("an odd answer", () => {
  it.effect("hides nothing but the fields that are odd", () =>
    Effect.gen(function* () {
      const destination = {
        id: "d",
        enabled: 1,
        name: null,
        sourceId: "s",
        settings: ["x"],
        metadata: {
          id: "k",
          categories: ["CRM", 7],
          logos: null,
          options: "none",
          actions: [null, { id: "a", hidden: "no", fields: [7, { fieldKey: "f", sortOrder: 1.5 }] }],
          supportedFeatures: { cloudModeInstances: 1, replay: true },
          contacts: [{ email: "a@example.com", __typename: "Contact" }],
        },
      }
      const api = yield* client(recording({ body: { data: { destination } } }))
      expect(yield* api.getDestination("d")).toEqual({
        id: "d",
        sourceId: "s",
        metadata: {
          id: "k",
          categories: ["CRM"],
          actions: [{ id: "a", fields: [{ fieldKey: "f", sortOrder: 1.5 }] }],
          supportedFeatures: { replay: true },
          contacts: [{ email: "a@example.com" }],
        },
      })
    }),
  )

  it.effect("without an id is none", () =>
    Effect.gen(function* () {
      const api = yield* client(recording({ body: { data: { destination: { name: "x" } } } }))
      const failure = yield* Effect.flip(api.getDestination("d"))
      expect(failure.reason._tag).toBe("UnexpectedResponse")
      expect(pathsOf(failure)).toEqual(["data.destination.id"])
    }),
  )
})

describe("requests are read back as they were written", () => {
  const cases = [Api.CreateDestinationRequest, Api.UpdateDestinationRequest] as const
  it.effect.prop("a creation", { request: Arbitrary.schema(cases[0]) }, ({ request }) =>
    Effect.gen(function* () {
      const written = JSON.stringify(yield* Schema.encodeEffect(cases[0])(request))
      const read = yield* Schema.decodeUnknownEffect(cases[0])(JSON.parse(written))
      expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(written))
    }),
  )

  it.effect.prop("a change", { request: Arbitrary.schema(cases[1]) }, ({ request }) =>
    Effect.gen(function* () {
      const written = JSON.stringify(yield* Schema.encodeEffect(cases[1])(request))
      const read = yield* Schema.decodeUnknownEffect(cases[1])(JSON.parse(written))
      expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(written))
    }),
  )
})
