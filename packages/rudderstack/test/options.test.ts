import { describe, expect, it } from "@effect/vitest"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Ref from "@openretl/core/Ref"
import { RetlError } from "@openretl/core/RetlError"
import { Run } from "@openretl/core/Run"
import * as RunSchema from "@openretl/core/schema/Run"
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

const pathsOf = (error: unknown): ReadonlyArray<string> => {
  expect(error).toBeInstanceOf(RetlError)
  const { reason, delivery } = error as RetlError
  expect(delivery).toBe("not-sent")
  return reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path.join(".")).sort() : []
}

describe("the options", () => {
  it.effect("all problems come at once, before any request, and without the token", () =>
    Effect.gen(function* () {
      const transport = recording({ body: {} })
      const wrong = {
        name: "prod eu",
        token: Redacted.make(`${token} with spaces`),
        region: "mars",
        baseUrl: "http://api.rudderstack.com/v2",
        share: 2,
        lookUpFor: "for ever",
        statusWords: { paused: "asleep" },
      } as unknown as RudderStack.Options
      const expected = [
        "baseUrl",
        "baseUrl",
        "defaultScope",
        "lookUpFor",
        "name",
        "region",
        "share",
        "statusWords.paused",
        "token",
      ]
      const attempts: ReadonlyArray<Effect.Effect<unknown, RetlError, Scope.Scope>> = [
        RudderStack.client(wrong),
        RudderStack.workspace(wrong),
        Layer.build(RudderStack.layer(wrong)),
      ]
      for (const attempt of attempts) {
        const failure = yield* attempt.pipe(
          Effect.scoped,
          Effect.provideService(Transport, transport.service),
          Effect.flip,
        )
        expect(pathsOf(failure)).toEqual(expected)
        expect(`${JSON.stringify(failure)}${failure.message}`).not.toContain(token)
      }
      expect(transport.requests).toHaveLength(0)
    }),
  )

  it.effect("T6: there is no scope unless one is named", () =>
    Effect.gen(function* () {
      const { defaultScope: _, ...rest } = options
      // @ts-expect-error the scope is missing
      const failure = yield* Effect.flip(RudderStack.client(rest))
      expect(pathsOf(failure)).toEqual(["defaultScope"])
    }),
  )

  it.effect.each([
    ["us", undefined, "https://api.rudderstack.com"],
    ["eu", undefined, "https://api.eu.rudderstack.com"],
    ["eu", "https://gateway.example/rudderstack", "https://gateway.example/rudderstack"],
  ] as const)("region %s with the base URL %s leads to %s", ([region, baseUrl, expected]) =>
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
    "refuse the base URL %s: the paths bring the version",
    (baseUrl) =>
      Effect.gen(function* () {
        expect(pathsOf(yield* Effect.flip(RudderStack.client({ ...options, baseUrl })))).toEqual(["baseUrl"])
      }),
  )
})

describe("the layer", () => {
  it.effect("is the workspace that the options name", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { syncs: [] } })
      const seen = yield* Effect.gen(function* () {
        const { name, vendor, capabilities, check } = yield* CurrentWorkspace
        const sync = yield* RudderStack.syncRef("prod-eu", { connection: "conn-1" })
        return { name, vendor, capabilities, access: yield* check(sync) }
      }).pipe(Effect.provide(RudderStack.layer(options)), Effect.provideService(Transport, transport.service))
      expect(seen).toEqual({
        name: "prod-eu",
        vendor: "rudderstack",
        capabilities: {
          scopes: ["incremental", "full"],
          cancelling: "sync",
          guard: "vendor",
          ownSchedule: true,
          catalogue: false,
          administration: false,
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
    lookUpFor: Config.Duration("LOOK_UP_FOR").pipe(Config.withDefault(undefined)),
  }

  it.effect("comes from the configuration", () =>
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

  const failureOf = (wrapped: Config.Wrap<RudderStack.Options>, found: object) =>
    Effect.gen(function* () {
      const transport = recording({ body: {} })
      const failure = yield* Layer.build(RudderStack.layerConfig(wrapped)).pipe(
        Effect.scoped,
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(found)),
        Effect.provideService(Transport, transport.service),
        Effect.flip,
      )
      expect(transport.requests).toHaveLength(0)
      return failure
    })

  it.effect("fails with all that the configuration lacks, and all that is wrong, at once", () =>
    Effect.gen(function* () {
      const failure = yield* failureOf(
        { ...config, name: Config.succeed("prod eu"), share: Config.Number("SHARE") },
        { RUDDERSTACK_REGION: "mars", SHARE: "7", LOOK_UP_FOR: "a while" },
      )
      expect(pathsOf(failure)).toEqual(["defaultScope", "lookUpFor", "name", "region", "share", "token"])
      for (const name of ["RUDDERSTACK_TOKEN", "RUDDERSTACK_REGION", "RUDDERSTACK_SCOPE", "LOOK_UP_FOR"]) {
        expect(failure.message).toContain(`in ${name}`)
      }
      expect(failure.message).not.toMatch(/mars|a while/)
    }),
  )

  it.effect("fails once where the options are one configuration that cannot be read", () =>
    Effect.gen(function* () {
      const whole = Config.map(Config.String("NAME"), (name) => ({ ...options, name }))
      expect(pathsOf(yield* failureOf(whole, {}))).toEqual([""])
      expect(pathsOf(yield* failureOf(whole, { NAME: "prod eu" }))).toEqual(["name"])
    }),
  )
})

describe("a sync's ref", () => {
  it.effect("goes to its text and back", () =>
    Effect.gen(function* () {
      const sync = yield* RudderStack.syncRef("prod-eu", { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
      expect(String(sync)).toBe("retl1.sync.rudderstack.prod-eu.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa")
      expect(yield* Ref.parseSync(String(sync))).toEqual(sync)
    }),
  )

  it.effect("names all that is wrong with it", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(RudderStack.syncRef("prod eu", { connection: "" }))
      expect(pathsOf(failure)).toEqual(["ids.connection", "workspace"])
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

  it("opens a run's payload, also after a trip through JSON", () => {
    expect(RudderStack.nativeOf(run("rudderstack"))).toEqual(native)
    const codec = Schema.toCodecJson(RunSchema.Run)
    const stored: unknown = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(codec)(run("rudderstack"))))
    expect(RudderStack.nativeOf(Schema.decodeUnknownSync(codec)(stored))).toEqual(native)
  })

  it("is nothing for another vendor's run, or for a payload of another kind", () => {
    expect(RudderStack.nativeOf(run("segment"))).toBeUndefined()
    expect(RudderStack.nativeOf(run("rudderstack", null))).toBeUndefined()
  })
})
