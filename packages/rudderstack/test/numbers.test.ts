/** Numbers in the configuration of connections, which are kept exactly. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { setup, whileTimePasses } from "./admin.ts"

describe("numbers in a configuration", () => {
  it.effect("A1, R5: an id beyond 2^53 survives a change of another field, which replaces the whole connection", () =>
    Effect.gen(function* () {
      const { create, administration, newSync } = yield* setup()
      const destinationConfig = { audience: { id: 7301234567890123457n } }
      const sync = yield* whileTimePasses(create(RudderStackAdmin.definition({ ...newSync, destinationConfig })))
      expect(RudderStackAdmin.nativeOf(sync)).toMatchObject({ destinationConfig })
      const changed = yield* whileTimePasses(administration.update(sync.ref, { enabled: true }))
      expect(RudderStackAdmin.nativeOf(changed)).toMatchObject({ destinationConfig, enabled: true })
    }),
  )
})
