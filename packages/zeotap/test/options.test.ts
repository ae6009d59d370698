import { describe, expect, it } from "@effect/vitest"
import * as Refusal from "@openretl/conformance/Refusal"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Ref from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Run } from "@openretl/core/Run"
import { Transport } from "@openretl/core/Transport"
import { Config, ConfigProvider, Effect, Layer, Redacted, Schema, type Scope } from "effect"
import * as Zeotap from "../src/Zeotap.ts"
import * as Fixtures from "./fixtures.ts"
import { onTheWire, recording, token } from "./recordingTransport.ts"

const options: Zeotap.Options = { name: "prod", token: Redacted.make(token), workspaceId: Fixtures.workspaceId }

/** Returns the paths of the problems with which an attempt is refused before anything is sent. */
const refusedPaths = (attempt: Effect.Effect<unknown, RetlError, Scope.Scope>) =>
  Effect.map(Refusal.of(attempt, token), ({ paths }) => paths)

describe("the options", () => {
  it.effect("are refused with all problems at once, before any request, and without the token", () =>
    Effect.gen(function* () {
      const wrong: Zeotap.Options = Object.assign({}, options, {
        name: "prod eu",
        token: Redacted.make(`${token} with spaces`),
        workspaceId: "a b",
        baseUrl: "http://composable.zeotap.com/api/v1",
        rateLimitShare: 2,
        resolveWithin: "for ever",
        statusWords: { drained: "asleep" },
      })
      const expected = [
        "baseUrl",
        "baseUrl",
        "name",
        "rateLimitShare",
        "resolveWithin",
        "statusWords.drained",
        "token",
        "workspaceId",
      ]
      for (const attempt of [Zeotap.client(wrong), Zeotap.workspace(wrong), Layer.build(Zeotap.layer(wrong))]) {
        expect(yield* refusedPaths(attempt)).toEqual(expected)
      }
    }),
  )

  it.effect.each(["", " ", "a b", "é", "a\nb", ".", "..", "x".repeat(256), undefined, 7])(
    "H1: refuse the workspace id %j, which can stand in no path or header",
    (workspaceId) =>
      Effect.gen(function* () {
        const wrong: Zeotap.Options = Object.assign({}, options, { workspaceId })
        expect(yield* refusedPaths(Zeotap.client(wrong))).toEqual(["workspaceId"])
      }),
  )

  it.effect.each([Fixtures.workspaceId, "aae8400-e29b-41d4-a716-446655440000", "acme", "...", "x".repeat(255)])(
    "R5: accept the workspace id %j unchanged",
    (workspaceId) =>
      Effect.gen(function* () {
        const transport = recording({ body: [] })
        const client = yield* Zeotap.client({ ...options, workspaceId }).pipe(
          Effect.provideService(Transport, transport.service),
        )
        yield* client.listRuns("s")
        expect(transport.requests.map(onTheWire)).toMatchObject([
          {
            url: `https://composable.zeotap.com/api/v1/workspaces/${workspaceId}/syncs/s/runs`,
            headers: { "x-workspace-id": workspaceId },
          },
        ])
      }),
  )

  it.effect("with a base URL send requests there", () =>
    Effect.gen(function* () {
      const transport = recording({ body: [] })
      const client = yield* Zeotap.client({ ...options, baseUrl: "https://gateway.example/zeotap" }).pipe(
        Effect.provideService(Transport, transport.service),
      )
      yield* client.listRuns("s")
      expect(transport.requests.map(({ url }) => url)).toEqual([
        `https://gateway.example/zeotap/api/v1/workspaces/${Fixtures.workspaceId}/syncs/s/runs`,
      ])
    }),
  )

  it.effect.each(["https://composable.zeotap.com/api/v1", "https://composable.zeotap.com/api"])(
    "refuse the base URL %s, since every path begins with the rest",
    (baseUrl) =>
      Effect.gen(function* () {
        expect(yield* refusedPaths(Zeotap.client({ ...options, baseUrl }))).toEqual(["baseUrl"])
      }),
  )
})

