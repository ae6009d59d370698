import { Catalog } from "@openretl/core/Catalog"
import { Creation } from "@openretl/core/Creation"
import * as Schedule from "@openretl/core/Schedule"
import * as ZeotapAdmin from "@openretl/zeotap/ZeotapAdmin"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

const Prod = ZeotapAdmin.layerConfig({
  name: "prod",
  workspaceId: Config.String("ZEOTAP_WORKSPACE_ID"),
  token: Config.Redacted("ZEOTAP_TOKEN"),
})

export const addContacts = Effect.fn("addContacts")(function* (parts: { model: string; destination: string }) {
  const { create } = yield* Creation
  const { list } = yield* Catalog
  const contacts = ZeotapAdmin.definition({
    ...parts,
    name: "Contacts",
    mapping: [{ from: "email", to: "Email" }],
    mode: "upsert",
    primaryKey: "customer_id",
    enabled: true,
    schedule: Schedule.cron("0 */6 * * *"),
  })
  yield* create(contacts)
  return yield* Stream.runCollect(Stream.map(list, ({ name, state }) => `${name}: ${state}`))
}, Effect.provide(Prod))
