import { Catalog } from "@openretl/core/Catalog"
import { Creation } from "@openretl/core/Creation"
import * as Schedule from "@openretl/core/Schedule"
import * as SegmentAdmin from "@openretl/segment/SegmentAdmin"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

const Prod = SegmentAdmin.layerConfig({
  name: "prod",
  region: "us",
  token: Config.Redacted("SEGMENT_TOKEN"),
})

interface Parts {
  readonly source: string
  readonly model: string
  readonly destination: string
  readonly action: string
}

export const addContacts = Effect.fn("addContacts")(function* (parts: Parts) {
  const { create } = yield* Creation
  const { list } = yield* Catalog
  const contacts = SegmentAdmin.definition({
    ...parts,
    name: "Contacts",
    trigger: 'event = "new" or event = "updated"',
    settings: { email: { "@path": "$.properties.email" } },
    enabled: true,
    schedule: Schedule.every("6 hours"),
  })
  // Creates the mapping disabled, then sets its schedule and enables it.
  yield* create(contacts)
  return yield* Stream.runCollect(Stream.map(list, ({ name, state }) => `${name}: ${state}`))
}, Effect.provide(Prod))
