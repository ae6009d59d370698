import { describe, expect, it } from "@effect/vitest"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { CreateSourceRequest } from "../src/RudderStackSourcesApi.ts"
import { emulated, failure } from "./emulated.ts"
import { client, recording } from "./recordingTransport.ts"

const isNotFound = { reason: "NotFound", delivery: "refused" }
const isRefused = { reason: "InvalidRequest", delivery: "not-sent" }

const shared = { accountId: "acc123", enabled: true }
const model: CreateSourceRequest = {
  ...shared,
  name: "Orders",
  sourceType: "model",
  sourceDefinitionName: "postgres",
  config: { primaryKey: "id", sql: "SELECT * FROM orders", description: "all" },
  externalId: "orders",
}
const table: CreateSourceRequest = {
  ...shared,
  name: "Users",
  sourceType: "table",
  sourceDefinitionName: "snowflake",
  config: { primaryKey: "id", schema: "public", table: "users" },
}
const files: CreateSourceRequest = {
  ...shared,
  name: "Files",
  sourceType: "table",
  sourceDefinitionName: "s3",
  config: { bucketName: "exports", objectPrefix: "daily/" },
}

describe("the endpoints of sources", () => {
  it.effect("POST /v2/retl-sources: creates a source of each kind", () =>
    Effect.gen(function* () {
      const { client } = yield* emulated()
      const id = expect.any(String)
      expect(yield* client.createSource(model)).toMatchObject({ ...model, id })
      expect(yield* client.createSource(table)).toMatchObject({ ...table, id })
      expect(yield* client.createSource(files)).toMatchObject({ ...files, id })
    }),
  )

  it.effect.each(RudderStackSwitches.createStatus.values)(
    "POST /v2/retl-sources: creates a source, with createStatus %s",
    (createStatus) =>
      Effect.gen(function* () {
        const { client } = yield* emulated({ switches: { createStatus } })
        expect(yield* client.createSource(model)).toMatchObject(model)
      }),
  )

  it.effect.each(RudderStackSwitches.newSourceNotFound.values)(
    "POST /v2/retl-sources: a connection of the source can be started a little later, with newSourceNotFound %s",
    (newSourceNotFound) =>
      Effect.gen(function* () {
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
        if (first._tag === "Failure") {
          expect(first.failure).toMatchObject({ reason: { _tag: "NotFound" }, delivery: "refused" })
        }
        yield* TestClock.adjust("1 hour")
        yield* client.startSync(id, { syncType: "full" })
      }),
  )

  it.effect("GET /v2/retl-sources: lists all sources, filtered", () =>
    Effect.gen(function* () {
      const { client } = yield* emulated()
      for (const source of [model, table, files]) yield* client.createSource(source)
      const namesOf = (query: Parameters<typeof client.listSources>[0]) =>
        Effect.map(client.listSources(query), ({ data }) => data?.map(({ name }) => name))
      expect(yield* namesOf({})).toEqual(["Orders", "Users", "Files"])
      expect(yield* namesOf({ sourceType: "table" })).toEqual(["Users", "Files"])
      expect(yield* namesOf({ hasExternalId: true })).toEqual(["Orders"])
    }),
  )

  it.effect.each(RudderStackSwitches.sourceListConfig.values)(
    "GET /v2/retl-sources: decodes a list whose config is %s",
    (sourceListConfig) =>
      Effect.gen(function* () {
        const { client } = yield* emulated({ switches: { sourceListConfig } })
        yield* client.createSource(model)
        const [first] = (yield* client.listSources()).data ?? []
        expect(first?.config).toEqual(sourceListConfig === "present" ? model.config : undefined)
      }),
  )

  it.effect("GET /v2/retl-sources: streams all sources with one read, when they are pulled", () =>
    Effect.gen(function* () {
      const { client, requests } = yield* emulated()
      yield* client.createSource(model)
      const stream = client.streamSources({ sourceType: "model" })
      expect(yield* requests).toHaveLength(1)
      expect((yield* Stream.runCollect(stream)).map(({ name }) => name)).toEqual(["Orders"])
      expect(yield* requests).toEqual(["POST /v2/retl-sources 200", "GET /v2/retl-sources 200"])
    }),
  )

  it.effect("GET /v2/retl-sources/{id}: reads a source, and fails with NotFound for an unknown one", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* emulated()
      const created = yield* client.createSource(model)
      expect(yield* client.getSource(created.id)).toEqual(created)
      const existing = yield* emulator.addParts("Orders of old")
      expect(yield* client.getSource(String(existing["source"]))).toMatchObject({
        name: "Orders of old",
        enabled: true,
      })
      expect(yield* failure(client.getSource("nope"))).toEqual(isNotFound)
    }),
  )

  it.effect("PUT /v2/retl-sources/{id}: changes a source within its type", () =>
    Effect.gen(function* () {
      const { client } = yield* emulated()
      const created = yield* client.createSource(model)
      const change = {
        name: "Orders 2",
        config: { primaryKey: "key", sql: "SELECT 1" },
        enabled: false,
        accountId: "a2",
      }
      const changed = yield* client.updateSource(created.id, change)
      expect(changed).toEqual({ ...created, ...change })
      expect(yield* client.getSource(created.id)).toEqual(changed)
      const ofAnotherType = { ...change, config: { bucketName: "b" } }
      expect(yield* failure(client.updateSource(created.id, ofAnotherType))).toEqual({
        reason: "InvalidRequest",
        delivery: "refused",
        paths: ["config.bucketName", "config.primaryKey", "config.sql"],
      })
      expect(yield* failure(client.updateSource("nope", change))).toEqual(isNotFound)
    }),
  )

  it.effect("DELETE /v2/retl-sources/{id}: deletes a source, unless a connection uses it", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* emulated()
      const sync = yield* emulator.addSync()
      const used = String((yield* emulator.syncs)[0]?.parts["source"])
      expect(yield* Effect.flip(client.deleteSource(used))).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: [], message: "source is connected to some destinations" }] },
        delivery: "refused",
      })
      yield* client.deleteConnection(String(sync["connection"]))
      yield* client.deleteSource(used)
      expect(yield* failure(client.getSource(used))).toEqual(isNotFound)
      expect(yield* failure(client.deleteSource(used))).toEqual(isNotFound)
    }),
  )

  it.effect("PUT /v2/retl-sources/{id}/external-id: sets the id, and does not read the answer", () =>
    Effect.gen(function* () {
      const { client } = yield* emulated()
      const { id } = yield* client.createSource(table)
      yield* client.setSourceExternalId(id, { externalId: "users" })
      expect((yield* client.getSource(id)).externalId).toBe("users")
      expect(yield* failure(client.setSourceExternalId("nope", { externalId: "x" }))).toEqual(isNotFound)
      expect(yield* failure(client.setSourceExternalId(id, { externalId: "" }))).toEqual({
        ...isRefused,
        paths: ["externalId"],
      })
    }),
  )

  it.effect("POST /v2/retl-sources/preview: requests a preview, and refuses a wrong request", () =>
    Effect.gen(function* () {
      const { client, requests } = yield* emulated()
      const { id } = yield* client.submitPreview({ accountId: "acc123", sql: "SELECT * FROM users", limit: 1 })
      expect(id).not.toBe("")
      const wrong = client.submitPreview({ accountId: "", sql: "", limit: 0 })
      expect(yield* failure(wrong)).toEqual({ ...isRefused, paths: ["accountId", "limit", "sql"] })
      expect(yield* requests).toEqual(["POST /v2/retl-sources/preview 200"])
    }),
  )

  it.effect("GET /v2/retl-sources/preview/{id}: reads a preview, which is pending and then has rows or an error", () =>
    Effect.gen(function* () {
      const { client } = yield* emulated()
      const good = yield* client.submitPreview({ accountId: "acc123", sql: "SELECT * FROM users", limit: 1 })
      const bad = yield* client.submitPreview({ accountId: "acc123", sql: "SELEKT" })
      expect(yield* client.getPreview(good.id)).toEqual({ status: "pending" })
      yield* TestClock.adjust("1 minute")
      expect(yield* client.getPreview(good.id)).toEqual({ status: "completed", rows: [{ id: 1, name: "John Doe" }] })
      expect(yield* client.getPreview(bad.id)).toMatchObject({ status: "failed", error: expect.any(String) })
      expect(yield* failure(client.getPreview("nope"))).toEqual(isNotFound)
    }),
  )

  it.effect.each([
    ["403", "PermissionDenied"],
    ["404", "NotFound"],
  ] as const)("fail after a %s with %s where they are closed", ([connectionsList, reason]) =>
    Effect.gen(function* () {
      const { client } = yield* emulated({ switches: { connectionsList } })
      const calls = [
        client.createSource(model),
        client.listSources(),
        client.getSource("s"),
        client.updateSource("s", { ...shared, name: "n", config: files.config }),
        client.deleteSource("s"),
        client.setSourceExternalId("s", { externalId: "x" }),
        client.submitPreview({ accountId: "a", sql: "SELECT 1" }),
        client.getPreview("p"),
      ]
      for (const call of calls) expect(yield* failure(call)).toEqual({ reason, delivery: "refused" })
    }),
  )
})

