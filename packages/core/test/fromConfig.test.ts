import { describe, expect, it } from "@effect/vitest"
import { Config, ConfigProvider, Duration, Effect, Redacted, Schema } from "effect"
import * as FromConfig from "../src/driver/FromConfig.ts"
import type { Options } from "../src/driver/Options.ts"
import * as Journal from "../src/journal/Journal.ts"

interface Example extends Options {
  readonly token: Redacted.Redacted | Effect.Effect<Redacted.Redacted>
  readonly region: string
}

const env = { REGION: "eu", TOKEN: "secret-in-the-environment", LOOK: "3 minutes" }

const read = (wrapped: FromConfig.Wrap<Example>, variables: Readonly<Record<string, string>> = env) =>
  FromConfig.read(wrapped).pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env: variables })),
  )

describe("options from the configuration", () => {
  it.effect("H6: any option may be a Config, at any depth, and other values are kept", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const token = Effect.succeed(Redacted.make("t"))
      const { options, issues } = yield* read({
        name: "prod",
        token,
        region: Config.String("REGION"),
        resolveWithin: Config.Duration("LOOK"),
        statusWords: { drained: Config.succeed("succeeded" as const), halted: Config.succeed("failed" as const) },
        journal,
      })
      expect(issues).toEqual([])
      expect(options).toEqual({
        name: "prod",
        token,
        region: "eu",
        resolveWithin: Duration.minutes(3),
        statusWords: { drained: "succeeded", halted: "failed" },
        journal,
      })
      // An Effect that yields the token stays one, to be run again after a 401.
      expect(options).toHaveProperty("token", token)
      expect(options).toHaveProperty("journal", journal)
    }),
  )

  it.effect("H6: all unreadable options are named together, with their sources and without values", () =>
    Effect.gen(function* () {
      const wrapped = {
        name: "prod",
        token: Config.Redacted("TOKEN"),
        region: Config.String("REGION"),
        resolveWithin: Config.Duration("LOOK"),
      }
      const { issues } = yield* read(wrapped, { TOKEN: "secret-in-the-environment", LOOK: "secret-too" })
      expect(issues.map(({ path }) => path.join("."))).toEqual(["region", "resolveWithin"])
      expect(issues.map(({ message }) => message).join()).toMatch(/in REGION.*in LOOK/)
      expect(JSON.stringify(issues)).not.toContain("secret")
    }),
  )

  it.effect("F4: a variable that is not set, or empty, is another problem than one with a wrong value", () =>
    Effect.gen(function* () {
      const wrapped = {
        name: "prod",
        token: Config.nested(Config.Redacted("TOKEN"), "CRM"),
        region: Config.Literals(["us", "eu"], "REGION"),
        resolveWithin: Config.Duration("LOOK"),
        rateLimitShare: Config.Number("SHARE"),
        readTimeout: Config.Duration("TIMEOUT").pipe(Config.withDefault(undefined)),
      }
      const { issues } = yield* read(wrapped, { REGION: "mars", LOOK: "", SHARE: "much" })
      expect(issues).toEqual([
        { path: ["token"], message: "Expected a value in CRM.TOKEN, which is not set, or empty" },
        { path: ["region"], message: 'Expected "us" | "eu", in REGION' },
        { path: ["resolveWithin"], message: "Expected a value in LOOK, which is not set, or empty" },
        { path: ["rateLimitShare"], message: expect.stringMatching(/^Expected a string .*, in SHARE$/) },
      ])
    }),
  )

  it.effect("F4: a part of a group that is not set is named, and a whole configuration names what it lacks", () =>
    Effect.gen(function* () {
      const words = Config.schema(Schema.Struct({ drained: Schema.Literals(["failed"]) }), "WORDS")
      const wrapped = { name: "prod", token: Redacted.make("t"), region: "eu", statusWords: words }
      const provider = ConfigProvider.fromUnknown({ WORDS: { halted: "failed" } })
      const { issues } = yield* Effect.provideService(FromConfig.read(wrapped), ConfigProvider.ConfigProvider, provider)
      expect(issues).toEqual([
        { path: ["statusWords"], message: "Expected a value in WORDS.drained, which is not set, or empty" },
      ])
      const whole = Config.map(Config.String("NAME"), (name) => ({ name, token: Redacted.make("t"), region: "eu" }))
      expect((yield* read(whole, {})).issues).toEqual([
        { path: [], message: "Expected a value in NAME, which is not set, or empty" },
      ])
    }),
  )

  it.effect("F4: a part, and a part of a part, may have the name __proto__", () =>
    Effect.gen(function* () {
      const { options } = yield* read({
        name: "prod",
        token: Redacted.make("t"),
        region: "eu",
        ["__proto__"]: Config.String("REGION"),
        statusWords: { ["__proto__"]: Config.succeed("failed" as const) },
      } as never)
      expect(Object.keys(options)).toContain("__proto__")
      expect(Object.entries(Object(Reflect.get(options, "statusWords")))).toEqual([["__proto__", "failed"]])
    }),
  )

  it.effect("F4: a record in an option that cannot be read stands for itself: decoding the option names it", () =>
    Effect.gen(function* () {
      const statusWords = {
        get drained(): never {
          throw new Error("secret")
        },
      }
      const wrapped = { name: "prod", token: Redacted.make("t"), region: "eu", statusWords }
      const { options, issues } = yield* read(wrapped)
      expect(issues).toEqual([])
      expect(Reflect.get(options, "statusWords")).toBe(statusWords)
    }),
  )

  it.effect.each([[undefined], [null], ["text"]])("F4: %j in place of options has no parts", ([wrapped]) =>
    Effect.gen(function* () {
      expect(yield* read(wrapped as never)).toMatchObject({ issues: [] })
    }),
  )

  it("a Config is recognized without loading `effect/Config`", () => {
    const configs = [Config.String("A"), Config.succeed(1), Config.Redacted("A").pipe(Config.withDefault(undefined))]
    for (const value of [...configs, Effect.succeed(1), Redacted.make("a"), "a", {}, undefined]) {
      expect(typeof value === "object" && "~effect/Config" in value).toBe(Config.isConfig(value))
    }
  })
})
