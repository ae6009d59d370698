import { expect, it } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { ConfigProvider, Effect, Redacted } from "effect"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { program } from "./configuringExample.ts"

it.effect("the example of configuring runs", () =>
  Effect.gen(function* () {
    const emulator = yield* RudderStackEmulator.make()
    const [source, destination] = ["2sOurce0000000000000000000", "2dEstination000000000000000"]
    // The example needs these parts, without the connection that the emulator adds with them.
    const unwanted = yield* emulator.addSync({ ids: { source, destination } })
    const environment = { RUDDERSTACK_TOKEN: emulator.token }
    const provided = <A, E>(effect: Effect.Effect<A, E>) =>
      effect.pipe(
        Effect.provideService(Transport, emulator.transport),
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
      )
    const { deleteConnection } = yield* provided(
      RudderStackAdmin.client({ ...options, token: Redacted.make(emulator.token) }),
    )
    yield* deleteConnection(String(unwanted["connection"]))
    yield* provided(program)
    expect(yield* emulator.syncs).toMatchObject([
      { parts: { source, destination }, state: "enabled", schedule: { type: "basic", everyMinutes: 60 } },
    ])
  }),
)

const options = { name: "prod-eu", region: "us", defaultScope: "incremental" } as const