describe("the layer", () => {
  it.effect("provides the workspace that the options name", () =>
    Effect.gen(function* () {
      const transport = recording({ body: Fixtures.sync })
      const current = yield* Effect.gen(function* () {
        const { name, vendor, capabilities, check } = yield* CurrentWorkspace
        const sync = yield* Zeotap.syncRef("prod", { sync: Fixtures.syncId })
        return { name, vendor, capabilities, access: yield* check(sync) }
      }).pipe(Effect.provide(Zeotap.layer(options)), Effect.provideService(Transport, transport.service))
      expect(current).toEqual({
        name: "prod",
        vendor: "zeotap",
        capabilities: {
          scopes: [],
          cancellation: false,
          whenBusy: "unknown",
          keyedTriggers: false,
          ownSchedule: true,
          catalog: false,
          administration: false,
          creation: false,
          deletion: false,
        },
        access: { shown: expect.stringContaining("which is active") },
      })
      expect(transport.requests).toHaveLength(1)
    }),
  )

  const config: Config.Wrap<Zeotap.Options> = {
    name: Config.succeed("prod"),
    token: Config.Redacted("ZEOTAP_TOKEN"),
    workspaceId: Config.String("ZEOTAP_WORKSPACE_ID"),
    resolveWithin: Config.Duration("RESOLVE_WITHIN").pipe(Config.withDefault(undefined)),
  }

  it.effect("reads its options from the configuration", () =>
    Effect.gen(function* () {
      const transport = recording({ body: Fixtures.workspace })
      const provider = ConfigProvider.fromUnknown({ ZEOTAP_TOKEN: token, ZEOTAP_WORKSPACE_ID: Fixtures.workspaceId })
      const access = yield* Effect.gen(function* () {
        return yield* (yield* CurrentWorkspace).check()
      }).pipe(
        Effect.provide(Zeotap.layerConfig(config)),
        Effect.provideService(ConfigProvider.ConfigProvider, provider),
        Effect.provideService(Transport, transport.service),
      )
      expect(access.identity).toEqual({ id: Fixtures.workspaceId, name: "Acme" })
      expect(transport.requests.map(onTheWire)).toMatchObject([{ headers: { authorization: `Bearer ${token}` } }])
    }),
  )

  it.effect("fails with everything that is missing or wrong in the configuration, at once, before any request", () =>
    Effect.gen(function* () {
      const wrapped = { ...config, name: Config.succeed("prod eu"), baseUrl: Config.String("BASE_URL") }
      const environment = { RESOLVE_WITHIN: "a while", BASE_URL: "https://composable.zeotap.com/api/v1" }
      const attempt = Effect.provideService(
        Layer.build(Zeotap.layerConfig(wrapped)),
        ConfigProvider.ConfigProvider,
        ConfigProvider.fromUnknown(environment),
      )
      const { paths, error } = yield* Refusal.of(attempt, token)
      expect(paths).toEqual(["baseUrl", "name", "resolveWithin", "token", "workspaceId"])
      for (const name of ["ZEOTAP_TOKEN", "ZEOTAP_WORKSPACE_ID", "RESOLVE_WITHIN"]) {
        expect(error.message).toContain(`in ${name}`)
      }
      expect(error.message).not.toContain("a while")
    }),
  )
})

describe("a sync's ref", () => {
  it.effect("comes back from its text", () =>
    Effect.gen(function* () {
      const sync = yield* Zeotap.syncRef("prod", { sync: Fixtures.syncId })
      expect(String(sync)).toBe(`retl1.sync.zeotap.prod.sync.${Fixtures.syncId}`)
      expect(yield* Ref.parseSync(String(sync))).toEqual(sync)
    }),
  )

  it.effect("fails with every problem", () =>
    Effect.gen(function* () {
      expect(yield* refusedPaths(Zeotap.syncRef("prod eu", { sync: "" }))).toEqual(["ids.sync", "workspace"])
    }),
  )
})

describe("nativeOf", () => {
  const run = (vendor: string, payload: unknown = Fixtures.completedRun) =>
    new Run({
      ref: new Ref.RunRef({
        sync: new Ref.SyncRef({ workspace: "w", vendor, ids: { sync: Fixtures.syncId } }),
        run: Fixtures.runId,
      }),
      status: "partial",
      vendorStatus: "completed",
      rows: {},
      native: payload,
    })

  it("returns a run's payload, also after a trip through JSON", () => {
    expect(Zeotap.nativeOf(run("zeotap"))).toEqual(Fixtures.completedRun)
    const codec = Schema.toCodecJson(Run)
    const stored: unknown = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(codec)(run("zeotap"))))
    expect(Zeotap.nativeOf(Schema.decodeUnknownSync(codec)(stored))).toEqual(Fixtures.completedRun)
  })

  it("returns undefined for another vendor's run, and for a payload of another kind", () => {
    expect(Zeotap.nativeOf(run("rudderstack"))).toBeUndefined()
    expect(Zeotap.nativeOf(run("zeotap", null))).toBeUndefined()
  })
})
