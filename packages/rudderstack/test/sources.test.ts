import { describe, expect, it } from "@effect/vitest"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { CreateSourceRequest } from "../src/RudderStackSourcesApi.ts"
import { emulated, failure } from "./emulated.ts"
import { client, recording } from "./recordingTransport.ts"

const nope = { reason: "NotFound", delivery: "refused" }
const refused = { reason: "InvalidRequest", delivery: "not-sent" }

const common = { accountId: "acc123", enabled: true }
const model: CreateSourceRequest = {
  ...common,
  name: "Orders",
  sourceType: "model",
  sourceDefinitionName: "postgres",
  config: { primaryKey: "id", sql: "SELECT * FROM orders", description: "all" },
  externalId: "orders",
}
const table: CreateSourceRequest = {
  ...common,
  name: "Users",
  sourceType: "table",
  sourceDefinitionName: "snowflake",
  config: { primaryKey: "id", schema: "public", table: "users" },
}
const files: CreateSourceRequest = {
  ...common,
  name: "Files",
  sourceType: "table",
  sourceDefinitionName: "s3",
  config: { bucketName: "exports", objectPrefix: "daily/" },
}

describe("the endpoints of sources", () => {
  it.effect("POST /v2/retl-sources: makes a source of each kind, whatever the status of success", () =>
    Effect.gen(function* () {
      for (const createStatus of RudderStackSwitches.createStatus.values) {
        const { client } = yield* emulated({ switches: { createStatus } })
        for (const wanted of [model, table, files]) {
          expect(yield* client.createSource(wanted)).toMatchObject({ ...wanted, id: expect.any(String) })
        }
      }
    }),
  )

  it.effect("POST /v2/retl-sources: a connection from it can be started a little later", () =>
    Effect.gen(function* () {
      for (const newSourceNotFound of RudderStackSwitches.newSourceNotFound.values) {
        const { emulator, client } = yield* emulated({ switches: { newSourceNotFound } })
        const destinationId = String((yield* emulator.addParts())["destination"])
        const { id } = yield* client.createConnection({
          sourceId: (yield* client.createSource(model)).id,
          destinationId,
          enabled: true,
          schedule: { type: "manual" },
          identifiers: [{ from: "id", to: "id" }],
          object: "person",
        })
        const first = yield* Effect.result(client.startSync(id, { syncType: "full" }))
        expect(first._tag).toBe(newSourceNotFound === "never" ? "Success" : "Failure")
        if (first._tag === "Failure")
          expect(first.failure).toMatchObject({ reason: { _tag: "NotFound" }, delivery: "refused" })
        yield* TestClock.adjust("1 hour")
        yield* client.startSync(id, { syncType: "full" })
      }
    }),
  )

  it.effect("GET /v2/retl-sources: lists all, filtered, and knows lists without config", () =>
    Effect.gen(function* () {
      for (const sourceListConfig of RudderStackSwitches.sourceListConfig.values) {
        const { client } = yield* emulated({ switches: { sourceListConfig } })
        for (const wanted of [model, table, files]) yield* client.createSource(wanted)
        const namesOf = (query: Parameters<typeof client.listSources>[0]) =>
          Effect.map(client.listSources(query), ({ data }) => data?.map(({ name }) => name))
        expect(yield* namesOf({})).toEqual(["Orders", "Users", "Files"])
        expect(yield* namesOf({ sourceType: "table" })).toEqual(["Users", "Files"])
        expect(yield* namesOf({ hasExternalId: true })).toEqual(["Orders"])
        const [first] = (yield* client.listSources()).data ?? []
        expect(first?.config).toEqual(sourceListConfig === "present" ? model.config : undefined)
      }
    }),
  )

  it.effect("GET /v2/retl-sources: streams them with one read, when they are pulled", () =>
    Effect.gen(function* () {
      const { client, asked } = yield* emulated()
      yield* client.createSource(model)
      const stream = client.streamSources({ sourceType: "model" })
      expect(yield* asked).toHaveLength(1)
      expect((yield* Stream.runCollect(stream)).map(({ name }) => name)).toEqual(["Orders"])
      expect(yield* asked).toEqual(["POST /v2/retl-sources 200", "GET /v2/retl-sources 200"])
    }),
  )

  it.effect("GET /v2/retl-sources/{id}: reads a source, and says NotFound for another", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* emulated()
      const made = yield* client.createSource(model)
      expect(yield* client.getSource(made.id)).toEqual(made)
      const outside = yield* emulator.addParts("Orders of old")
      expect(yield* client.getSource(String(outside["source"]))).toMatchObject({ name: "Orders of old", enabled: true })
      expect(yield* failure(client.getSource("nope"))).toEqual(nope)
    }),
  )

  it.effect("PUT /v2/retl-sources/{id}: changes a source within its type", () =>
    Effect.gen(function* () {
      const { client } = yield* emulated()
      const made = yield* client.createSource(model)
      const change = {
        name: "Orders 2",
        config: { primaryKey: "key", sql: "SELECT 1" },
        enabled: false,
        accountId: "a2",
      }
      const changed = yield* client.updateSource(made.id, change)
      expect(changed).toEqual({ ...made, ...change })
      expect(yield* client.getSource(made.id)).toEqual(changed)
      const other = { ...change, config: { bucketName: "b" } }
      expect(yield* failure(client.updateSource(made.id, other))).toEqual({
        reason: "InvalidRequest",
        delivery: "refused",
        paths: ["config.bucketName", "config.primaryKey", "config.sql"],
      })
      expect(yield* failure(client.updateSource("nope", change))).toEqual(nope)
    }),
  )

  it.effect("DELETE /v2/retl-sources/{id}: deletes a source, unless a connection uses it", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* emulated()
      const sync = yield* emulator.addSync()
      const used = String((yield* emulator.syncs)[0]?.parts["source"])
      const failed = yield* Effect.flip(client.deleteSource(used))
      expect(failed).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: [], message: "source is connected to some destinations" }] },
        delivery: "refused",
      })
      yield* client.deleteConnection(String(sync["connection"]))
      yield* client.deleteSource(used)
      expect(yield* failure(client.getSource(used))).toEqual(nope)
      expect(yield* failure(client.deleteSource(used))).toEqual(nope)
    }),
  )

  it.effect("PUT /v2/retl-sources/{id}/external-id: sets it, and does not read the answer", () =>
    Effect.gen(function* () {
      const { client } = yield* emulated()
      const { id } = yield* client.createSource(table)
      yield* client.setSourceExternalId(id, { externalId: "users" })
      expect((yield* client.getSource(id)).externalId).toBe("users")
      expect(yield* failure(client.setSourceExternalId("nope", { externalId: "x" }))).toEqual(nope)
      expect(yield* failure(client.setSourceExternalId(id, { externalId: "" }))).toEqual({
        ...refused,
        paths: ["externalId"],
      })
    }),
  )

  it.effect("POST /v2/retl-sources/preview: has a query run, and refuses what is none", () =>
    Effect.gen(function* () {
      const { client, asked } = yield* emulated()
      const { id } = yield* client.submitPreview({ accountId: "acc123", sql: "SELECT * FROM users", limit: 1 })
      expect(id).not.toBe("")
      const wrong = client.submitPreview({ accountId: "", sql: "", limit: 0 })
      expect(yield* failure(wrong)).toEqual({ ...refused, paths: ["accountId", "limit", "sql"] })
      expect(yield* asked).toEqual(["POST /v2/retl-sources/preview 200"])
    }),
  )

  it.effect("GET /v2/retl-sources/preview/{id}: is pending, then has rows or an error", () =>
    Effect.gen(function* () {
      const { client } = yield* emulated()
      const good = yield* client.submitPreview({ accountId: "acc123", sql: "SELECT * FROM users", limit: 1 })
      const bad = yield* client.submitPreview({ accountId: "acc123", sql: "SELEKT" })
      expect(yield* client.getPreview(good.id)).toEqual({ status: "pending" })
      yield* TestClock.adjust("1 minute")
      expect(yield* client.getPreview(good.id)).toEqual({ status: "completed", rows: [{ id: 1, name: "John Doe" }] })
      expect(yield* client.getPreview(bad.id)).toMatchObject({ status: "failed", error: expect.any(String) })
      expect(yield* failure(client.getPreview("nope"))).toEqual(nope)
    }),
  )

  it.effect("say PermissionDenied or NotFound where they are closed", () =>
    Effect.gen(function* () {
      for (const [connectionsList, reason] of [
        ["403", "PermissionDenied"],
        ["404", "NotFound"],
      ] as const) {
        const { client } = yield* emulated({ switches: { connectionsList } })
        const calls = [
          client.createSource(model),
          client.listSources(),
          client.getSource("s"),
          client.updateSource("s", { ...common, name: "n", config: files.config }),
          client.deleteSource("s"),
          client.setSourceExternalId("s", { externalId: "x" }),
          client.submitPreview({ accountId: "a", sql: "SELECT 1" }),
          client.getPreview("p"),
        ]
        for (const call of calls) expect(yield* failure(call)).toEqual({ reason, delivery: "refused" })
      }
    }),
  )
})

