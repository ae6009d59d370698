import { describe, expect, it } from "@effect/vitest"
import * as Refusal from "@openretl/conformance/Refusal"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Ref from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Run } from "@openretl/core/Run"
import { Transport } from "@openretl/core/Transport"
import { Config, ConfigProvider, Effect, Layer, Redacted, Schema, type Scope } from "effect"
import * as RudderStack from "../src/RudderStack.ts"
import { onTheWire, recording, token } from "./recordingTransport.ts"

const options: RudderStack.Options = {
  name: "prod-eu",
  token: Redacted.make(token),
  region: "eu",
  defaultScope: "incremental",
}

/** Returns the paths of the issues with which an attempt fails before anything is sent. */
const issuePaths = (attempt: Effect.Effect<unknown, RetlError, Scope.Scope>) =>
  Effect.map(Refusal.of(attempt, token), ({ paths }) => paths)

describe("the options", () => {
  it.effect("fail with all their problems at once, before any request, and without the token", () =>
    Effect.gen(function* () {
      const wrong = {
        name: "prod eu",
        token: Redacted.make(`${token} with spaces`),
        region: "mars",
        baseUrl: "http://api.rudderstack.com/v2",
        maxBytes: 1_023,
        pageSize: 1.5,
        rateLimitShare: 2,
        resolveWithin: "for ever",
        statusWords: { paused: "asleep" },
      } as unknown as RudderStack.Options
      const expected = [
        "baseUrl",
        "baseUrl",
        "defaultScope",
        "maxBytes",
        "name",
        "pageSize",
        "rateLimitShare",
        "region",
        "resolveWithin",
        "statusWords.paused",
        "token",
      ]
      for (const attempt of [
        RudderStack.client(wrong),
        RudderStack.workspace(wrong),
        Layer.build(RudderStack.layer(wrong)),
      ]) {
        expect(yield* issuePaths(attempt)).toEqual(expected)
      }
    }),
  )

  it.effect("T6: fail without a default scope", () =>
    Effect.gen(function* () {
      const { defaultScope: _, ...withoutScope } = options
      // @ts-expect-error the scope is missing
      const attempt = RudderStack.client(withoutScope)
      expect(yield* issuePaths(attempt)).toEqual(["defaultScope"])
    }),
  )

  it.effect.each([
    ["us", undefined, "https://api.rudderstack.com"],
    ["eu", undefined, "https://api.eu.rudderstack.com"],
    ["eu", "https://gateway.example/rudderstack", "https://gateway.example/rudderstack"],
  ] as const)("with the region %s and the base URL %s lead to %s", ([region, baseUrl, expected]) =>
    Effect.gen(function* () {
      const transport = recording({ status: 204 })
      const client = yield* RudderStack.client({ ...options, region, ...(baseUrl !== undefined && { baseUrl }) }).pipe(
        Effect.provideService(Transport, transport.service),
      )
      yield* client.stopSync("conn-1")
      expect(transport.requests.map(({ url }) => url)).toEqual([`${expected}/v2/retl-connections/conn-1/stop`])
    }),
  )

  it.effect.each(["https://api.rudderstack.com/v2", "https://gateway.example/v1"])(
    "fail with the base URL %s, because the paths bring the version",
    (baseUrl) =>
      Effect.gen(function* () {
        expect(yield* issuePaths(RudderStack.client({ ...options, baseUrl }))).toEqual(["baseUrl"])
      }),
  )
})

