import { describe, expect, it } from "@effect/vitest"
import { Config, ConfigProvider, Duration, Effect, Redacted } from "effect"
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
      expect(yield* read(wrapped as never)).toEqual({ options: expect.anything(), issues: [] })
    }),
  )

  it("a Config is recognized without loading `effect/Config`", () => {
    const configs = [Config.String("A"), Config.succeed(1), Config.Redacted("A").pipe(Config.withDefault(undefined))]
    for (const value of [...configs, Effect.succeed(1), Redacted.make("a"), "a", {}, undefined]) {
      expect(typeof value === "object" && "~effect/Config" in value).toBe(Config.isConfig(value))
    }
  })
})
