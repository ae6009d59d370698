import { describe, expect, it } from "@effect/vitest"
import * as CoreInput from "@openretl/core/driver/Input"
import { Effect, Schema, Stream } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { TestClock } from "effect/testing"
import * as GoDuration from "../src/internal/goDuration.ts"
import * as Api from "../src/SegmentSubscriptionsApi.ts"
import { pathsOf, withParts } from "./emulated.ts"
import { client, onTheWire, recording } from "./recordingTransport.ts"
import { roundTrip } from "./roundTrip.ts"

const trigger = 'event = "new"'

/** Creates a mapping, with all its parts. */
const withMapping = Effect.fnUntraced(function* (options: Parameters<typeof withParts>[0] = {}) {
  const emulation = yield* withParts(options)
  const { api, model, destination, action } = emulation
  const request = { name: "Firms", actionId: action, trigger, enabled: true, settings: { a: 1, b: 2 }, modelId: model }
  return { ...emulation, mapping: yield* api.createSubscription(destination, request), request }
})

describe("subscriptions over the emulator", () => {
  it.effect("POST /destinations/{destinationId}/subscriptions: creates a mapping, which can be triggered", () =>
    Effect.gen(function* () {
      const { emulator, api, source, model, destination, action, mapping, request } = yield* withMapping()
      expect(mapping).toMatchObject({ ...request, destinationId: destination, actionSlug: "createUpdateObject" })
      const { id: subscription } = mapping
      const { syncId } = yield* api.createManualSync({ sourceId: source, modelId: model, subscriptionId: subscription })
      expect(yield* emulator.runsOf({ source, model, subscription })).toMatchObject([{ id: syncId }])
      const withUnknownModel = { ...request, actionId: action, modelId: "nope" }
      const failure = yield* Effect.flip(api.createSubscription(destination, withUnknownModel))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "unknown" })
    }),
  )

  it.effect(
    "GET /destinations/{destinationId}/subscriptions: lists and streams subscriptions, also those to events",
    () =>
      Effect.gen(function* () {
        const { emulator, api, destination, mapping, action } = yield* withMapping()
        const created = [mapping.id]
        for (let count = 0; count < 2; count++) {
          const request = { name: "e", actionId: action, trigger: 'type = "track"', enabled: false }
          created.push((yield* api.createSubscription(destination, request)).id)
        }
        expect((yield* api.listSubscriptions(destination)).subscriptions.map(({ id }) => id)).toEqual(created)
        yield* emulator.clearCalls
        const all = api.streamSubscriptions(destination, { count: 2 })
        expect(yield* emulator.calls).toHaveLength(0)
        expect(yield* Stream.runCollect(Stream.take(all, 1))).toHaveLength(1)
        expect(yield* emulator.calls).toHaveLength(1)
        expect((yield* Stream.runCollect(all)).map(({ id }) => id)).toEqual(created)
        const failure = yield* Effect.flip(api.listSubscriptions("nope"))
        expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "unknown" })
      }),
  )

  it.effect.each([
    { noModelForm: "empty-string", modelId: "" },
    { noModelForm: "absent", modelId: undefined },
  ] as const)("a subscription without a model has the modelId $modelId ($noModelForm)", ({ noModelForm, modelId }) =>
    Effect.gen(function* () {
      const { api, destination, action } = yield* withParts({ switches: { noModelForm } })
      const request = { name: "e", actionId: action, trigger: 'type = "track"', enabled: true }
      const created = yield* api.createSubscription(destination, request)
      expect([created.modelId, created.reverseETLSchedule]).toEqual([modelId, undefined])
    }),
  )

  it.effect("GET /destinations/{destinationId}/subscriptions/{id}: reads a subscription", () =>
    Effect.gen(function* () {
      const { api, destination, mapping } = yield* withMapping()
      expect(yield* api.getSubscription(destination, mapping.id)).toEqual(mapping)
    }),
  )

  it.effect.each(["destination", "subscription"] as const)(
    "GET /destinations/{destinationId}/subscriptions/{id}: fails with NotFound for an unknown %s",
    (unknown) =>
      Effect.gen(function* () {
        const { api, destination, mapping } = yield* withMapping()
        const ids = { destination, subscription: mapping.id, [unknown]: "nope" }
        const failure = yield* Effect.flip(api.getSubscription(ids.destination, ids.subscription))
        expect(failure).toMatchObject({ operation: "getSubscription", reason: { _tag: "NotFound", what: "sync" } })
      }),
  )

  it.effect("PATCH /destinations/{destinationId}/subscriptions/{id}: sets a schedule, which fires", () =>
    Effect.gen(function* () {
      const { emulator, api, source, model, destination, mapping } = yield* withMapping()
      const reverseETLSchedule = { strategy: "PERIODIC", config: { interval: "15m" } } as const
      const changed = yield* api.updateSubscription(destination, mapping.id, {
        input: { name: "Upsert Firms", reverseETLSchedule },
      })
      expect(changed).toEqual({ ...mapping, name: "Upsert Firms", reverseETLSchedule })
      yield* TestClock.adjust("31 minutes")
      expect(yield* emulator.runsOf({ source, model, subscription: mapping.id })).toMatchObject([
        { origin: "schedule" },
        { origin: "schedule" },
      ])
      const paused = yield* api.updateSubscription(destination, mapping.id, { input: { enabled: false } })
      expect(paused.enabled).toBe(false)
      yield* TestClock.adjust("1 hour")
      expect(yield* emulator.runsOf({ source, model, subscription: mapping.id })).toHaveLength(2)
      const failure = yield* Effect.flip(api.updateSubscription(destination, "nope", { input: {} }))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "sync" })
    }),
  )

  it.effect("PATCH /destinations/{destinationId}/subscriptions/{id}: an unknown model is not a missing sync", () =>
    Effect.gen(function* () {
      const { api, destination, mapping } = yield* withMapping()
      const request = { input: { reverseETLModelId: "subscription" } }
      const failure = yield* Effect.flip(api.updateSubscription(destination, mapping.id, request))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "unknown" })
    }),
  )

  it.effect.each([
    { settingsUpdate: "merge", settings: { a: 1, b: 3 } },
    { settingsUpdate: "replace", settings: { b: 3 } },
  ] as const)("the settings of a change are taken for a $settingsUpdate", ({ settingsUpdate, settings }) =>
    Effect.gen(function* () {
      const { api, destination, mapping } = yield* withMapping({ switches: { settingsUpdate } })
      const changed = yield* api.updateSubscription(destination, mapping.id, { input: { settings: { b: 3 } } })
      expect(changed.settings).toEqual(settings)
    }),
  )

  it.effect.each([
    { defaultSchedule: "manual", schedule: { strategy: "MANUAL" } },
    { defaultSchedule: "absent", schedule: undefined },
    { defaultSchedule: "hourly", schedule: { strategy: "PERIODIC", config: { interval: "1h" } } },
  ] as const)("a new mapping has the schedule $defaultSchedule", ({ defaultSchedule, schedule }) =>
    Effect.gen(function* () {
      const { mapping } = yield* withMapping({ switches: { defaultSchedule } })
      expect(mapping.reverseETLSchedule).toEqual(schedule)
    }),
  )

  it.effect.each(["upper", "lower"] as const)("a strategy in %s case is kept as it came", (strategyCase) =>
    Effect.gen(function* () {
      const { mapping } = yield* withMapping({ switches: { strategyCase } })
      expect(mapping.reverseETLSchedule?.strategy).toBe(strategyCase === "upper" ? "MANUAL" : "manual")
    }),
  )

  it.effect("DELETE /destinations/{destinationId}/subscriptions/{id}: deletes a subscription, once", () =>
    Effect.gen(function* () {
      const { emulator, api, destination, mapping } = yield* withMapping()
      yield* api.deleteSubscription(destination, mapping.id)
      expect(yield* emulator.syncs).toEqual([])
      const failure = yield* Effect.flip(api.deleteSubscription(destination, mapping.id))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "sync" })
    }),
  )

  it.effect("a sixth creation within a minute fails with RateLimited, with the vendor's wait", () =>
    Effect.gen(function* () {
      const { api, destination, request } = yield* withMapping()
      for (let count = 0; count < 4; count++) yield* api.createSubscription(destination, request)
      const failure = yield* Effect.flip(api.createSubscription(destination, request))
      expect(failure.reason._tag).toBe("RateLimited")
      expect(failure.message).toContain("for 1m")
    }),
  )
})