describe("H6: a source that is not right is refused with all its problems, and nothing is sent:", () => {
  it.effect.each<[string, object, ReadonlyArray<string>]>([
    [
      "a model",
      { name: "", enabled: 1, config: { sql: "" }, more: 1 },
      ["config.primaryKey", "config.sql", "enabled", "more", "name"],
    ],
    ["a model with a table's config", { config: table.config }, ["config.schema", "config.sql", "config.table"]],
    ["no account", { accountId: undefined }, ["accountId"]],
    ["another type", { sourceType: "audience" }, [""]],
  ])("%s", ([, change, paths]) =>
    Effect.gen(function* () {
      const transport = recording()
      const failed = yield* failure((yield* client(transport)).createSource({ ...model, ...change }))
      expect(failed).toEqual({ ...refused, paths })
      expect(transport.requests).toHaveLength(0)
    }),
  )

  it.effect("a change of what cannot be changed, without what is needed", () =>
    Effect.gen(function* () {
      const transport = recording()
      const change = { name: "n", config: files.config, ...{ sourceType: "table", externalId: "x" } }
      // @ts-expect-error an account and whether it is enabled are missing
      const failed = yield* failure((yield* client(transport)).updateSource("s", change))
      expect(failed).toEqual({ ...refused, paths: ["accountId", "enabled", "externalId", "sourceType"] })
      expect(transport.requests).toHaveLength(0)
    }),
  )
})