describe("H6: a wrong request about a source fails with all its problems before anything is sent:", () => {
  it.effect.each<[string, object, ReadonlyArray<string>]>([
    [
      "fields of a model",
      { name: "", enabled: 1, config: { sql: "" }, more: 1 },
      ["config.primaryKey", "config.sql", "enabled", "more", "name"],
    ],
    ["the config of a table for a model", { config: table.config }, ["config.schema", "config.sql", "config.table"]],
    ["a missing account", { accountId: undefined }, ["accountId"]],
    ["an unknown type", { sourceType: "audience" }, [""]],
  ])("a create with %s", ([, changes, paths]) =>
    Effect.gen(function* () {
      const transport = recording()
      const refusal = yield* failure((yield* client(transport)).createSource({ ...model, ...changes }))
      expect(refusal).toEqual({ ...isRefused, paths })
      expect(transport.requests).toHaveLength(0)
    }),
  )

  it.effect("an update with fixed fields, and without required ones", () =>
    Effect.gen(function* () {
      const transport = recording()
      const change = { name: "n", config: files.config, ...{ sourceType: "table", externalId: "x" } }
      // @ts-expect-error an account and whether it is enabled are missing
      const refusal = yield* failure((yield* client(transport)).updateSource("s", change))
      expect(refusal).toEqual({ ...isRefused, paths: ["accountId", "enabled", "externalId", "sourceType"] })
      expect(transport.requests).toHaveLength(0)
    }),
  )
})

describe("H5: the answer about", () => {
  it.effect("a source loses fields that do not fit, and keeps unlisted fields of its config", () =>
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

  it.effect("a preview keeps an unlisted word, and loses fields that do not fit", () =>
    Effect.gen(function* () {
      const odd = { status: "expired", rows: [1], error: { message: "no" } }
      const api = yield* client(recording({ body: odd }, { body: {} }))
      expect(yield* api.getPreview("p")).toEqual({ status: "expired" })
      expect(yield* failure(api.getPreview("p"))).toEqual({ reason: "UnexpectedResponse", delivery: "unknown" })
    }),
  )
})
