/** What a report of a move names of a mapping: everything that decides which rows go where. */
import { describe, expect, it } from "@effect/vitest"
import * as Move from "@openretl/core/Move"
import { SyncRef } from "@openretl/core/Ref"
import { Sync } from "@openretl/core/Sync"
import { Effect, Schema } from "effect"
import { Parts, snapshot } from "../src/internal/syncFromWire.ts"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"

const wire = {
  subscription: {
    id: "sub",
    name: "Contacts",
    modelId: "mod",
    enabled: true,
    actionId: "act",
    actionSlug: "upsert",
    trigger: 'event = "new" and properties.country = "DE"',
    settings: { email: { "@path": "$.properties.email" }, list: "EU", batch: { "@if": { exists: 1 } } },
    reverseETLSchedule: { strategy: "MANUAL" },
  },
  model: { id: "mod", sourceId: "src", name: "Users", enabled: true, query: "select * from users where eu" },
  destination: { id: "dest", enabled: true, settings: { region: "eu", apiKey: "••••1234" } },
}

const reportOf = Effect.fnUntraced(function* (payload: unknown) {
  const parts = yield* Schema.decodeUnknownEffect(Parts)(payload)
  const { ids, lastRun: _, ...fields } = snapshot(parts, { source: "src", model: "mod" })
  const ref = new SyncRef({ workspace: "prod", vendor: "segment", ids: { ...ids } })
  const { items } = Move.report(new Sync({ ...fields, ref }), SegmentAdmin.target)
  return new Map(items.map(({ field, value }) => [field, value]))
})

describe("the report of a mapping", () => {
  it.effect("A5: names the filter, the action, the settings and the model's query", () =>
    Effect.gen(function* () {
      const values = yield* reportOf(wire)
      expect(values.get("trigger")).toBe(wire.subscription.trigger)
      expect(values.get("actionSlug")).toBe("upsert")
      expect(values.get("mapping.list")).toBe("EU")
      expect(values.get("mapping.batch")).toBe('{"@if":{"exists":1}}')
      expect(values.get("model.query")).toBe(wire.model.query)
      expect(values.get("settings.apiKey")).toBe("masked")
      expect(values.get("other fields")).toBe("not compared: destination.settings")
    }),
  )

  it.effect("A5: names new fields of the vendor, and fields in a new form, as not compared", () =>
    Effect.gen(function* () {
      const { subscription, model, destination } = wire
      const values = yield* reportOf({
        subscription: { ...subscription, trigger: { all: ["new"] }, filters: [{ country: "DE" }], note: "" },
        model: { ...model, limit: 10 },
        destination: { id: destination.id, enabled: true, routing: "eu" },
      })
      expect(values.has("trigger")).toBe(false)
      expect(values.get("other fields")).toBe("not compared: trigger, filters, model.limit, destination.routing")
    }),
  )
})
