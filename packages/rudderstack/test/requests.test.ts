/** What is sent is what was asked for: requests survive the way through their readers or schemas, and JSON. */
import { describe, expect, it } from "@effect/vitest"
import * as Reader from "@openretl/core/driver/Reader"
import { request } from "@openretl/core/driver/schema/Reader"
import { VendorId } from "@openretl/core/schema/Ref"
import { Effect, Result, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Fields from "../src/internal/fields.ts"
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
  same("external id", ConnectionsApi.SetExternalIdRequest)
  same("schedule", ConnectionsApi.Schedule)
  same("constant", ConnectionsApi.Constant)
  same("event", ConnectionsApi.Event)
  same("settings", ConnectionsApi.SyncSettings)
  same("connection", ConnectionsApi.CreateConnectionRequest)
  same("change of a connection", ConnectionsApi.UpdateConnectionRequest)
  same("source", SourcesApi.CreateSourceRequest)
  same("change of a source", SourcesApi.UpdateSourceRequest)
  same("list of sources", SourcesApi.ListSourcesQuery)
  same("preview", SourcesApi.SubmitPreviewRequest)
})

const isRead = <A>(name: string, reader: Reader.Reader<A>, requests: Schema.Codec<A>) =>
  it.prop(name, { request: Arbitrary.schema(requests) }, ({ request }) => {
    expect(Result.getOrThrow(Reader.read(reader, request))).toEqual(request)
    expect(Result.getOrThrow(Reader.read(reader, JSON.parse(JSON.stringify(request))))).toEqual(request)
    expect(Reader.problems(reader, { ...request, other: 1 }).map(({ path }) => path)).toEqual([["other"]])
  })

describe("reading what was written gives the same", () => {
  const Instant = Schema.String.check(Schema.isPattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/))
  const FromOne = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }))
  isRead("start", Api.startSyncRequest, Schema.Struct({ syncType: Schema.Literals(["incremental", "full"]) }))
  isRead(
    "list of runs",
    Api.listSyncsQuery,
    Schema.Struct({
      status: Schema.optional(Schema.Literals(["running", "succeeded", "failed"])),
      started_after: Schema.optional(Instant),
      started_before: Schema.optional(Instant),
      per_page: Schema.optional(FromOne),
      page: Schema.optional(FromOne),
    }),
  )
  isRead(
    "list of connections",
    Api.listConnectionsQuery,
    Schema.Struct({
      sourceId: Schema.optional(VendorId),
      destinationId: Schema.optional(VendorId),
      hasExternalId: Schema.optional(Schema.Boolean),
      page: Schema.optional(FromOne),
      pageSize: Schema.optional(FromOne),
    }),
  )
})

describe("what configuring and running both know, they hold to the same", () => {
  it.each(["", "c", "x".repeat(255), "x".repeat(256), "\ud800", "é😀", " "])("id %j", (id) => {
    expect(Reader.problems(request(VendorId), id)).toEqual(Reader.problems(Api.id, id))
  })

  it.each([1, 100, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("number %s", (number) => {
    expect(Reader.problems(request(Fields.WholeFromOne), number)).toEqual(Reader.problems(Api.wholeFromOne, number))
  })
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
