/** What is sent is what was asked for: requests survive the way through their schemas and JSON. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as ScheduleCodec from "../src/internal/schedule.ts"
import * as SyncFromWire from "../src/internal/syncFromWire.ts"
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
  same("list of runs", Api.ListSyncsQuery)
  same("list of connections", Api.ListConnectionsQuery)
  same("source", SourcesApi.CreateSourceRequest)
  same("change of a source", SourcesApi.UpdateSourceRequest)
  same("list of sources", SourcesApi.ListSourcesQuery)
  same("preview", SourcesApi.SubmitPreviewRequest)
})

describe("what was made is read back", () => {
  it.effect.prop(
    "identifiers first, then mappings; constants by their keys",
    { spec: Arbitrary.schema(ConnectionsApi.CreateConnectionRequest) },
    ({ spec }) =>
      Effect.gen(function* () {
        const shown = yield* Schema.decodeUnknownEffect(ConnectionsApi.Connection)({ id: "c", ...spec })
        const read = SyncFromWire.snapshot(shown, undefined)
        expect(read.mapping).toEqual([
          ...spec.identifiers.map((entry) => ({ ...entry, isIdentifier: true })),
          ...(spec.mappings ?? []),
        ])
        expect(read.unreadMapping ?? []).toEqual((spec.constants ?? []).map(({ key }) => key))
        expect([read.state, ScheduleCodec.resend(shown.schedule)]).toEqual([
          spec.enabled ? "enabled" : "paused",
          spec.schedule,
        ])
      }),
  )
})
