import { describe, expect, it } from "@effect/vitest"
import * as Refusal from "@openretl/conformance/Refusal"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Ref from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Run } from "@openretl/core/Run"
import { Transport } from "@openretl/core/Transport"
import { Config, ConfigProvider, Effect, Layer, Redacted, Schema, type Scope } from "effect"
import * as Segment from "../src/Segment.ts"
import { onTheWire, recording, token } from "./recordingTransport.ts"

const options: Segment.Options = {
  name: "prod-eu",
  token: Redacted.make(token),
  region: "eu",
}

const ids = { source: "src", model: "mod", subscription: "sub" }

/** Returns the paths of what is refused, before anything is sent. */
const wrongIn = (attempt: Effect.Effect<unknown, RetlError, Scope.Scope>) =>
  Effect.map(Refusal.of(attempt, token), ({ paths }) => paths)

describe("the options", () => {
  it.effect("options are refused with all problems at once, before any request and without the token", () =>
    Effect.gen(function* () {
      const wrong = {
        name: "prod eu",
        token: Redacted.make(`${token} with spaces`),
        region: "mars",
        baseUrl: "http://api.segmentapis.com/v1",
        rateLimitShare: 2,
        resolveWithin: "for ever",
        statusWords: { paused: "asleep" },
      } as unknown as Segment.Options
      const expected = [
        "baseUrl",
        "baseUrl",
        "name",
        "rateLimitShare",
        "region",
        "resolveWithin",
        "statusWords.paused",
        "token",
      ]
      for (const attempt of [Segment.client(wrong), Segment.workspace(wrong), Layer.build(Segment.layer(wrong))]) {
        expect(yield* wrongIn(attempt)).toEqual(expected)
      }
    }),
  )

  it.effect("T6: options with a scope are refused, since the vendor has none", () =>
    Effect.gen(function* () {
      const scoped = { ...options, defaultScope: "full" }
      expect(yield* wrongIn(Segment.workspace(scoped))).toEqual(["defaultScope"])
    }),
  )

  it.effect.each([
    ["us", undefined, "https://api.segmentapis.com"],
    ["eu", undefined, "https://eu1.api.segmentapis.com"],
    ["eu", "https://gateway.example/segment", "https://gateway.example/segment"],
  ] as const)("region %s with the base URL %s leads to %s", ([region, baseUrl, expected]) =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { workspace: { id: "w" } } } })
      const client = yield* Segment.client({ ...options, region, ...(baseUrl !== undefined && { baseUrl }) }).pipe(
        Effect.provideService(Transport, transport.service),
      )
      yield* client.getWorkspace
      expect(transport.requests.map(({ url }) => url)).toEqual([`${expected}/`])
    }),
  )

  it.effect.each(["https://api.segmentapis.com/v1", "https://gateway.example/v2"])(
    "options refuse the base URL %s, since the media type carries the version",
    (baseUrl) =>
      Effect.gen(function* () {
        expect(yield* wrongIn(Segment.client({ ...options, baseUrl }))).toEqual(["baseUrl"])
      }),
  )
})

