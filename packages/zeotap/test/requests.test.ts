import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Spec from "../src/internal/spec.ts"
import * as SyncFromWire from "../src/internal/syncFromWire.ts"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import * as Api from "../src/ZeotapApi.ts"
import * as InsightsApi from "../src/ZeotapInsightsApi.ts"
import * as SyncsApi from "../src/ZeotapSyncsApi.ts"
import { onEmulator } from "./onEmulator.ts"

describe("a cron expression", () => {
  const isCron = Schema.is(SyncsApi.Cron)

  it.each(["0 */6 * * *", "*/15 * * * *", "5,35 8-18/2 1,15 1-6 1-5", "59 23 31 12 6", "0 0 * * 0"])(
    "is %s",
    (text) => {
      expect(isCron(text)).toBe(true)
    },
  )

  it.each(["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 7", "@daily"])(
    "is not %j",
    (text) => {
      expect(isCron(text)).toBe(false)
    },
  )

  it.each(["0 0 * * MON", "*/0 * * * *", "1, * * * *", "0  6 * * *", " 0 6 * * *", "0 6 * * * # all"])(
    "is not %j, which the documents do not show",
    (text) => {
      expect(isCron(text)).toBe(false)
    },
  )
})

const text = Schema.String.check(Schema.isMinLength(1))
const Mapping = Schema.Struct({ from: text, to: text, cast: Schema.optionalKey(text) })

describe("the requests", () => {
  it.effect.prop("a create comes back from its encoding", { request: SyncsApi.CreateSyncRequest }, ({ request }) =>
    Effect.gen(function* () {
      const encoded = yield* Schema.encodeEffect(SyncsApi.CreateSyncRequest)(request)
      expect(yield* Schema.decodeEffect(SyncsApi.CreateSyncRequest)(encoded)).toEqual(request)
    }),
  )

  it.effect.prop(
    "an update comes back from its encoding",
    { fields: Schema.Struct(SyncsApi.UpdateSyncRequest.fields), description: Schema.String },
    ({ fields, description }) =>
      Effect.gen(function* () {
        const request = { ...fields, description }
        const encoded = yield* Schema.encodeEffect(SyncsApi.UpdateSyncRequest)(request)
        expect(yield* Schema.decodeEffect(SyncsApi.UpdateSyncRequest)(encoded)).toEqual(request)
      }),
  )

  it.effect.prop(
    "queries come back from their encoding",
    { list: Api.ListQuery, health: InsightsApi.SyncHealthQuery },
    ({ list, health }) =>
      Effect.gen(function* () {
        const encodedList = yield* Schema.encodeEffect(Api.ListQuery)(list)
        expect(yield* Schema.decodeEffect(Api.ListQuery)(encodedList)).toEqual(list)
        const encodedHealth = yield* Schema.encodeEffect(InsightsApi.SyncHealthQuery)(health)
        expect(yield* Schema.decodeEffect(InsightsApi.SyncHealthQuery)(encodedHealth)).toEqual(health)
      }),
  )

  it.effect.prop(
    "a mapping comes back from the wire unchanged",
    { mapping: Schema.Array(Mapping).check(Schema.isMinLength(1)) },
    ({ mapping }) =>
      Effect.gen(function* () {
        const { part } = ZeotapAdmin.change({ mapping })
        const spec = yield* Schema.decodeUnknownEffect(Spec.ChangedSpec)(part?.spec)
        const sync = yield* Schema.decodeUnknownEffect(Api.Sync)({ id: "s", ...spec })
        expect(SyncFromWire.snapshot(sync).mapping).toEqual(mapping)
        expect(Spec.isShown(spec, sync, false)).toBe(true)
      }),
  )

  it.effect.prop("the vendor accepts every valid create", { request: SyncsApi.CreateSyncRequest }, ({ request }) =>
    Effect.gen(function* () {
      const { client, model, destination } = yield* onEmulator()
      const created = yield* client.createSync({ ...request, model_id: model, destination_id: destination })
      expect(created).toMatchObject({ name: request.name, primary_key: request.primary_key })
    }),
  )
})
