import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { ConfigProvider, Effect } from "effect"
import { within } from "./admin.ts"
import { addContacts } from "./configuring.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

it("the README shows the program of configuring.ts", () => {
  const [, actual] = /^## Configuring$[\s\S]*?```ts\n([\s\S]*?)```/m.exec(read("../README.md")) ?? []
  expect(actual).toBe(read("./configuring.ts"))
})

it.effect("the README's program runs", () =>
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
