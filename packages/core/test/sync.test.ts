import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { Connection } from "../src/model/Connection.ts"
import { RunRef, SyncRef } from "../src/model/Ref.ts"
import { FieldMapping, Mode, State, Sync } from "../src/model/Sync.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"

const ref = new SyncRef({ workspace: "old", vendor: "segment", ids: { source: "s", model: "m", subscription: "x" } })

const encode = Schema.encodeSync(Sync)
const decode = Schema.decodeUnknownSync(Sync)

/** The sync as a program reads it back from a file. */
const stored = (sync: Sync) => decode(JSON.parse(JSON.stringify(encode(sync))))

describe("a sync as JSON", () => {
  it.prop(
    "K2: a sync is decoded from JSON unchanged",
    {
      connection: Arbitrary.schema(Connection),
      mapping: Arbitrary.schema(Schema.Array(FieldMapping)),
      state: Arbitrary.schema(State),
      mode: Arbitrary.schema(Mode),
    },
    ({ connection, mapping, state, mode }) => {
      const sync = new Sync({ ref, connection, mapping, state, mode, vendorState: state, native: { kept: [1, null] } })
      expect(stored(sync)).toEqual(sync)
    },
  )

  it("H2: what a vendor's configuration holds is in the export, and in no print or log", () => {
    const vendorFields = [{ field: "config.key", value: "SECRET" }]
    const fields = { connection: {}, state: "paused", vendorState: "", vendorFields, unreadFields: ["SECRET"] } as const
    const sync = new Sync({ ref, ...fields, native: { key: "SECRET" } })
    expect(stored(sync)).toMatchObject({ vendorFields, unreadFields: ["SECRET"] })
    expect(`${sync} ${JSON.stringify(sync)} ${inspect(sync)}`).not.toContain("SECRET")
  })

  it("K2: a decoded sync has refs and times of their classes, and no absent fields", () => {
    const sync = new Sync({
      ref,
      name: "Customers",
      connection: {},
      state: "paused",
      vendorState: "disabled",
      isSwitchedOn: false,
      schedule: Schedule.every("90 minutes"),
      lastRun: { ref: new RunRef({ sync: ref, run: "r1" }), succeededAt: DateTime.makeUnsafe(1_700_000_000_000) },
      native: {},
    })
    const decoded = stored(sync)
    expect(decoded).toEqual(sync)
    expect(decoded.ref).toBeInstanceOf(SyncRef)
    expect(decoded.lastRun?.ref).toBeInstanceOf(RunRef)
    expect(
      Object.keys(encode(new Sync({ ref, connection: {}, state: "unknown", vendorState: "", native: null }))),
    ).toEqual(["ref", "connection", "state", "vendorState", "native"])
  })
})