describe("on the wire", () => {
  it.effect("a change is wrapped in input, as the TypeScript SDK 73.2.0 sends it (seen 2026-11)", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { subscription: { id: "s" } } } })
      yield* (yield* client(transport)).updateSubscription("d", "s", {
        input: {
          name: "n",
          reverseETLModelId: "m",
          reverseETLSchedule: { strategy: "PERIODIC", config: { interval: "1h" } },
        },
      })
      expect(onTheWire(transport.requests[0] ?? expect.fail("no request"))).toMatchObject({
        method: "PATCH",
        url: "https://api.segmentapis.com/destinations/d/subscriptions/s",
        body: '{"input":{"name":"n","reverseETLModelId":"m","reverseETLSchedule":{"strategy":"PERIODIC","config":{"interval":"1h"}}}}',
      })
    }),
  )

  it.effect.each<readonly [unknown, unknown]>([
    [
      { strategy: "periodic", config: "1h" },
      { strategy: "periodic", config: "1h" },
    ],
    [{ strategy: 7, config: null, more: 1 }, { config: null }],
    ["MANUAL", undefined],
    [null, undefined],
  ])("the schedule %j is kept as %j, and hides no other field", ([wire, decoded]) =>
    Effect.gen(function* () {
      const subscription = { id: "s", name: "n", modelId: null, settings: "x", reverseETLSchedule: wire }
      const api = yield* client(recording({ body: { data: { subscription } } }))
      expect(yield* api.getSubscription("d", "s")).toEqual({
        id: "s",
        name: "n",
        ...(decoded !== undefined && { reverseETLSchedule: decoded }),
        unreadKeys: ["settings", ...(wire === "MANUAL" ? ["reverseETLSchedule"] : [])],
      })
    }),
  )

  it.effect("a full page without pagination ends a stream in an error", () =>
    Effect.gen(function* () {
      const api = yield* client(recording({ body: { data: { subscriptions: [{ id: "s" }] } } }))
      expect(yield* Stream.runCollect(api.streamSubscriptions("d"))).toHaveLength(1)
      const failure = yield* Effect.flip(Stream.runCollect(api.streamSubscriptions("d", { count: 1 })))
      expect(failure).toMatchObject({ operation: "streamSubscriptions", reason: { _tag: "UnexpectedResponse" } })
    }),
  )
})

