/** What is sent is what was asked for: requests survive the way through their schemas and JSON. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Api from "../src/RudderStackApi.ts"
import * as ConnectionsApi from "../src/RudderStackConnectionsApi.ts"
import * as SourcesApi from "../src/RudderStackSourcesApi.ts"

const same = <A>(name: string, schema: Schema.Codec<A>) =>
  it.effect.prop(name, { request: Arbitrary.schema(schema) }, ({ request }) =>
    Effect.gen(function* () {
      const strict = { errors: "all", onExcessProperty: "error" } as const
      const encoded = yield* Schema.encodeEffect(schema)(request)
      expect(yield* Schema.decodeUnknownEffect(schema)(encoded, strict)).toEqual(request)
    }),
  )

describe("decoding what was encoded gives the same", () => {
  same("start", Api.StartSyncRequest)
  same("external id", Api.SetExternalIdRequest)
  same("schedule", ConnectionsApi.Schedule)
  same("constant", ConnectionsApi.Constant)
  same("event", ConnectionsApi.Event)
  same("settings", ConnectionsApi.SyncSettings)
  same("connection", ConnectionsApi.CreateConnectionRequest)
  same("change of a connection", ConnectionsApi.UpdateConnectionRequest)
  same("list of connections", Api.ListConnectionsQuery)
  same("source", SourcesApi.CreateSourceRequest)
  same("change of a source", SourcesApi.UpdateSourceRequest)
  same("list of sources", SourcesApi.ListSourcesQuery)
  same("preview", SourcesApi.SubmitPreviewRequest)
})
