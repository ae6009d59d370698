import { describe, expect, it } from "@effect/vitest"
import { RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import type { Options } from "@openretl/emulator/Emulator"
import { Effect } from "effect"
import { sendTo } from "./client.ts"

const messy = { list: [{ b: 1 }, { a: 2 }], audience_id: "aB1", count: 42, nothing: null }
const tidy = {
  order: { ...messy, list: [{ a: 2 }, { b: 1 }] },
  "upper-ids": { ...messy, audience_id: "AB1" },
  "lower-ids": { ...messy, audience_id: "ab1" },
  texts: { ...messy, list: [{ b: "1" }, { a: "2" }], count: "42" },
  nulls: { list: messy.list, audience_id: "aB1", count: 42 },
} as const
const kinds = ["order", "upper-ids", "lower-ids", "texts", "nulls"] as const

const segment = (options: Options) =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make(options)
    const { destination, action, model } = yield* emulator.addParts()
    const root = `/destinations/${destination}/subscriptions`
    const create = sendTo(emulator, "POST", root, {
      body: { name: "  a  b ", actionId: action, trigger: "t", enabled: false, modelId: model, settings: messy },
    })
    const update = (input: object) =>
      Effect.flatMap(emulator.syncs, ([sync]) =>
        sendTo(emulator, "PATCH", `${root}/${sync?.ids["subscription"]}`, { body: { input } }),
      )
    const read = Effect.map(sendTo(emulator, "GET", root), ({ json }) => json.data.subscriptions[0])
    return { emulator, create, read, update, messyUpdate: { name: " c  d ", settings: messy } }
  })

const rudderstack = (options: Options) =>
  Effect.gen(function* () {
    const emulator = yield* RudderStackEmulator.make(options)
    const { source, destination } = yield* emulator.addParts()
    const root = "/v2/retl-connections"
    const create = sendTo(emulator, "POST", root, {
      body: {
        sourceId: source,
        destinationId: destination,
        enabled: false,
        externalId: "  a  b ",
        schedule: { type: "basic", everyMinutes: 60 },
        identifiers: [{ from: "email", to: "user_id" }],
        mappings: [
          { from: "b", to: "x" },
          { from: "a", to: "y" },
        ],
        destinationConfig: messy,
        syncSettings: { failedKeysConfig: { enableFailedKeysRetry: true } },
      },
    })
    const update = (body: object) =>
      Effect.flatMap(emulator.syncs, ([sync]) =>
        sendTo(emulator, "PUT", `${root}/${sync?.ids["connection"]}`, { body }),
      )
    const read = Effect.map(sendTo(emulator, "GET", root), ({ json }) => json.data[0])
    return { emulator, create, read, update, messyUpdate: { schedule: { type: "manual" }, syncSettings: messy } }
  })

const zeotap = (options: Options) =>
  Effect.gen(function* () {
    const emulator = yield* ZeotapEmulator.make(options)
    const { model, destination } = yield* emulator.addParts()
    const root = `/api/v1/workspaces/${emulator.workspace.id}/syncs`
    const create = sendTo(emulator, "POST", root, {
      body: {
        name: "  a  b ",
        description: " of  c",
        model_id: model,
        destination_id: destination,
        field_mapping: [
          { source_column: "b", destination_field: "X" },
          { source_column: "a", destination_field: "Y" },
        ],
        sync_mode: "upsert",
        primary_key: "id",
        schedule: "0 6 * * *",
        config: messy,
      },
    })
    const update = (body: object) =>
      Effect.flatMap(emulator.syncs, ([sync]) => sendTo(emulator, "PUT", `${root}/${sync?.ids["sync"]}`, { body }))
    const read = Effect.map(sendTo(emulator, "GET", root), ({ json }) => json[0])
    return { emulator, create, read, update, messyUpdate: { name: " c  d ", config: messy } }
  })

const vendors = [
  { name: "segment", setup: segment, settings: "settings", label: "name" },
  { name: "rudderstack", setup: rudderstack, settings: "destinationConfig", label: "externalId" },
  { name: "zeotap", setup: zeotap, settings: "config", label: "name" },
] as const

