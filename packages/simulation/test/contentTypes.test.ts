/** Gateways refuse a POST, PUT or PATCH without a content type, also where it needs no body. */
import { describe, expect, it } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import * as FivetranActivationsAdmin from "@openretl/fivetran-activations/FivetranActivationsAdmin"
import * as HightouchAdmin from "@openretl/hightouch/HightouchAdmin"
import * as PolytomicAdmin from "@openretl/polytomic/PolytomicAdmin"
import * as RudderStackClient from "@openretl/rudderstack/RudderStackClient"
import * as SegmentClient from "@openretl/segment/SegmentClient"
import * as ZeotapAdmin from "@openretl/zeotap/ZeotapAdmin"
import { Effect, Redacted } from "effect"
import { documented } from "../../../docs/adapters/all.ts"
import type { AdapterFolder } from "../../../scripts/adapters.ts"

const settings = { workspace: "prod", token: Redacted.make("token-1") }
const schedule = { type: "manual" } as const

const ofSegment = Effect.map(SegmentClient.make({ ...settings, baseUrl: "https://api.segmentapis.com" }), (client) => ({
  createModel: client.createModel({
    ...{ sourceId: "s", name: "n", description: "d", enabled: true },
    ...{ query: "SELECT 1", queryIdentifierColumn: "id" },
  }),
  updateModel: client.updateModel("m", { name: "n" }),
  createManualSync: client.createManualSync({ sourceId: "s", modelId: "m", subscriptionId: "x" }),
  cancelSync: client.cancelSync("m", "1"),
  createDestination: client.createDestination({ sourceId: "s", metadataId: "k", settings: {} }),
  updateDestination: client.updateDestination("d", { name: "n" }),
  createSubscription: client.createSubscription("d", { name: "n", actionId: "a", trigger: "t", enabled: false }),
  updateSubscription: client.updateSubscription("d", "x", { input: { name: "n" } }),
}))

const ofRudderStack = Effect.map(
  RudderStackClient.make({ ...settings, baseUrl: "https://api.rudderstack.com/v2" }),
  (client) => ({
    startSync: client.startSync("c", { syncType: "full" }),
    stopSync: client.stopSync("c"),
    createConnection: client.createConnection({
      ...{
        sourceId: "s",
        destinationId: "d",
        enabled: false,
        schedule,
        syncBehaviour: "upsert",
        event: { type: "identify" },
      },
      ...{ identifiers: [{ from: "id", to: "user_id" }], mappings: [{ from: "name", to: "name" }] },
    }),
    updateConnection: client.updateConnection("c", { schedule }),
    setConnectionExternalId: client.setConnectionExternalId("c", { externalId: "x" }),
    createSource: client.createSource({
      ...{ name: "n", sourceType: "model", sourceDefinitionName: "postgres", accountId: "a", enabled: true },
      config: { primaryKey: "id", sql: "SELECT 1" },
    }),
    updateSource: client.updateSource("s", {
      ...{ name: "n", accountId: "a", enabled: true, config: { primaryKey: "id", sql: "SELECT 1" } },
    }),
    setSourceExternalId: client.setSourceExternalId("s", { externalId: "x" }),
    submitPreview: client.submitPreview({ accountId: "a", sql: "SELECT 1" }),
  }),
)

const ofZeotap = Effect.map(
  ZeotapAdmin.client({ name: "prod", token: settings.token, workspaceId: "550e8400-e29b-41d4-a716-446655440000" }),
  (client) => ({
    createSync: client.createSync({
      ...{ name: "n", model_id: "m", destination_id: "d", sync_mode: "upsert", primary_key: "id" },
      field_mapping: [{ source_column: "a", destination_field: "b" }],
    }),
    updateSync: client.updateSync("s", { name: "n" }),
    triggerSync: client.triggerSync("s"),
  }),
)

const ofHightouch = Effect.map(
  HightouchAdmin.client({ name: "prod", token: settings.token, defaultScope: "incremental" }),
  (client) => ({
    createSync: client.createSync({
      ...{ slug: "s", modelId: "1", destinationId: "2", configuration: {}, schedule: null, disabled: true },
    }),
    updateSync: client.updateSync("1", { disabled: true }),
    triggerSync: client.triggerSync("1", {}),
  }),
)

const ofFivetranActivations = Effect.map(
  FivetranActivationsAdmin.client({ name: "prod", token: settings.token, defaultScope: "incremental" }),
  (client) => ({
    updateSync: client.updateSync("1", { paused: true }),
    triggerSync: client.triggerSync("1"),
    cancelRun: client.cancelRun("1"),
  }),
)

const ofPolytomic = Effect.map(
  PolytomicAdmin.client({ name: "prod", token: settings.token, defaultScope: "incremental" }),
  (client) => ({
    startSync: client.startSync("s", {}, "a-key-of-a-trigger"),
    cancelExecution: client.cancelExecution("s", "e"),
    activateSync: client.activateSync("s", { active: true }),
    updateSync: client.updateSync("s", { name: "n", mode: "create", target: {}, fields: [], schedule: {} }),
  }),
)

type Calls = Readonly<Record<string, Effect.Effect<unknown, unknown>>>

const writes: Readonly<Record<AdapterFolder, Effect.Effect<Calls, unknown>>> = {
  segment: ofSegment,
  rudderstack: ofRudderStack,
  zeotap: ofZeotap,
  hightouch: ofHightouch,
  polytomic: ofPolytomic,
  "fivetran-activations": ofFivetranActivations,
}

describe.each(documented)("$title", ({ folder, endpoints: { rows } }) => {
  it.effect("sends a content type and a body with every POST, PUT and PATCH that it has", () =>
    Effect.gen(function* () {
      const endpoints = rows.filter(([endpoint]) => /^(?:POST|PUT|PATCH) /.test(endpoint))
      const transport = RecordingTransport.make(...endpoints.map(() => ({ status: 500 })))
      const calls = yield* Effect.provideService(writes[folder], Transport, transport.service)
      expect(Object.keys(calls).sort()).toEqual(endpoints.map(([, name]) => name).sort())
      for (const call of Object.values(calls)) yield* Effect.flip(call)
      expect(transport.requests).toHaveLength(endpoints.length)
      for (const { headers, body, method, url } of transport.requests) {
        expect(headers["content-type"], `${method} ${url}`).toMatch(/^application\/(?:vnd\.segment\.v1\w*\+)?json$/)
        expect(body).toMatch(/^\{/)
      }
    }),
  )
})
