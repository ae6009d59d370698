import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import * as Fault from "@openretl/emulator/Fault"
import { Effect, Stream } from "effect"
import * as HightouchAdmin from "../src/HightouchAdmin.ts"
import { definition, ended, onEmulator } from "./onEmulator.ts"

describe("the catalog", () => {
  it.effect("K1: GET /syncs: has every sync over several pages, with its slug in the payload", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* onEmulator()
      for (let index = 0; index < 120; index++) yield* emulator.addSync({ name: `sync-${index}` })
      const result = yield* ended(Stream.runCollect(catalog.list))
      const slugs = result._tag === "Success" ? result.success.map((sync) => HightouchAdmin.nativeOf(sync)?.slug) : []
      expect(new Set(slugs).size).toBe(121)
    }),
  )
})

describe("a sync", () => {
  it.effect("A1: PATCH /syncs/{syncId}: is paused, scheduled and resumed with one request each", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator()
      const paused = yield* ended(administration.pause(ref))
      expect(paused).toMatchObject({ success: { state: "paused", vendorState: "disabled" } })
      yield* ended(administration.setSchedule(ref, Schedule.cron("0 6 * * *")))
      yield* ended(administration.resume(ref))
      expect(yield* emulator.syncs).toMatchObject([
        { state: "enabled", schedule: { type: "cron", schedule: { expression: "0 6 * * *" } } },
      ])
      const manual = yield* ended(administration.setSchedule(ref, Schedule.manual))
      expect(manual).toMatchObject({ success: { schedule: { _tag: "Manual" } } })
      const updates = (yield* emulator.calls).filter(({ operation }) => operation === "update")
      expect(updates).toHaveLength(4)
    }),
  )

  it.effect("A1: a configuration replaces the whole configuration, and the schedule stays", () =>
    Effect.gen(function* () {
      const { administration, client, sync, ref } = yield* onEmulator()
      yield* ended(administration.setSchedule(ref, Schedule.every("2 hours")))
      const change = HightouchAdmin.change({ configuration: { mode: "insert", object: "leads" } })
      yield* ended(administration.update(ref, change))
      expect(yield* client.getSync(sync)).toMatchObject({
        configuration: { mode: "insert", object: "leads" },
        schedule: { type: "interval" },
      })
    }),
  )

  it.effect("A1: a change that the vendor refuses inside a 200 changes nothing, and says so", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator()
      const body = JSON.stringify({ message: "Validation failed", details: { "requestBody.disabled": "no" } })
      yield* emulator.addFaults(Fault.respond("update", { status: 200, body, commits: false }))
      expect(yield* ended(administration.pause(ref))).toMatchObject({
        failure: {
          reason: { _tag: "InvalidRequest", issues: [{ path: ["disabled"], message: "no" }] },
          delivery: "refused",
        },
      })
    }),
  )

  it.effect("A1, A2: POST /syncs: is created disabled and manual unless its definition says otherwise", () =>
    Effect.gen(function* () {
      const { emulator, creation } = yield* onEmulator()
      const parts = yield* emulator.addParts()
      const created = yield* ended(creation.create(definition(parts, { name: "orders" })))
      expect(created).toMatchObject({ success: { state: "paused", schedule: { _tag: "Manual" } } })
      const others = yield* emulator.addParts()
      const wanted = { name: "orders", enabled: true, schedule: Schedule.every("1 hour") }
      const second = yield* ended(creation.create(definition(others, wanted)))
      expect(second).toMatchObject({ success: { state: "enabled", schedule: { _tag: "Every" } } })
      expect((yield* emulator.calls).filter(({ operation }) => operation === "update")).toEqual([])
    }),
  )

  it.effect("A1: a definition with wrong ids, a name and an unknown field sends nothing", () =>
    Effect.gen(function* () {
      const { emulator, creation } = yield* onEmulator()
      const input = { slug: "s", model: "m", destination: "01", configuration: {}, color: "red" }
      const failed = yield* ended(creation.create({ ...HightouchAdmin.definition(input), name: "Orders" }))
      const issues = failed._tag === "Failure" && "reason" in failed.failure ? failed.failure.reason : undefined
      const paths = issues?._tag === "InvalidRequest" ? issues.issues.map(({ path }) => path.join(".")) : []
      expect(paths.sort()).toEqual(["name", "part.spec.color", "part.spec.destinationId", "part.spec.modelId"])
      expect(yield* emulator.calls).toEqual([])
    }),
  )
})
