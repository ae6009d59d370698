import { describe, expect, it } from "@effect/vitest"
import { RetlError } from "@openretl/core/RetlError"
import { Cause, Effect, Exit, Schema, Stream } from "effect"
import type { RudderStackClient } from "../src/RudderStackClient.ts"
import { type Answer, client, recording } from "./recordingTransport.ts"

/** Every function of the client that the workspace's driver does not use. */
const everything = (api: RudderStackClient, id: string): ReadonlyArray<Effect.Effect<unknown, RetlError>> => [
  api.createConnection({
    sourceId: "s",
    destinationId: "d",
    enabled: false,
    schedule: { type: "manual" },
    identifiers: [],
  }),
  api.getConnection(id),
  api.updateConnection(id, { schedule: { type: "manual" } }),
  api.deleteConnection(id),
  api.setConnectionExternalId(id, { externalId: "e" }),
  api.getSource(id),
  api.updateSource(id, { name: "n", config: { bucketName: "b" }, enabled: true, accountId: "a" }),
  api.deleteSource(id),
  api.setSourceExternalId(id, { externalId: "e" }),
  api.getPreview(id),
  api.submitPreview({ accountId: "a", sql: "SELECT 1" }),
  Stream.runDrain(Stream.take(api.streamSources(), 3)),
  Stream.runDrain(Stream.take(api.streamConnections({ maxPages: 1 }), 3)),
  Stream.runDrain(Stream.take(api.streamSyncs("c", { maxPages: 1 }), 3)),
]

const outcomes = Effect.fnUntraced(function* (answer: Answer, id = "id-1") {
  const transport = recording(answer)
  const exits = yield* Effect.forEach(everything(yield* client(transport), id), Effect.exit)
  return { exits, requests: transport.requests }
})

const isTyped = (exit: Exit.Exit<unknown, RetlError>): boolean =>
  Exit.isSuccess(exit) ||
  exit.cause.reasons.every((reason) => Cause.isFailReason(reason) && reason.error instanceof RetlError)

const nasty = ["../", "..", ".", "a/../b", "?x=1", "#", "a\nb", "%2e%2e", "\\..\\", "@evil.example", "😀", "\u0000"]

describe("the clients of connections and sources", () => {
  it.effect.prop(
    "H1: ids never change the origin or the path, or are refused unsent",
    { id: Schema.Union([Schema.Literals(nasty), Schema.String]) },
    ({ id }) =>
      Effect.gen(function* () {
        const { exits, requests } = yield* outcomes({ body: {} }, id)
        expect(exits.every(isTyped)).toBe(true)
        for (const { url } of requests) {
          const { origin, pathname, hash } = new URL(url)
          expect([origin, hash]).toEqual(["https://api.rudderstack.com", ""])
          const [version, root = "", ...rest] = pathname.slice(1).split("/").map(decodeURIComponent)
          expect([version, ["retl-connections", "retl-sources"].includes(root)]).toEqual(["v2", true])
          for (const part of rest) expect([id, "preview", "external-id", "c", "syncs"]).toContain(part)
        }
      }),
  )

  const statuses = Schema.Union([
    Schema.Literals([200, 201, 204, 400, 401, 403, 404, 409, 429, 500]),
    Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })),
  ])

  it.effect.prop("H5: any JSON ends in a value or a RetlError", { status: statuses, body: Schema.Json }, (answer) =>
    Effect.gen(function* () {
      const { exits } = yield* outcomes({ status: answer.status, body: JSON.stringify(answer.body) })
      expect(exits.every(isTyped)).toBe(true)
    }),
  )

  it.effect.prop(
    "H5: so does JSON of about the right shape",
    { status: statuses, some: Schema.Json, other: Schema.Json, text: Schema.String },
    ({ status, some, other, text }) =>
      Effect.gen(function* () {
        const one = {
          id: text,
          sourceId: some,
          enabled: other,
          schedule: { type: text, everyMinutes: some, cronExpression: other },
          syncSettings: { syncLogsConfig: some, failedKeysConfig: { enableFailedKeysRetry: other } },
          identifiers: [some, { from: other, to: text }],
          mappings: some,
          constants: [{ key: some, value: other }],
          event: some,
          config: { primaryKey: some, [text]: other },
          status: text,
          rows: [some, other],
          syncs: [{ id: text, status: text, metrics: some }],
        }
        const body = { ...one, data: [one, one], paging: { next: some, total: other } }
        const { exits } = yield* outcomes({ status, body: JSON.stringify(body) })
        expect(exits.every(isTyped)).toBe(true)
      }),
  )
})
