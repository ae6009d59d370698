import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { ConfigProvider, Effect, Redacted } from "effect"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { program } from "./configuringExample.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

it("the README's example of configuring is the one that runs", () => {
  const [, section = ""] = read("../README.md").split("## Configuring\n")
  const [, actual] = /```ts\n([\s\S]*?)```/.exec(section) ?? []
  expect(actual).toBe(read("./configuringExample.ts"))
})

it.effect("and it runs", () =>
  Effect.gen(function* () {
    const emulator = yield* RudderStackEmulator.make()
    const [source, destination] = ["2sOurce0000000000000000000", "2dEstination000000000000000"]
    // The parts are there, and the connection that came with them is not.
    const old = yield* emulator.addSync({ ids: { source, destination } })
    const environment = { RUDDERSTACK_TOKEN: emulator.token }
    const provided = <A, E>(effect: Effect.Effect<A, E>) =>
      effect.pipe(
        Effect.provideService(Transport, emulator.transport),
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
      )
    const { deleteConnection } = yield* provided(
      RudderStackAdmin.client({ ...rest, token: Redacted.make(emulator.token) }),
    )
    yield* deleteConnection(String(old["connection"]))
    yield* provided(program)
    expect(yield* emulator.syncs).toMatchObject([
      { parts: { source, destination }, state: "enabled", schedule: { type: "basic", everyMinutes: 60 } },
    ])
  }),
)

const rest = { name: "prod-eu", region: "us", defaultScope: "incremental" } as const