describe("H5: answers about sources are read leniently:", () => {
  it.effect("what is not as it should be is left out, and of a config what is not known is kept", () =>
    Effect.gen(function* () {
      const odd = {
        id: "s",
        name: 7,
        config: { primaryKey: ["id"], sql: "SELECT 1", audience: { size: 3 } },
        enabled: null,
        sourceType: "audience",
        createdAt: null,
        secret: "x",
      }
      const api = yield* client(
        recording({ body: odd }, { body: { id: "s", config: "none" } }, { body: { data: null } }),
      )
      expect(yield* api.getSource("s")).toEqual({
        id: "s",
        config: { sql: "SELECT 1", audience: { size: 3 } },
        sourceType: "audience",
      })
      expect(yield* api.getSource("s")).toEqual({ id: "s" })
      expect(yield* Stream.runCollect(api.streamSources())).toEqual([])
    }),
  )

  it.effect("a preview keeps its word, whatever else comes with it", () =>
    Effect.gen(function* () {
      const odd = { status: "expired", rows: [1], error: { message: "no" } }
      const api = yield* client(recording({ body: odd }, { body: {} }))
      expect(yield* api.getPreview("p")).toEqual({ status: "expired" })
      expect(yield* failure(api.getPreview("p"))).toEqual({ reason: "UnexpectedResponse", delivery: "unknown" })
    }),
  )
})
