/** Fleets of workspaces that are opened with them, from options and from the configuration. */
import { describe, expect, it } from "@effect/vitest"
import { Config, ConfigProvider, Context, Effect, Layer, Redacted, Schema } from "effect"
import * as Adapter from "../src/Adapter.ts"
import { CurrentWorkspace } from "../src/CurrentWorkspace.ts"
import * as Options from "../src/driver/Options.ts"
import * as Fleet from "../src/Fleet.ts"
import { JournalError, NotAJournal } from "../src/model/JournalError.ts"
import { type InvalidRequest, JournalFailed } from "../src/model/Reason.ts"
import { RetlError } from "../src/model/RetlError.ts"
import * as FakeDriver from "./support/fakeDriver.ts"

const VendorOptions = Schema.Struct({ ...Options.fields, ...Options.connectionFields })

const fake = FakeDriver.make()

/** The adapter of the fake vendor. */
const Fake = Adapter.make({
  vendor: "fake",
  options: VendorOptions,
  ids: FakeDriver.Ids,
  native: Schema.Unknown,
  connect: () => Effect.succeed({}),
  driver: () => fake.driver,
})

const crm = Fake.workspaceConfig({ name: "crm", token: Config.Redacted("CRM_TOKEN"), closeWithin: 0 })
const ads = Fake.workspaceConfig({
  name: "ads",
  token: Config.Redacted("ADS_TOKEN"),
  rateLimitShare: Config.Number("ADS_SHARE"),
  closeWithin: Config.Duration("CLOSE"),
})
const opening = { crm, ads }

class Vendors extends Context.Service<Vendors, Fleet.Of<typeof opening>>()("test/Vendors") {
  static readonly layer = Fleet.layer(Vendors, opening)
}

const withVariables = (env: Readonly<Record<string, string>>) =>
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))

const issuesOf = (error: RetlError) =>
  (error.reason as InvalidRequest).issues.map(({ path, message }) => `${path.join(".")}: ${message}`)

describe("a fleet that is opened", () => {
  it.effect("F1: its layer provides it, with the services that each workspace has", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const fleet = yield* Vendors
        return yield* fleet.in("crm")(Effect.map(CurrentWorkspace, ({ name }) => name))
      })
      const variables = { CRM_TOKEN: "t", ADS_TOKEN: "t", ADS_SHARE: "0.5", CLOSE: "0 seconds" }
      expect(yield* program.pipe(Effect.provide(Vendors.layer), withVariables(variables))).toBe("crm")
    }),
  )

  it.effect("F4: all problems of all workspaces are named at once: what is not set, and what is wrong", () =>
    Effect.gen(function* () {
      const variables = { ADS_TOKEN: "a token with spaces", ADS_SHARE: "7", CLOSE: "secret" }
      const error = yield* Effect.flip(Layer.build(Vendors.layer).pipe(withVariables(variables)))
      expect(error).toMatchObject({ vendor: "fleet", operation: "open", delivery: "not-sent" })
      expect(issuesOf(error)).toEqual([
        "crm.token: Expected a value in CRM_TOKEN, which is not set, or empty",
        expect.stringMatching(/^ads\.closeWithin: Expected .*, in CLOSE$/),
        "ads.rateLimitShare: Expected a part above 0, at most 1, in ADS_SHARE",
        expect.stringMatching(/^ads\.token: Expected a Redacted token .*, in ADS_TOKEN$/),
      ])
      expect(error.message).not.toMatch(/secret|with spaces/)
    }),
  )

  it.effect("F4: a workspace under another name is named with the problems of the others", () =>
    Effect.gen(function* () {
      const token = Redacted.make("t")
      const good = Fake.workspace({ name: "crm", token, closeWithin: 0 })
      const bad = Fake.workspace({ name: "a d s", token })
      const error = yield* Effect.flip(Fleet.open({ one: good, ads: bad }))
      expect(issuesOf(error)).toEqual([
        'one: Expected the workspace\'s name, "crm"',
        expect.stringMatching(/^ads\.name: Expected a workspace name/),
      ])
      expect(issuesOf(yield* Effect.flip(Fleet.open({ one: good })))).toHaveLength(1)
    }),
  )

  it.effect("F4: an error of another kind goes first", () =>
    Effect.gen(function* () {
      const reason = new NotAJournal({ instead: "a picture" })
      const failed = new JournalFailed({ error: new JournalError({ store: "SQLite", operation: "open", reason }) })
      const broken = RetlError.notSent({ workspace: "b", vendor: "fake", operation: "configure", reason: failed })
      const bad = Fake.workspace({ name: "a d s", token: Redacted.make("t") })
      expect(yield* Effect.flip(Fleet.open({ ads: bad, b: Effect.fail(broken) }))).toBe(broken)
    }),
  )

  it.effect("F3: a workspace may have the name __proto__", () =>
    Effect.gen(function* () {
      const workspace = Fake.workspace({ name: "__proto__", token: Redacted.make("t"), closeWithin: 0 })
      const fleet = yield* Fleet.open({ ["__proto__"]: workspace })
      expect(Object.keys(fleet.workspaces)).toEqual(["__proto__"])
      expect(Object.keys(yield* fleet.each(Effect.void))).toEqual(["__proto__"])
    }),
  )
})
