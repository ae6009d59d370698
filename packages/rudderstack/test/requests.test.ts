/** What the client sends is what the caller passed: requests survive their schemas, and JSON. */

import { describe, expect, it } from "@effect/vitest"
import * as Input from "@openretl/core/driver/Input"
import * as Json from "@openretl/core/driver/Json"
import { Effect, Result, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as ScheduleCodec from "../src/internal/schedule.ts"
import * as SyncFromWire from "../src/internal/syncFromWire.ts"
import * as Api from "../src/RudderStackApi.ts"
import * as ConnectionsApi from "../src/RudderStackConnectionsApi.ts"
import * as SourcesApi from "../src/RudderStackSourcesApi.ts"

const isDecodedUnchanged = <A, E>(name: string, schema: Schema.Codec<A, E>) => {
  const decode = Input.decoder(schema)
  it.effect.prop(name, { request: Arbitrary.schema(schema) }, ({ request }) =>
    Effect.gen(function* () {
      const encoded = yield* Schema.encodeEffect(schema)(request)
      expect(Result.getOrThrow(decode(encoded))).toEqual(request)
      const viaJson = (value: unknown): unknown => Json.parse(Json.stringify(value) ?? "")
      expect(Result.getOrThrow(decode(viaJson(encoded)))).toEqual(viaJson(request))
      expect(Result.isFailure(decode({ ...encoded, other: 1 }))).toBe(true)
    }),
  )
}

describe("a request is decoded to what was encoded, and an unknown field is refused:", () => {
  isDecodedUnchanged("a start", Api.StartSyncRequest)
  isDecodedUnchanged("a list of runs", Api.ListSyncsQuery)
  isDecodedUnchanged("a list of connections", Api.ListConnectionsQuery)
  isDecodedUnchanged("an external id", ConnectionsApi.SetExternalIdRequest)
  isDecodedUnchanged("a schedule", ConnectionsApi.Schedule)
  isDecodedUnchanged("a constant", ConnectionsApi.Constant)
  isDecodedUnchanged("an event", ConnectionsApi.Event)
  isDecodedUnchanged("settings", ConnectionsApi.SyncSettings)
  isDecodedUnchanged("a connection", ConnectionsApi.CreateConnectionRequest)
  isDecodedUnchanged("a change of a connection", ConnectionsApi.UpdateConnectionRequest)
  isDecodedUnchanged("a source", SourcesApi.CreateSourceRequest)
  isDecodedUnchanged("a change of a source", SourcesApi.UpdateSourceRequest)
  isDecodedUnchanged("a list of sources", SourcesApi.ListSourcesQuery)
  isDecodedUnchanged("a preview", SourcesApi.SubmitPreviewRequest)
})

describe("a connection that was created is shown", () => {
  it.effect.prop(
    "with its identifiers first, then its mappings, and its constants by their keys",
    { request: Arbitrary.schema(ConnectionsApi.CreateConnectionRequest) },
    ({ request }) =>
      Effect.gen(function* () {
        const connection = yield* Schema.decodeUnknownEffect(ConnectionsApi.Connection)({ id: "c", ...request })
        const sync = SyncFromWire.snapshot(connection, undefined)
        expect(sync.mapping).toEqual([
          ...request.identifiers.map((entry) => ({ ...entry, isIdentifier: true })),
          ...(request.mappings ?? []),
        ])
        expect(sync.unreadMapping ?? []).toEqual((request.constants ?? []).map(({ key }) => key))
        expect([sync.state, ScheduleCodec.resend(connection.schedule)]).toEqual([
          request.enabled ? "enabled" : "paused",
          request.schedule,
        ])
      }),
  )
})
