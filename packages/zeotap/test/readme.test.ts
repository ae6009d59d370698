import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { ConfigProvider, Effect } from "effect"
import * as ZeotapFacts from "../src/ZeotapFacts.ts"
import { addContacts } from "./configuringExample.ts"
import { ended } from "./onEmulator.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")
const pages = read("../README.md") + read("../../../docs/vendors/zeotap.md")

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

it("the pages name only facts that exist", () => {
  const ids = new Set(ZeotapFacts.facts.map(({ id }) => id))
  const named = [...pages.matchAll(/`(zeotap\/[a-z-]+)`/g)].map(([, id = ""]) => id)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((id) => !ids.has(id))).toEqual([])
})