describe("the layer", () => {
  it.effect("the layer provides the workspace of the options", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { syncStatuses: [] } } })
      const shown = yield* Effect.gen(function* () {
        const { name, vendor, capabilities, check } = yield* CurrentWorkspace
        const sync = yield* Segment.syncRef("prod-eu", ids)
        return { name, vendor, capabilities, access: yield* check(sync) }
      }).pipe(Effect.provide(Segment.layer(options)), Effect.provideService(Transport, transport.service))
      expect(shown).toEqual({
        name: "prod-eu",
        vendor: "segment",
        capabilities: {
          scopes: [],
          cancellation: "run",
          whenBusy: "unknown",
          keyedTriggers: false,
          ownSchedule: false,
          catalog: false,
          administration: false,
          creation: false,
          deletion: false,
        },
        access: { shown: expect.stringContaining("runs of this mapping") },
      })
      expect(transport.requests).toHaveLength(1)
    }),
  )

  const config: Config.Wrap<Segment.Options> = {
    name: Config.succeed("prod-eu"),
    token: Config.Redacted("SEGMENT_TOKEN"),
    region: Config.Literals(["us", "eu"], "SEGMENT_REGION"),
    resolveWithin: Config.Duration("LOOK_UP_FOR").pipe(Config.withDefault(undefined)),
  }

  it.effect("layerConfig reads the options from the configuration", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { syncStatuses: [] } } })
      const provider = ConfigProvider.fromUnknown({
        SEGMENT_TOKEN: token,
        SEGMENT_REGION: "us",
      })
      yield* Effect.gen(function* () {
        const sync = yield* Segment.syncRef("prod-eu", ids)
        yield* (yield* CurrentWorkspace).check(sync)
      }).pipe(
        Effect.provide(Segment.layerConfig(config)),
        Effect.provideService(ConfigProvider.ConfigProvider, provider),
        Effect.provideService(Transport, transport.service),
      )
      expect(transport.requests.map(onTheWire)).toMatchObject([
        {
          url: "https://api.segmentapis.com/reverse-etl-models/mod/subscriptionId/sub/syncs?count=1",
          headers: { authorization: `Bearer ${token}` },
        },
      ])
    }),
  )

  const built = (wrapped: Config.Wrap<Segment.Options>, values: object) =>
    Effect.provideService(
      Layer.build(Segment.layerConfig(wrapped)),
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown(values),
    )

  it.effect("layerConfig fails with all missing and all wrong options at once", () =>
    Effect.gen(function* () {
      const attempt = built(
        { ...config, name: Config.succeed("prod eu"), rateLimitShare: Config.Number("SHARE") },
        { SEGMENT_REGION: "mars", SHARE: "7", LOOK_UP_FOR: "a while" },
      )
      const { paths, error } = yield* Refusal.of(attempt, token)
      expect(paths).toEqual(["name", "rateLimitShare", "region", "resolveWithin", "token"])
      for (const name of ["SEGMENT_TOKEN", "SEGMENT_REGION", "LOOK_UP_FOR", "SHARE"]) {
        expect(error.message).toContain(`in ${name}`)
      }
      expect(error.message).toContain("in SEGMENT_TOKEN, which is not set")
      expect(error.message).not.toMatch(/mars|a while/)
    }),
  )

  it.effect("layerConfig fails once where the options are one configuration", () =>
    Effect.gen(function* () {
      const whole = Config.map(Config.String("NAME"), (name) => ({ ...options, name }))
      expect(yield* wrongIn(built(whole, {}))).toEqual([""])
      expect(yield* wrongIn(built(whole, { NAME: "prod eu" }))).toEqual(["name"])
    }),
  )
})

describe("a sync's ref", () => {
  it.effect("a ref survives the trip through its text", () =>
    Effect.gen(function* () {
      const sync = yield* Segment.syncRef("prod-eu", ids)
      expect(String(sync)).toBe("retl1.sync.segment.prod-eu.model.mod.source.src.subscription.sub")
      expect(yield* Ref.parseSync(String(sync))).toEqual(sync)
    }),
  )

  it.effect("syncRef fails with all problems at once", () =>
    Effect.gen(function* () {
      const wrong = { source: "", model: "m".repeat(256), subscription: "sub" }
      expect(yield* wrongIn(Segment.syncRef("prod eu", wrong))).toEqual(["ids.model", "ids.source", "workspace"])
    }),
  )
})

describe("nativeOf", () => {
  const native = { syncId: "1", syncStatus: "SUCCESS", duration: "1m30s", loadPhase: { deliverSuccessCount: 3 } }
  const run = (vendor: string, payload: unknown = native) =>
    new Run({
      ref: new Ref.RunRef({ sync: new Ref.SyncRef({ workspace: "w", vendor, ids }), run: "1" }),
      status: "succeeded",
      vendorStatus: "SUCCESS",
      rows: {},
      native: payload,
    })

  it("nativeOf returns a run's payload, also after a trip through JSON", () => {
    expect(Segment.nativeOf(run("segment"))).toEqual(native)
    const codec = Schema.toCodecJson(Run)
    const stored: unknown = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(codec)(run("segment"))))
    expect(Segment.nativeOf(Schema.decodeUnknownSync(codec)(stored))).toEqual(native)
  })

  it("nativeOf returns undefined for another vendor's run, and for a payload that does not fit", () => {
    expect(Segment.nativeOf(run("rudderstack"))).toBeUndefined()
    expect(Segment.nativeOf(run("segment", null))).toBeUndefined()
  })
})