describe("H6: an invalid request is refused with all its problems, and nothing is sent", () => {
  it.effect("a creation, which cannot set a schedule", () =>
    Effect.gen(function* () {
      const transport = recording({ body: {} })
      const request = { name: "n", actionId: "", trigger, enabled: true, modelId: "", reverseETLSchedule: {} }
      const failure = yield* Effect.flip((yield* client(transport)).createSubscription("d", request))
      expect(pathsOf(failure)).toEqual(["actionId", "modelId", "reverseETLSchedule"])
      expect(transport.requests).toHaveLength(0)
    }),
  )

  it.effect("a message names the bound and its source", () =>
    Effect.gen(function* () {
      const api = yield* client(recording({ body: {} }))
      const messageOf = (reverseETLSchedule: Api.Schedule) =>
        Effect.map(Effect.flip(api.updateSubscription("d", "s", { input: { reverseETLSchedule } })), String)
      // @ts-expect-error a strategy in lower case
      expect(yield* messageOf({ strategy: "periodic", config: { interval: "1h" } })).toContain(
        "input.reverseETLSchedule: Expected strategy MANUAL, PERIODIC, SPECIFIC_DAYS, CRON or DBT_CLOUD",
      )
      expect(yield* messageOf({ strategy: "PERIODIC", config: { interval: "14m59.9s" } })).toMatch(
        /config\.interval: Expected at least 15 minutes \(Segment docs, Reverse ETL system page.*found 14 minutes/,
      )
      expect(yield* messageOf({ strategy: "CRON", config: { spec: "*/5 * * * *", timezone: "UTC" } })).toMatch(
        /config\.spec: .*15 minutes.*\(Segment Public API docs, Reverse ETL page\)/,
      )
    }),
  )

  const zone = "Europe/Berlin"
  it.effect.each([
    { schedule: { strategy: "periodic", config: { interval: "1h" } }, paths: [""] },
    { schedule: { strategy: "MANUAL", config: {} }, paths: ["config"] },
    { schedule: { strategy: "PERIODIC" }, paths: ["config"] },
    { schedule: { strategy: "PERIODIC", config: { interval: "1d" } }, paths: ["config.interval"] },
    { schedule: { strategy: "PERIODIC", config: { interval: "14m59s" } }, paths: ["config.interval"] },
    {
      schedule: { strategy: "PERIODIC", config: { interval: "168h", more: 1 } },
      paths: ["config.interval", "config.more"],
    },
    {
      schedule: { strategy: "SPECIFIC_DAYS", config: { days: [7], hours: [24, -1], timezone: "+01:00" } },
      paths: ["config.days.0", "config.hours.0", "config.hours.1", "config.timezone"],
    },
    {
      schedule: {
        strategy: "SPECIFIC_DAYS",
        config: { days: [], hours: Array.from({ length: 25 }, () => 1), timezone: zone },
      },
      paths: ["config.days", "config.hours"],
    },
    {
      schedule: { strategy: "CRON", config: { spec: "*/10 * * * *", timezone: "Nowhere" } },
      paths: ["config.spec", "config.timezone"],
    },
    { schedule: { strategy: "CRON", config: { spec: "0 * * * * *", timezone: zone } }, paths: ["config.spec"] },
    { schedule: { strategy: "CRON", config: { spec: "*/14 * * * *", timezone: zone } }, paths: ["config.spec"] },
    { schedule: { strategy: "CRON", config: { spec: "5,55 0,23 * * *", timezone: zone } }, paths: ["config.spec"] },
    { schedule: { strategy: "CRON", config: { spec: "5,55 0,23 * * 1-5", timezone: zone } }, paths: ["config.spec"] },
    { schedule: { strategy: "CRON", config: { spec: "0 0 30 2 *", timezone: zone } }, paths: ["config.spec"] },
    { schedule: { strategy: "CRON", config: { spec: "@hourly", timezone: zone } }, paths: ["config.spec"] },
    { schedule: { strategy: "CRON", config: { spec: "61 * * * *", timezone: zone } }, paths: ["config.spec"] },
    { schedule: { strategy: "DBT_CLOUD", config: { jobId: "" } }, paths: ["config.accountId", "config.jobId"] },
  ])("the schedule $schedule", ({ schedule, paths }) =>
    Effect.gen(function* () {
      const transport = recording({ body: {} })
      const request = { input: { reverseETLSchedule: schedule } }
      // @ts-expect-error schedules that do not fit
      const failure = yield* Effect.flip((yield* client(transport)).updateSubscription("d", "s", request))
      const root = "input.reverseETLSchedule"
      expect(pathsOf(failure)).toEqual(paths.map((path) => (path === "" ? root : `${root}.${path}`)))
      expect(transport.requests).toHaveLength(0)
    }),
  )
})

const schedules: ReadonlyArray<Api.Schedule> = [
  { strategy: "MANUAL" },
  { strategy: "MANUAL", config: null },
  { strategy: "PERIODIC", config: { interval: "15m" } },
  { strategy: "PERIODIC", config: { interval: "3h25m30s" } },
  { strategy: "PERIODIC", config: { interval: "167h59m59.999s" } },
  { strategy: "SPECIFIC_DAYS", config: { days: [0, 6], hours: [0, 23], timezone: "America/New_York" } },
  { strategy: "CRON", config: { spec: "*/15 * * * 1-5", timezone: "UTC" } },
  { strategy: "CRON", config: { spec: "50 0,23 1 * *", timezone: "Asia/Kolkata" } },
  { strategy: "CRON", config: { spec: "5,55 0,23 * * 1", timezone: "UTC" } },
  { strategy: "DBT_CLOUD", config: { jobId: "1", accountId: "2" } },
]

describe("schedules", () => {
  it.effect.each(schedules)("the schedule %j is sent, and accepted", (reverseETLSchedule) =>
    Effect.gen(function* () {
      const { emulator, api, destination, mapping } = yield* withMapping()
      const request = { input: { reverseETLSchedule } }
      const changed = yield* api.updateSubscription(destination, mapping.id, request)
      expect(changed.reverseETLSchedule).toEqual(reverseETLSchedule)
      expect(yield* emulator.syncs).toMatchObject([{ schedule: reverseETLSchedule }])
    }),
  )

  it.each([
    ["1.5h", 5_400_000],
    ["1h15m30.918s", 4_530_918],
    [".5m", 30_000],
    ["1000000us", 1_000],
    ["", undefined],
    ["1", undefined],
    ["1 h", undefined],
    ["1d", undefined],
    ["-1h", undefined],
    ["h", undefined],
    [".h", undefined],
  ])("the text %j is %s milliseconds in Go", (text, millis) => {
    expect(GoDuration.parse(text)).toBe(millis)
  })
})

describe("requests survive a round trip", () => {
  it.effect.prop("a creation", { request: Arbitrary.schema(Api.CreateSubscriptionRequest) }, ({ request }) =>
    roundTrip(Api.CreateSubscriptionRequest, request),
  )

  const Input = Schema.Struct({
    name: Schema.optionalKey(Schema.String),
    enabled: Schema.optionalKey(Schema.Boolean),
    settings: Schema.optionalKey(CoreInput.JsonObject),
    reverseETLSchedule: Schema.optionalKey(Schema.Literals(schedules.map((_, index) => index))),
  })
  it.effect.prop(
    "a change",
    { input: Arbitrary.schema(Input) },
    ({ input: { reverseETLSchedule: index, ...input } }) => {
      const reverseETLSchedule = index === undefined ? undefined : schedules[index]
      return roundTrip(Api.UpdateSubscriptionRequest, {
        input: { ...input, ...(reverseETLSchedule !== undefined && { reverseETLSchedule }) },
      })
    },
  )

  it.effect.prop(
    "a schedule of days",
    {
      config: Arbitrary.schema(
        Schema.Struct({
          days: Schema.NonEmptyArray(Schema.Literals([0, 1, 2, 3, 4, 5, 6])).check(Schema.isMaxLength(7)),
          hours: Schema.NonEmptyArray(Schema.Literals([0, 8, 12, 23])).check(Schema.isMaxLength(24)),
          timezone: Schema.Literals(["UTC", "Europe/Berlin"]),
        }),
      ),
    },
    ({ config }) => roundTrip(Api.Schedule, { strategy: "SPECIFIC_DAYS", config }),
  )
})
