import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { TestClock } from "effect/testing"
import * as Api from "../src/SegmentDestinationsApi.ts"
import { emulated, pathsOf, withParts } from "./emulated.ts"
import * as Fixtures from "./fixtures.ts"
import { client, onTheWire, recording } from "./recordingTransport.ts"
import { roundTrip } from "./roundTrip.ts"

describe("destinations over the emulator", () => {
  it.effect("GET /destinations: lists destinations, and streams them as they are pulled", () =>
    Effect.gen(function* () {
      const { emulator, api } = yield* emulated()
      const added: Array<string> = []
      for (let count = 0; count < 3; count++) added.push((yield* emulator.addParts())["destination"] ?? "")
      expect((yield* api.listDestinations()).destinations.map(({ id }) => id)).toEqual(added)
      yield* emulator.clearCalls
      const all = api.streamDestinations({ count: 2 })
      expect(yield* emulator.calls).toHaveLength(0)
      expect(yield* Stream.runCollect(Stream.take(all, 2))).toHaveLength(2)
      expect(yield* emulator.calls).toHaveLength(1)
      expect((yield* Stream.runCollect(all)).map(({ id }) => id)).toEqual(added)
    }),
  )

  it.effect("POST /destinations: connects a destination, with its secrets masked", () =>
    Effect.gen(function* () {
      const { api, source, destination } = yield* withParts()
      const { id: metadataId = "" } = (yield* api.getDestination(destination)).metadata ?? {}
      const settings = { apiKey: "XYZ", retarget: true }
      const created = yield* api.createDestination({ sourceId: source, metadataId, settings, name: "mine" })
      expect(created).toMatchObject({ sourceId: source, name: "mine", enabled: true, metadata: { id: metadataId } })
      expect(created.settings).toEqual({ apiKey: "••••••••••", retarget: true })
      expect(yield* api.getDestination(created.id)).toEqual(created)
      const failure = yield* Effect.flip(api.createDestination({ sourceId: "nope", metadataId, settings }))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "unknown" })
    }),
  )

  it.effect("POST /destinations: fails with the reason why there can be no second one", () =>
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
    "GET /destinations/{destinationId}: reads a destination and its actions, and fails with NotFound for an unknown id",
    () =>
      Effect.gen(function* () {
        const { api, source, destination, action } = yield* withParts()
        const read = yield* api.getDestination(destination)
        expect(read).toMatchObject({ id: destination, sourceId: source, enabled: true })
        expect(read.metadata?.actions?.map(({ id }) => id)).toContain(action)
        const failure = yield* Effect.flip(api.getDestination("nope"))
        expect(failure).toMatchObject({ operation: "getDestination", reason: { _tag: "NotFound", what: "unknown" } })
      }),
  )

  it.effect("GET /destinations/{destinationId}: returns the source that the vendor reports", () =>
    Effect.gen(function* () {
      const { api, source, destination } = yield* withParts({ switches: { destinationSource: "another-source" } })
      const { sourceId } = yield* api.getDestination(destination)
      expect(sourceId).toEqual(expect.any(String))
      expect(sourceId).not.toBe(source)
    }),
  )

  it.effect(
    "PATCH /destinations/{destinationId}: changes the passed fields; read-only settings alone are refused",
    () =>
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
      const delivered = yield* api.getDeliveryMetrics(destination, { sourceId: source })
      expect(delivered.sourceId).toBe(source)
      const totals = Object.fromEntries(
        (delivered.metrics ?? []).map(({ metricName = "", total }) => [metricName, total]),
      )
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

  it.effect("the vendor refuses a range that starts too long ago", () =>
    Effect.gen(function* () {
      const { api, source, destination } = yield* withParts()
      const query = { sourceId: source, startTime: "2026-08-18T15:59:00Z", endTime: "2026-08-18T16:30:00Z" }
      const failure = yield* Effect.flip(api.getDeliveryMetrics(destination, query))
      expect(failure).toMatchObject({ delivery: "refused", evidence: { status: 422 } })
      expect(pathsOf(failure)).toEqual(["startTime"])
    }),
  )
})

describe("H6: an invalid request is refused with all its problems, and nothing is sent", () => {
  const refused = Effect.fnUntraced(function* (
    call: (api: Effect.Success<ReturnType<typeof client>>) => Effect.Effect<unknown, Parameters<typeof pathsOf>[0]>,
  ) {
    const transport = recording({ body: {} })
    const failure = yield* Effect.flip(call(yield* client(transport)))
    expect(transport.requests).toHaveLength(0)
    return pathsOf(failure)
  })

  it.effect("creations, changes and lists", () =>
    Effect.gen(function* () {
      expect(
        yield* refused((api) =>
          // @ts-expect-error a flag that is not a boolean
          api.createDestination({ sourceId: "", metadataId: "", settings: {}, enabled: "yes", type: "x" }),
        ),
      ).toEqual(["enabled", "metadataId", "sourceId", "type"])
      expect(
        yield* refused((api) =>
          // @ts-expect-error settings that are not an object
          api.updateDestination("d", { settings: [Number.NaN], enabled: null }),
        ),
      ).toEqual(["enabled", "settings"])
      // @ts-expect-error a value that JSON does not have
      expect(yield* refused((api) => api.updateDestination("d", { settings: { n: new Date(0) } }))).toEqual([
        "settings.n",
      ])
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
  ])("metrics: $query", ({ query, paths }) =>
    Effect.gen(function* () {
      expect(yield* refused((api) => api.getDeliveryMetrics("d", query))).toEqual(paths)
    }),
  )

  it.effect("the longest allowed ranges of metrics are sent", () =>
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

describe("answers that do not fit", () => {
  it.effect("a field that does not fit hides no other field", () =>
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
        unreadKeys: ["enabled", "settings"],
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

  it.effect("an answer without the id of its destination fails with UnexpectedResponse", () =>
    Effect.gen(function* () {
      const api = yield* client(recording({ body: { data: { destination: { name: "x" } } } }))
      const failure = yield* Effect.flip(api.getDestination("d"))
      expect(failure.reason._tag).toBe("UnexpectedResponse")
      expect(pathsOf(failure)).toEqual(["data.destination.id"])
    }),
  )
})

describe("requests survive a round trip", () => {
  it.effect.prop("a creation", { request: Arbitrary.schema(Api.CreateDestinationRequest) }, ({ request }) =>
    roundTrip(Api.CreateDestinationRequest, request),
  )

  it.effect.prop("a change", { request: Arbitrary.schema(Api.UpdateDestinationRequest) }, ({ request }) =>
    roundTrip(Api.UpdateDestinationRequest, request),
  )
})
