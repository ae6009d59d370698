import { Administration, Catalogue, Schedule } from "@openretl/core"
import { ZeotapAdmin } from "@openretl/zeotap"
import { Config, Effect, Stream } from "effect"

const Prod = ZeotapAdmin.layerConfig({
  name: Config.succeed("prod"),
  workspaceId: Config.String("ZEOTAP_WORKSPACE_ID"),
  token: Config.Redacted("ZEOTAP_TOKEN"),
})

export const addContacts = Effect.fn("addContacts")(function* (parts: { model: string; destination: string }) {
  const { create } = yield* Administration.Administration
  const { list } = yield* Catalogue.Catalogue
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
