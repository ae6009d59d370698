import { Administration, Catalogue, Schedule } from "@openretl/core"
import { SegmentAdmin } from "@openretl/segment"
import { Config, Effect, Stream } from "effect"

const Prod = SegmentAdmin.layerConfig({
  name: Config.succeed("prod"),
  region: Config.Literals(["us", "eu"], "SEGMENT_REGION"),
  token: Config.Redacted("SEGMENT_TOKEN"),
})

interface Parts {
  readonly source: string
  readonly model: string
  readonly destination: string
  readonly action: string
}

export const addContacts = Effect.fn("addContacts")(function* (parts: Parts) {
  const { create } = yield* Administration.Administration
  const { list } = yield* Catalogue.Catalogue
  const contacts = SegmentAdmin.definition({
    ...parts,
    name: "Contacts",
    trigger: 'event = "new" or event = "updated"',
    settings: { email: { "@path": "$.properties.email" } },
    enabled: true,
    schedule: Schedule.every("6 hours"),
  })
  // Made switched off, then given its schedule and switched on.
  yield* create(contacts)
  return yield* Stream.runCollect(Stream.map(list, ({ name, state }) => `${name}: ${state}`))
}, Effect.provide(Prod))
