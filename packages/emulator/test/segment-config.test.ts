import { describe, expect, it } from "@effect/vitest"
import { SegmentEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type Answer, sendTo } from "./client.ts"

const setup = (options: SegmentEmulator.Options = {}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2026, 7, 20, 16, 0, 0))
    const emulator = yield* SegmentEmulator.make(options)
    const parts = yield* emulator.addParts()
    const root = `/destinations/${parts["destination"]}`
    const request = { name: "s", actionId: parts["action"], trigger: 'event = "new"', enabled: true }
    const create = (extra: object = { modelId: parts["model"] }) =>
      sendTo(emulator, "POST", `${root}/subscriptions`, { body: { ...request, ...extra } })
    const update = (id: string, input: object) =>
      sendTo(emulator, "PATCH", `${root}/subscriptions/${id}`, { body: { input } })
    const mapping = Effect.map(create(), ({ json }): string => json.data.destinationSubscription.id)
    const idsOf = (subscription: string) => ({
      source: parts["source"] ?? "",
      model: parts["model"] ?? "",
      subscription,
    })
    const model = `/reverse-etl-models/${parts["model"]}`
    return { emulator, parts, root, model, create, update, mapping, idsOf }
  })

const fieldsOf = ({ status, json }: Answer) => [status, ...json.errors.map(({ field }: { field: string }) => field)]
const everyHour = { reverseETLSchedule: { strategy: "PERIODIC", config: { interval: "1h" } } }

describe("request bodies", () => {
  it.effect("a 422 lists every problem of a model's body, with the quoted name of the field", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      const body = {
        sourceId: "",
        description: 1,
        enabled: "no",
        query: "x".repeat(65_536),
        queryIdentifierColumn: "i",
        more: 1,
      }
      const answer = yield* sendTo(emulator, "POST", "/reverse-etl-models", { body })
      expect(fieldsOf(answer)).toEqual([422, "sourceId", "name", "description", "enabled", "query", "more"])
      expect(answer.json.errors[1]).toEqual({ type: "input-validation", message: '"name" is required', field: "name" })
    }),
  )

  it.effect.each([
    { unknownField: "422", fields: [422, "input.reverseETLSchedule.more", "input.toString"] },
    { unknownField: "ignored", fields: [200] },
  ] as const)(
    "unknown fields at any depth are treated as `unknownField` says: $unknownField",
    ({ unknownField, fields }) =>
      Effect.gen(function* () {
        const { update, mapping } = yield* setup({ switches: { unknownField } })
        const input = { toString: 1, reverseETLSchedule: { strategy: "MANUAL", more: 1 } }
        const { status, json } = yield* update(yield* mapping, input)
        expect([status, ...(json.errors ?? []).map(({ field }: { field: string }) => field)]).toEqual(fields)
      }),
  )

  it.effect("delivery metrics refuse an unknown granularity", () =>
    Effect.gen(function* () {
      const { emulator, root, parts } = yield* setup()
      const query = `sourceId=${parts["source"]}&granularity=toString`
      expect(fieldsOf(yield* sendTo(emulator, "GET", `${root}/delivery-metrics?${query}`))).toEqual([
        422,
        "granularity",
      ])
    }),
  )

  it.effect("the problems of an update have paths with dots", () =>
    Effect.gen(function* () {
      const { emulator, root, update, mapping } = yield* setup()
      const id = yield* mapping
      const schedule = { strategy: "CRON", config: { spec: "* * * * *", timezone: "Nowhere" } }
      const answer = yield* update(id, { name: 1, reverseETLSchedule: schedule, actionId: "a" })
      const inSchedule = "input.reverseETLSchedule.config"
      expect(fieldsOf(answer)).toEqual([
        422,
        "input.name",
        `${inSchedule}.spec`,
        `${inSchedule}.timezone`,
        "input.actionId",
      ])
      expect(answer.json.errors[3].message).toBe('"actionId" is not allowed')
      expect(fieldsOf(yield* sendTo(emulator, "PATCH", `${root}/subscriptions/${id}`, { body: {} }))).toEqual([
        422,
        "input",
      ])
    }),
  )

  it.effect.each([
    { strategy: "HOURLY" },
    { strategy: "MANUAL", config: { interval: "1h" } },
    { strategy: "PERIODIC" },
    { strategy: "PERIODIC", config: { interval: "1d" } },
    { strategy: "PERIODIC", config: { interval: "14m" } },
    { strategy: "PERIODIC", config: { interval: "168h" } },
    { strategy: "SPECIFIC_DAYS", config: { days: [7], hours: [1], timezone: "UTC" } },
    { strategy: "SPECIFIC_DAYS", config: { days: [1], hours: [], timezone: "UTC" } },
    { strategy: "CRON", config: { spec: "0,10 * * * *", timezone: "UTC" } },
    { strategy: "CRON", config: { spec: "0 0 * * * *", timezone: "UTC" } },
    { strategy: "DBT_CLOUD", config: { jobId: "1" } },
    { strategy: "MANUAL", when: "never" },
    "MANUAL",
  ])("an update with the schedule %j is refused", (reverseETLSchedule) =>
    Effect.gen(function* () {
      const { update, mapping } = yield* setup()
      const answer = yield* update(yield* mapping, { reverseETLSchedule })
      expect([answer.status, answer.json.errors.length]).toEqual([422, 1])
      expect(answer.json.errors[0].field).toMatch(/^input\.reverseETLSchedule/)
    }),
  )

  it.effect("a create with a schedule is refused", () =>
    Effect.gen(function* () {
      const { parts, create } = yield* setup()
      expect(fieldsOf(yield* create({ modelId: parts["model"], ...everyHour }))).toEqual([422, "reverseETLSchedule"])
    }),
  )

  it.effect("a 404 says which part of a new subscription or destination is missing", () =>
    Effect.gen(function* () {
      const { emulator, create, parts } = yield* setup()
      const errorOf = (answer: Answer) => [answer.status, answer.json.errors[0].message]
      expect(errorOf(yield* create({ actionId: "a" }))).toEqual([404, "Action with id 'a' not found."])
      expect(errorOf(yield* create({ modelId: "m" }))).toEqual([404, "Reverse ETL Model with id 'm' not found."])
      const destination = { sourceId: parts["source"], metadataId: "k", settings: {} }
      const connect = (body: object) => sendTo(emulator, "POST", "/destinations", { body })
      expect(errorOf(yield* connect(destination))).toEqual([404, "Destination metadata with id 'k' not found."])
      expect(errorOf(yield* connect({ ...destination, sourceId: "s" }))).toEqual([404, "Source with id 's' not found."])
    }),
  )
})

