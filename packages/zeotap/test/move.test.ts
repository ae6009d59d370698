/** What a report of a move names of a sync: everything that decides which rows go where. */
import { describe, expect, it } from "@effect/vitest"
import * as Move from "@openretl/core/Move"
import { SyncRef } from "@openretl/core/Ref"
import { Sync } from "@openretl/core/Sync"
import { Effect, Schema } from "effect"
import { snapshot } from "../src/internal/syncFromWire.ts"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import * as ZeotapApi from "../src/ZeotapApi.ts"
import * as Fixtures from "./fixtures.ts"

const reportOf = Effect.fnUntraced(function* (payload: object) {
  const sync = yield* Schema.decodeUnknownEffect(ZeotapApi.Sync)({ ...Fixtures.sync, ...payload })
  const { ids, lastRun: _, ...fields } = snapshot(sync)
  const ref = new SyncRef({ workspace: "prod", vendor: "zeotap", ids: { ...ids } })
  const { items } = Move.report(new Sync({ ...fields, ref }), ZeotapAdmin.target)
  return new Map(items.map(({ field, value }) => [field, value]))
})

describe("the report of a sync", () => {
  it.effect("A5: names the config, what is masked in it, and transforms", () =>
    Effect.gen(function* () {
      const transform = { source_column: "email", destination_field: "Email", transform: "lower" }
      const config = { audience: "EU", rules: [{ if: "new" }], token: "<redacted>" }
      const values = yield* reportOf({ config, field_mapping: [transform] })
      expect(values.get("config.audience")).toBe("EU")
      expect(values.get("config.rules")).toBe('[{"if":"new"}]')
      expect(values.get("config.token")).toBe("masked")
      expect(values.get("mapping.Email")).toBe(JSON.stringify(transform))
      expect(values.has("other fields")).toBe(false)
    }),
  )

  it.effect("A5: names new fields, and fields in a new form, as not compared", () =>
    Effect.gen(function* () {
      const values = yield* reportOf({ config: "eu", row_filter: "country = 'DE'", tags: [] })
      expect(values.get("other fields")).toBe("not compared: config, row_filter")
    }),
  )
})
