/** Sends and decodes every sample that a source shows of an endpoint. `fixtures.ts` says where each is from. */
import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { Effect } from "effect"
import type { RudderStackClient } from "../src/RudderStackClient.ts"
import * as Fixtures from "./fixtures.ts"
import { client, onTheWire, recording } from "./recordingTransport.ts"

const identifiers = [{ from: "email", to: "user_id" }]
const minimal = {
  sourceId: "retl-src-123",
  destinationId: "dest-456",
  enabled: true,
  schedule: { type: "manual" },
  identifiers,
} as const
const { id: _, createdAt: __, updatedAt: ___, ...source } = Fixtures.source

type Sample = readonly [
  name: string,
  call: (api: RudderStackClient) => Effect.Effect<unknown, RetlError>,
  sent: object | undefined,
  answer: object | "",
]

const samples: ReadonlyArray<Sample> = [
  ["a start", (api) => api.startSync("c", { syncType: "incremental" }), { syncType: "incremental" }, Fixtures.started],
  ["a page of runs", (api) => api.listSyncs("c"), undefined, Fixtures.syncsPage],
  ["a run", (api) => api.getSync("c", "<sync_id>"), undefined, Fixtures.runningSync],
  [
    "a create with everything",
    (api) => api.createConnection(Fixtures.connectionCreate),
    Fixtures.connectionCreate,
    Fixtures.connectionCreated,
  ],
  ["the smallest create", (api) => api.createConnection(minimal), minimal, Fixtures.manualConnection],
  [
    "a create with cron",
    (api) => api.createConnection(Fixtures.cronCreate),
    Fixtures.cronCreate,
    { ...Fixtures.manualConnection, schedule: Fixtures.cronCreate.schedule },
  ],
  ["a connection", (api) => api.getConnection("conn-1"), undefined, Fixtures.connectionCreated],
  [
    "an update that clears",
    (api) => api.updateConnection("conn-1", Fixtures.connectionUpdate),
    Fixtures.connectionUpdate,
    Fixtures.connectionUpdated,
  ],
  ["a page of connections", (api) => api.listConnections(), undefined, Fixtures.connectionsPage],
  ["an empty page of connections", (api) => api.listConnections(), undefined, Fixtures.noConnections],
  [
    "a create of a source",
    (api) =>
      api.createSource({
        name: "Test Source",
        config: Fixtures.source.config,
        sourceType: "model",
        sourceDefinitionName: "postgres",
        accountId: "acc123",
        enabled: true,
        externalId: "ext-123",
      }),
    source,
    Fixtures.source,
  ],
  ["a source", (api) => api.getSource("src1"), undefined, Fixtures.source],
  ["a list of sources", (api) => api.listSources(), undefined, { data: [Fixtures.source] }],
  [
    "a preview that is requested",
    (api) => api.submitPreview(Fixtures.previewRequest),
    Fixtures.previewRequest,
    Fixtures.previewSubmitted,
  ],
  ...Fixtures.previews.map(
    (preview): Sample => [`a ${preview.status} preview`, (api) => api.getPreview("req123"), undefined, preview],
  ),
]

describe("a sample", () => {
  it.effect.each(samples)("%s", ([, call, sent, answer]) =>
    Effect.gen(function* () {
      const transport = recording({ body: answer })
      expect(yield* call(yield* client(transport))).toEqual(answer)
      const [request] = transport.requests.map(onTheWire)
      expect(request?.body === undefined ? undefined : JSON.parse(request.body)).toEqual(sent)
    }),
  )

  it.effect("a running run from the tests of the Airflow provider", () =>
    Effect.gen(function* () {
      const api = yield* client(recording({ body: Fixtures.airflowRunning }))
      expect(yield* api.getSync("c", Fixtures.airflowRunning.id)).toEqual(Fixtures.airflowRunning)
    }),
  )

  it.effect.each(Fixtures.refusals)("a refusal: %s %j", ([status, body, paths]) =>
    Effect.gen(function* () {
      const api = yield* client(recording({ status, body }))
      const error = yield* Effect.flip(api.createConnection(minimal))
      expect(error.message).toContain(body.error)
      expect(error.reason._tag).toBe(status === 400 ? "InvalidRequest" : "Unavailable")
      if (error.reason._tag === "InvalidRequest") {
        expect(error.reason.issues.map(({ path }) => path.join("."))).toEqual(paths)
      }
    }),
  )

  it.effect.each<Sample>([
    [
      "a connection's external id",
      (api) => api.setConnectionExternalId("conn-1", { externalId: "ext-123" }),
      Fixtures.sourceExternalId,
      Fixtures.connectionExternalId,
    ],
    [
      "a source's external id",
      (api) => api.setSourceExternalId("src1", { externalId: "ext-123" }),
      Fixtures.sourceExternalId,
      Fixtures.sourceExternalId,
    ],
    [
      "a connection's external id with an empty answer",
      (api) => api.setConnectionExternalId("conn-1", { externalId: "ext-123" }),
      Fixtures.sourceExternalId,
      "",
    ],
    [
      "a source's external id with an empty answer",
      (api) => api.setSourceExternalId("src1", { externalId: "ext-123" }),
      Fixtures.sourceExternalId,
      "",
    ],
  ])("%s, whose answer is not read", ([, call, sent, body]) =>
    Effect.gen(function* () {
      const transport = recording({ body })
      expect(yield* call(yield* client(transport))).toBeUndefined()
      expect(transport.requests.map(onTheWire).map((request) => JSON.parse(request.body ?? ""))).toEqual([sent])
    }),
  )
})