describe("lists", () => {
  it.effect.each(["pagination.count=1&pagination.cursor=MQ%3D%3D", "pagination%5Bcount%5D=1&pagination[cursor]=MQ=="])(
    "accept the parameters %s",
    (query) =>
      Effect.gen(function* () {
        const { emulator } = yield* setup()
        yield* emulator.addParts()
        const { json } = yield* sendTo(emulator, "GET", `/reverse-etl-models?${query}`)
        expect(json.data.models).toHaveLength(1)
        expect(json.data.pagination).toEqual({ current: "MQ==", previous: "MA==", totalEntries: 2 })
      }),
  )

  it.effect("refuse a count over 1000 and an unknown cursor", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      const query = "pagination.count=1001&pagination.cursor=!"
      const answer = yield* sendTo(emulator, "GET", `/reverse-etl-models?${query}`)
      expect(fieldsOf(answer)).toEqual([422, "pagination.count", "pagination.cursor"])
      expect(answer.json.errors[0].message).toBe('"count" must be a number from 1 to 1000')
    }),
  )
})

describe("limits", () => {
  it.effect("creates, updates and deletes of subscriptions are limited to 5 a minute each", () =>
    Effect.gen(function* () {
      const { emulator, root, update, mapping, create } = yield* setup()
      const id = yield* mapping
      const statuses: Array<number> = []
      for (let count = 0; count < 6; count++) statuses.push((yield* update(id, {})).status)
      for (let count = 0; count < 5; count++) statuses.push((yield* create()).status)
      for (let count = 0; count < 6; count++) {
        statuses.push((yield* sendTo(emulator, "DELETE", `${root}/subscriptions/nope`)).status)
      }
      const fiveTimes = (status: number) => Array.from({ length: 5 }, () => status)
      expect(statuses).toEqual([...fiveTimes(200), 429, ...fiveTimes(200).slice(1), 429, ...fiveTimes(404), 429])
      yield* TestClock.adjust("1 minute")
      expect((yield* create()).status).toBe(200)
    }),
  )
})

