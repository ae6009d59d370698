import { readFileSync } from "node:fs"
import { expect, it, vi } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { ConfigProvider, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as ZeotapFacts from "../src/ZeotapFacts.ts"
import { addContacts } from "./configuringExample.ts"
import { ended } from "./onEmulator.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")
const readme = read("../README.md")

it("the README shows the example that the tests run", () => {
  const [, actual] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  expect(actual).toBe(read("./example.ts"))
})

it.effect("the example runs", () =>
  Effect.gen(function* () {
    const emulator = yield* ZeotapEmulator.make({ workspaceId: "660e8400-e29b-41d4-a716-446655440000" })
    yield* emulator.addSync({ ids: { sync: "550e8400-e29b-41d4-a716-446655440000" } })
    vi.stubEnv("ZEOTAP_TOKEN", emulator.token)
    const { syncCustomers } = yield* Effect.promise(() => import("./example.ts"))
    const program = Effect.provideService(syncCustomers, Transport, emulator.transport)
    const fiber = yield* Effect.forkChild(Effect.delay(program, "1 millis"))
    yield* TestClock.adjust("10 minutes")
    expect(yield* Fiber.join(fiber)).toBe("complete: 100 rows")
  }).pipe(Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs()))),
)

it("the README shows the example of configuring that the tests run", () => {
  const [, section = ""] = readme.split("## Configuring\n")
  const [, actual] = /```ts\n([\s\S]*?)```/.exec(section) ?? []
  expect(actual).toBe(read("./configuringExample.ts"))
})

it.effect("the example of configuring runs", () =>
  Effect.gen(function* () {
    const emulator = yield* ZeotapEmulator.make()
    const { model = "", destination = "" } = yield* emulator.addParts()
    const environment = { ZEOTAP_WORKSPACE_ID: emulator.workspace.id, ZEOTAP_TOKEN: emulator.token }
    const program = addContacts({ model, destination }).pipe(
      Effect.provideService(Transport, emulator.transport),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
    )
    expect(yield* ended(program)).toMatchObject({ success: ["Contacts: enabled"] })
    expect(yield* emulator.syncs).toMatchObject([{ name: "Contacts", schedule: "0 */6 * * *" }])
  }),
)

it("the README names only facts that exist", () => {
  const ids = new Set(ZeotapFacts.facts.map(({ id }) => id))
  const named = [...readme.matchAll(/`(zeotap\/[a-z-]+)`/g)].map(([, id = ""]) => id)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((id) => !ids.has(id))).toEqual([])
})
