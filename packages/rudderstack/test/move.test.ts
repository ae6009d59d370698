/** What a report of a move names of a connection: everything that decides which rows go where. */
import { describe, expect, it } from "@effect/vitest"
import * as Move from "@openretl/core/Move"
import { SyncRef } from "@openretl/core/Ref"
import { Sync } from "@openretl/core/Sync"
import { Effect, Schema } from "effect"
import { snapshot } from "../src/internal/syncFromWire.ts"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { Connection } from "../src/RudderStackConnectionsApi.ts"

const wire = {
  id: "c",
  sourceId: "s",
  destinationId: "d",
  enabled: true,
  schedule: { type: "manual" },
  syncBehaviour: "upsert",
  syncSettings: { failedKeysConfig: { enableFailedKeysRetry: true } },
  identifiers: [{ from: "email", to: "user_id" }],
  mappings: [{ from: "total", to: "revenue" }],
  event: { type: "track", nameColumn: "kind" },
  constants: [{ key: "country", value: "DE" }],
  cursorColumn: "updated_at",
  object: "contacts",
  destinationConfig: { audienceId: 7301234567890123457n, apiKey: "********" },
}

const reportOf = Effect.fnUntraced(function* (payload: unknown) {
  const connection = yield* Schema.decodeUnknownEffect(Connection)(payload)
  const { ids, lastRun: _, ...fields } = snapshot(connection, undefined)
  const ref = new SyncRef({ workspace: "prod", vendor: "rudderstack", ids: { ...ids } })
  const { items } = Move.report(new Sync({ ...fields, ref }), RudderStackAdmin.target)
  return new Map(items.map(({ field, value }) => [field, value]))
})

describe("the report of a connection", () => {
  it.effect("A5: names the object, the event, the cursor column, constants and the destination's config", () =>
    Effect.gen(function* () {
      const values = yield* reportOf(wire)
      expect(Object.fromEntries(values)).toMatchObject({
        object: "contacts",
        "event.type": "track",
        "event.nameColumn": "kind",
        cursorColumn: "updated_at",
        "destinationConfig.audienceId": "7301234567890123457",
        "destinationConfig.apiKey": "masked",
        "syncSettings.failedKeysConfig": '{"enableFailedKeysRetry":true}',
        "mapping.country": 'the constant "DE"',
        "mapping.revenue": "total",
      })
      expect(values.has("other fields")).toBe(false)
    }),
  )

  it.effect("A5: names new fields, and fields in a new form, and reads no transform as a plain column", () =>
    Effect.gen(function* () {
      const values = yield* reportOf({
        ...wire,
        rowFilter: "country = 'DE'",
        object: { name: "contacts" },
        event: { ...wire.event, when: "new" },
        mappings: [{ from: "total", to: "revenue", transform: "round" }],
        constants: [{ key: "country", value: "DE", unless: "eu" }],
      })
      expect(values.get("other fields")).toBe("not compared: event.when, object, rowFilter")
      expect(values.get("mapping.revenue")).toContain("transform")
      expect(values.get("mapping.country")).toContain("unless")
    }),
  )
})