describe.each(vendors)("$name stores what it gets", ({ name, setup, settings, label }) => {
  it.effect("as it is, by default", () =>
    Effect.gen(function* () {
      const { create, read } = yield* setup({})
      yield* create
      expect(yield* read).toMatchObject({ [settings]: messy, [label]: "  a  b " })
    }),
  )

  it.effect.each(kinds)("in the normal form of %s, from a create and an update", (kind) =>
    Effect.gen(function* () {
      const { create, read, update, messyUpdate } = yield* setup({ normalization: [kind] })
      expect(JSON.stringify((yield* create).json)).toContain(JSON.stringify(tidy[kind]))
      expect((yield* read)[settings]).toEqual(tidy[kind])
      expect((yield* update(messyUpdate)).status).toBe(200)
      const updated = yield* read
      expect(name === "rudderstack" ? updated.syncSettings : updated[settings]).toMatchObject(tidy[kind])
    }),
  )

  it.effect("with names trimmed and their spaces joined, and no more once that is taken back", () =>
    Effect.gen(function* () {
      const { emulator, create, read, update, messyUpdate } = yield* setup({ normalization: ["names", "nulls"] })
      yield* create
      expect(yield* read).toMatchObject({ [label]: "a b", [settings]: tidy.nulls })
      expect((yield* emulator.syncs)[0]?.name).toBe("a b")
      if (name === "zeotap") expect((yield* read).description).toBe("of c")
      if (name !== "rudderstack") {
        yield* update(messyUpdate)
        expect((yield* read)[label]).toBe("c d")
        yield* emulator.setNormalization()
        yield* update(messyUpdate)
        expect((yield* read)[label]).toBe(" c  d ")
      }
    }),
  )
})

describe("an update that replaces in full", () => {
  it.effect("rudderstack: enables the connection and clears mappings and settings that it leaves out", () =>
    Effect.gen(function* () {
      const { emulator, create, read, update } = yield* rudderstack({})
      yield* create
      yield* update({ schedule: { type: "manual" } })
      const kept = yield* read
      expect(kept).toMatchObject({ enabled: false, mappings: [{ from: "b" }, { from: "a" }], syncSettings: {} })
      yield* emulator.setOmittedFields("cleared")
      yield* update({ schedule: { type: "manual" } })
      const { mappings: _, syncSettings: __, ...others } = kept
      expect(yield* read).toEqual({ ...others, enabled: true })
      expect(yield* emulator.syncs).toMatchObject([{ state: "enabled" }])
    }),
  )

  it.effect("zeotap: clears the schedule, the description and the config that it leaves out", () =>
    Effect.gen(function* () {
      const { emulator, create, read, update } = yield* zeotap({ omittedFields: "cleared" })
      yield* create
      yield* update({ name: "b", status: "active" })
      const { schedule, ...sync } = yield* read
      expect(sync).toMatchObject({ name: "b", status: "active", description: "", config: {}, primary_key: "id" })
      expect(schedule).toBeUndefined()
      expect((yield* emulator.syncs)[0]?.nextFire).toBeUndefined()
      yield* emulator.setOmittedFields("kept")
      yield* update({ description: "d", schedule: "0 6 * * *" })
      yield* update({ name: "c" })
      expect(yield* read).toMatchObject({ name: "c", description: "d", schedule: "0 6 * * *" })
    }),
  )

  it.effect("segment: clears the settings and the schedule that it leaves out", () =>
    Effect.gen(function* () {
      const { emulator, create, read, update } = yield* segment({})
      yield* create
      const hourly = { strategy: "PERIODIC", config: { interval: "1h" } }
      yield* update({ reverseETLSchedule: hourly })
      yield* update({ enabled: true })
      expect(yield* read).toMatchObject({ settings: messy, reverseETLSchedule: hourly })
      yield* emulator.setOmittedFields("cleared")
      yield* update({ settings: { a: 1 }, reverseETLSchedule: hourly })
      expect(yield* read).toMatchObject({ settings: { a: 1 }, reverseETLSchedule: hourly })
      yield* update({ enabled: true })
      expect(yield* read).toMatchObject({ settings: {}, enabled: true, reverseETLSchedule: { strategy: "MANUAL" } })
      expect((yield* read).settings).toEqual({})
    }),
  )
})