describe("a subscription that was created through the API", () => {
  it.effect("with a model is a sync, listed with the call that created it", () =>
    Effect.gen(function* () {
      const { emulator, parts, create } = yield* setup()
      const id = (yield* create()).json.data.destinationSubscription.id
      yield* create({})
      const [call] = yield* emulator.calls
      expect(yield* emulator.syncs).toEqual([
        {
          ids: { source: parts["source"], model: parts["model"], subscription: id },
          parts,
          name: "s",
          state: "enabled",
          schedule: { strategy: "MANUAL" },
          callIndex: call?.index,
        },
      ])
      expect((yield* emulator.calls).map(({ operation }) => operation)).toEqual(["create", "create"])
    }),
  )

  it.effect.each([
    { part: "subscription", body: (enabled: boolean) => ({ input: { enabled } }) },
    { part: "model", body: (enabled: boolean) => ({ enabled }) },
    { part: "destination", body: (enabled: boolean) => ({ enabled }) },
  ] as const)("fires by its schedule, but not while its $part is disabled", ({ part, body }) =>
    Effect.gen(function* () {
      const { emulator, root, model, update, mapping, idsOf } = yield* setup()
      const id = yield* mapping
      yield* update(id, everyHour)
      const path = { subscription: `${root}/subscriptions/${id}`, model, destination: root }[part]
      const setEnabled = (enabled: boolean) => sendTo(emulator, "PATCH", path, { body: body(enabled) })
      const runCount = Effect.map(
        Effect.suspend(() => emulator.runsOf(idsOf(id))),
        (runs) => runs.length,
      )
      yield* TestClock.adjust("150 minutes")
      expect((yield* setEnabled(false)).status).toBe(200)
      expect(yield* runCount).toBe(2)
      yield* TestClock.adjust("5 hours")
      expect(yield* runCount).toBe(2)
      yield* setEnabled(true)
      yield* TestClock.adjust("61 minutes")
      expect(yield* runCount).toBe(3)
    }),
  )

  it.effect("fires by days and hours, or by cron, in its time zone", () =>
    Effect.gen(function* () {
      const { emulator, update, mapping, idsOf } = yield* setup()
      const id = yield* mapping
      const starts = Effect.map(
        Effect.suspend(() => emulator.runsOf(idsOf(id))),
        (runs) => runs.map(({ createdAt }) => new Date(createdAt).toISOString()),
      )
      // 2026-08-20 is a Thursday; Berlin is two hours ahead.
      const days = { days: [5, 6], hours: [0, 9], timezone: "Europe/Berlin" }
      yield* update(id, { reverseETLSchedule: { strategy: "specific_days", config: days } })
      yield* TestClock.adjust("1 day")
      expect(yield* starts).toEqual(["2026-08-20T22:00:00.000Z", "2026-08-21T07:00:00.000Z"])
      const cron = { spec: "30 17 * * *", timezone: "Europe/Berlin" }
      yield* update(id, { reverseETLSchedule: { strategy: "CRON", config: cron } })
      yield* TestClock.adjust("1 day")
      expect((yield* starts).slice(2)).toEqual(["2026-08-22T15:30:00.000Z"])
      yield* update(id, { reverseETLSchedule: { strategy: "MANUAL" } })
      yield* TestClock.adjust("5 days")
      expect(yield* starts).toHaveLength(3)
    }),
  )

  it.effect("can move to another model, and one to events can get a model", () =>
    Effect.gen(function* () {
      const { emulator, root, create, update, mapping } = yield* setup()
      const { model = "" } = yield* emulator.addParts("other")
      const movedId = yield* mapping
      expect((yield* update(movedId, { reverseETLModelId: model })).json.data.subscription.modelId).toBe(model)
      const eventsId = (yield* create({})).json.data.destinationSubscription.id
      expect((yield* update(eventsId, everyHour)).status).toBe(400)
      const attachedAnswer = yield* update(eventsId, { reverseETLModelId: model, ...everyHour })
      expect(attachedAnswer.json.data.subscription).toMatchObject({ modelId: model, ...everyHour })
      expect((yield* emulator.syncs).map(({ ids }) => [ids["model"], ids["subscription"]])).toEqual([
        [model, movedId],
        [model, eventsId],
      ])
      expect((yield* sendTo(emulator, "GET", `${root}/subscriptions`)).json.data.subscriptions).toHaveLength(2)
    }),
  )

  it.effect("does not start while its model is disabled, and is deleted with its destination", () =>
    Effect.gen(function* () {
      const { emulator, root, model, mapping, idsOf } = yield* setup()
      const { source, model: modelId, subscription } = idsOf(yield* mapping)
      const start = sendTo(emulator, "POST", "/reverse-etl-syncs", {
        body: { sourceId: source, modelId, subscriptionId: subscription },
      })
      yield* sendTo(emulator, "PATCH", model, { body: { enabled: false } })
      expect((yield* start).status).toBe(400)
      yield* sendTo(emulator, "DELETE", root)
      expect((yield* start).json.errors[0].message).toBe(`Subscription with id '${subscription}' not found.`)
      expect(yield* emulator.syncs).toEqual([])
    }),
  )
})