describe("the layer", () => {
  it.effect("provides the workspace of the options", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { syncs: [] } })
      const workspace = yield* Effect.gen(function* () {
        const { name, vendor, capabilities, check } = yield* CurrentWorkspace
        const sync = yield* RudderStack.syncRef("prod-eu", { connection: "conn-1" })
        return { name, vendor, capabilities, access: yield* check(sync) }
      }).pipe(Effect.provide(RudderStack.layer(options)), Effect.provideService(Transport, transport.service))
      expect(workspace).toEqual({
        name: "prod-eu",
        vendor: "rudderstack",
        capabilities: {
          scopes: ["incremental", "full"],
          cancellation: "sync",
          whenBusy: "refuses",
          keyedTriggers: false,
          ownSchedule: true,
          catalog: false,
          administration: false,
          creation: false,
          deletion: false,
        },
        access: { shown: expect.stringContaining("runs of this connection") },
      })
      expect(transport.requests).toHaveLength(1)
    }),
  )

  const config: Config.Wrap<RudderStack.Options> = {
    name: Config.succeed("prod-eu"),
    token: Config.Redacted("RUDDERSTACK_TOKEN"),
    region: Config.Literals(["us", "eu"], "RUDDERSTACK_REGION"),
    defaultScope: Config.Literals(["incremental", "full"], "RUDDERSTACK_SCOPE"),
    resolveWithin: Config.Duration("LOOK_UP_FOR").pipe(Config.withDefault(undefined)),
  }

  it.effect("reads its options from the configuration", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { syncs: [] } })
      const provider = ConfigProvider.fromUnknown({
        RUDDERSTACK_TOKEN: token,
        RUDDERSTACK_REGION: "us",
        RUDDERSTACK_SCOPE: "full",
      })
      yield* Effect.gen(function* () {
        const sync = yield* RudderStack.syncRef("prod-eu", { connection: "conn-1" })
        yield* (yield* CurrentWorkspace).check(sync)
      }).pipe(
        Effect.provide(RudderStack.layerConfig(config)),
        Effect.provideService(ConfigProvider.ConfigProvider, provider),
        Effect.provideService(Transport, transport.service),
      )
      expect(transport.requests.map(onTheWire)).toMatchObject([
        {
          url: "https://api.rudderstack.com/v2/retl-connections/conn-1/syncs?per_page=1&page=1",
          headers: { authorization: `Bearer ${token}` },
        },
      ])
    }),
  )

  const build = (wrapped: Config.Wrap<RudderStack.Options>, environment: object) =>
    Effect.provideService(
      Layer.build(RudderStack.layerConfig(wrapped)),
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown(environment),
    )

  it.effect("fails at once with everything that the configuration lacks or has wrong", () =>
    Effect.gen(function* () {
      const attempt = build(
        { ...config, name: Config.succeed("prod eu"), rateLimitShare: Config.Number("SHARE") },
        { RUDDERSTACK_REGION: "mars", SHARE: "7", LOOK_UP_FOR: "a while" },
      )
      const { paths, error } = yield* Refusal.of(attempt, token)
      expect(paths).toEqual(["defaultScope", "name", "rateLimitShare", "region", "resolveWithin", "token"])
      for (const name of ["RUDDERSTACK_TOKEN", "RUDDERSTACK_REGION", "RUDDERSTACK_SCOPE", "LOOK_UP_FOR"]) {
        expect(error.message).toContain(`in ${name}`)
      }
      expect(error.message).not.toMatch(/mars|a while/)
    }),
  )

  it.effect("fails with one issue where the options are one configuration that cannot be read", () =>
    Effect.gen(function* () {
      const wholeOptions = Config.map(Config.String("NAME"), (name) => ({ ...options, name }))
      expect(yield* issuePaths(build(wholeOptions, {}))).toEqual([""])
      expect(yield* issuePaths(build(wholeOptions, { NAME: "prod eu" }))).toEqual(["name"])
    }),
  )
})

describe("the ref of a sync", () => {
  it.effect("is parsed from its text form unchanged", () =>
    Effect.gen(function* () {
      const sync = yield* RudderStack.syncRef("prod-eu", { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
      expect(String(sync)).toBe("retl1.sync.rudderstack.prod-eu.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa")
      expect(yield* Ref.parseSync(String(sync))).toEqual(sync)
    }),
  )

  it.effect("fails with an issue for each wrong field", () =>
    Effect.gen(function* () {
      expect(yield* issuePaths(RudderStack.syncRef("prod eu", { connection: "" }))).toEqual([
        "ids.connection",
        "workspace",
      ])
    }),
  )
})

describe("nativeOf", () => {
  const native = { id: "run-1", status: "succeeded", metrics: { changed: { total: 3 } } }
  const run = (vendor: string, payload: unknown = native) =>
    new Run({
      ref: new Ref.RunRef({
        sync: new Ref.SyncRef({ workspace: "w", vendor, ids: { connection: "c" } }),
        run: "run-1",
      }),
      status: "succeeded",
      vendorStatus: "succeeded",
      rows: {},
      native: payload,
    })

  it("returns the payload of a run, also of one that was stored as JSON", () => {
    expect(RudderStack.nativeOf(run("rudderstack"))).toEqual(native)
    const codec = Schema.toCodecJson(Run)
    const stored: unknown = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(codec)(run("rudderstack"))))
    expect(RudderStack.nativeOf(Schema.decodeUnknownSync(codec)(stored))).toEqual(native)
  })

  it("returns undefined for a run of another vendor, and for a payload that does not decode", () => {
    expect(RudderStack.nativeOf(run("segment"))).toBeUndefined()
    expect(RudderStack.nativeOf(run("rudderstack", null))).toBeUndefined()
  })
})
