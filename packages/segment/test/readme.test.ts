import { expect, it } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { ConfigProvider, Effect } from "effect"
import { within } from "./admin.ts"
import { addContacts } from "./configuring.ts"

it.effect("the example of configuring runs", () =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make()
    const { source = "", model = "", destination = "", action = "" } = yield* emulator.addParts()
    const program = addContacts({ source, model, destination, action }).pipe(
      Effect.provideService(Transport, emulator.transport),
      Effect.provideService(
        ConfigProvider.ConfigProvider,
        ConfigProvider.fromUnknown({ SEGMENT_TOKEN: emulator.token }),
      ),
    )
    expect(yield* within("10 minutes", program)).toEqual(["Contacts: enabled"])
    expect(yield* emulator.syncs).toMatchObject([{ schedule: { strategy: "PERIODIC", config: { interval: "6h" } } }])
  }),
)