describe("deleting a model that has subscriptions", () => {
  const cases = [
    { modelWithSubscriptions: "cascade", status: 200, count: 0, start: 404 },
    { modelWithSubscriptions: "refused", status: 409, count: 1, start: 200 },
    { modelWithSubscriptions: "left", status: 200, count: 1, start: 404 },
  ] as const
  it.effect.each(cases)(
    "is handled as `modelWithSubscriptions` says: $modelWithSubscriptions",
    ({ modelWithSubscriptions, status, count, start }) =>
      Effect.gen(function* () {
        const { emulator, root, model, update, mapping, idsOf } = yield* setup({ switches: { modelWithSubscriptions } })
        const id = yield* mapping
        yield* update(id, everyHour)
        expect((yield* sendTo(emulator, "DELETE", model)).status).toBe(status)
        expect((yield* sendTo(emulator, "GET", `${root}/subscriptions`)).json.data.subscriptions).toHaveLength(count)
        const { source, model: modelId } = idsOf(id)
        const body = { sourceId: source, modelId, subscriptionId: id }
        expect((yield* sendTo(emulator, "POST", "/reverse-etl-syncs", { body })).status).toBe(start)
        yield* TestClock.adjust("3 hours")
        const scheduledRuns =
          count === 0 ? [] : (yield* emulator.runsOf(idsOf(id))).filter(({ origin }) => origin === "schedule")
        expect(scheduledRuns).toHaveLength(modelWithSubscriptions === "refused" ? 3 : 0)
      }),
  )
})

describe("reads", () => {
  it.effect("show a sync that was set up without the API, with its schedule and state", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      const ids = yield* emulator.addSync({ name: "outside", schedule: { every: "90 minutes" }, state: "paused" })
      const [sync] = yield* emulator.syncs
      const { destination, model, source } = { ...sync?.parts }
      const { json } = yield* sendTo(
        emulator,
        "GET",
        `/destinations/${destination}/subscriptions/${ids["subscription"]}`,
      )
      expect(json.data.subscription).toMatchObject({
        id: ids["subscription"],
        name: "outside",
        modelId: model,
        destinationId: destination,
        actionSlug: "createUpdateObject",
        enabled: false,
        reverseETLSchedule: { strategy: "PERIODIC", config: { interval: "1h30m" } },
      })
      expect((yield* sendTo(emulator, "GET", `/reverse-etl-models/${model}`)).json.data.reverseEtlModel.sourceId).toBe(
        source,
      )
      expect((yield* sendTo(emulator, "GET", `/destinations/${destination}`)).json.data.destination.sourceId).toBe(
        source,
      )
    }),
  )

  it.effect("that lag do not show a new subscription yet", () =>
    Effect.gen(function* () {
      const { emulator, root, mapping } = yield* setup({ readLag: "30 seconds" })
      const id = yield* mapping
      const read = sendTo(emulator, "GET", `${root}/subscriptions/${id}`)
      expect((yield* read).status).toBe(404)
      yield* TestClock.adjust("30 seconds")
      expect((yield* read).status).toBe(200)
    }),
  )
})
