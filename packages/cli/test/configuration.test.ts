import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import example from "../../../examples/openretl.json" with { type: "json" }
import * as Config from "../src/Configuration.ts"
import { workspaceOf } from "../src/internal/commands/init.ts"
import { VendorName } from "../src/internal/configuration/vendors.ts"

const env = {
  MARKETING_SEGMENT_TOKEN: "segment-token-1",
  FINANCE_RUDDERSTACK_TOKEN: "rudderstack-token-2",
  LOYALTY_ZEOTAP_TOKEN: "zeotap-token-3",
}

const { workspaces, syncs } = example
/** Decodes an invalid document and returns its problems as text. */
const problemsOf = (document: unknown, environment: Readonly<Record<string, string>> = env) =>
  Config.decode(document, { env: environment }).pipe(
    Effect.flip,
    Effect.map(({ issues }) => issues.map(({ path, message }) => `${path.join(".")}: ${message}`)),
  )

it.effect("the example file is valid", () =>
  Effect.gen(function* () {
    const config = yield* Config.decode(example, { env })
    expect(config.workspaces).toEqual({ marketing: "segment", "finance-eu": "rudderstack", loyalty: "zeotap" })
    expect(config.syncs.map(({ name, ref }) => `${name} ${ref}`)).toEqual([
      "orders-to-crm retl1.sync.rudderstack.finance-eu.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa",
      "audience-to-ads retl1.sync.segment.marketing.model.bw8cHrVTkq1dQwYbGVjYxK.source.rh5BDZp6QDHvXFCkibm1pR.subscription.qHy9dTbhLhkZ3n3UFwnrbK",
      "profiles-to-email retl1.sync.zeotap.loyalty.sync.770e8400-e29b-41d4-a716-446655440000",
    ])
  }),
)

it.effect("what is wrong with a whole document names its file", () =>
  Effect.gen(function* () {
    const folder = mkdtempSync(join(tmpdir(), "openretl-configuration-"))
    yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
    const path = join(folder, "openretl.json")
    writeFileSync(path, "[]")
    const { issues } = yield* Effect.flip(Config.load(path, { env }))
    expect(issues).toMatchObject([{ path: [path], message: "Expected object" }])
  }).pipe(Effect.scoped),
)

const { marketing } = workspaces
const cases: ReadonlyArray<readonly [name: string, document: unknown, problems: ReadonlyArray<string>]> = [
  ["a document that is not an object is rejected", [], [": Expected object"]],
  [
    "an empty document lacks its two fields",
    {},
    ["workspaces: Expected a value: it is missing", "syncs: Expected a value: it is missing"],
  ],
  ["a document needs a workspace", { workspaces: {}, syncs: {} }, ["workspaces: Expected at least one workspace"]],
  [
    "unknown vendors and invalid names are rejected",
    {
      workspaces: { "a b": { ...marketing, vendor: "census" }, c: 7, d: { ...marketing, vendor: "toString" } },
      syncs: {},
    },
    [
      "workspaces.a b: Expected a workspace name: 1 to 64 characters of A-Z a-z 0-9 _ -",
      'workspaces.a b.vendor: Expected "segment" | "rudderstack" | "zeotap" | "hightouch" | "fivetran-activations" | "polytomic"',
      "workspaces.c: Expected object",
      'workspaces.d.vendor: Expected "segment" | "rudderstack" | "zeotap" | "hightouch" | "fivetran-activations" | "polytomic"',
    ],
  ],
  [
    "the options of a workspace are those of its adapter, with durations as text",
    {
      workspaces: {
        a: { ...marketing, baseUrl: "http://api.example.com/" },
        b: { ...marketing, baseUrl: "http://api.example.com/", rateLimitShare: 2, runAppearsWithin: "forever" },
        c: { ...marketing, rateLimitShare: 2 },
        d: { ...workspaces.loyalty, workspaceId: "..", closeWithin: 5_000, region: "us" },
      },
      syncs: {},
    },
    [
      expect.stringMatching(/^workspaces\.a\.baseUrl: Expected an https URL/),
      "workspaces.b.rateLimitShare: Expected a part above 0, at most 1",
      'workspaces.b.runAppearsWithin: Expected a duration, as in "90 seconds"',
      expect.stringMatching(/^workspaces\.b\.baseUrl: Expected an https URL/),
      "workspaces.c.rateLimitShare: Expected a part above 0, at most 1",
      "workspaces.d.region: Expected no field of this name",
      "workspaces.d.closeWithin: Expected string",
      expect.stringMatching(/^workspaces\.d\.workspaceId: Expected the vendor's id/),
    ],
  ],
  [
    "a sync needs either a ref, or a workspace of the file with its ids",
    {
      workspaces,
      syncs: {
        neither: { whenRunning: "fail" },
        both: { ...syncs["orders-to-crm"], workspace: "finance-eu" },
        foreign: { ...syncs["orders-to-crm"], ref: "retl1.sync.rudderstack.elsewhere.connection.1" },
        disguised: { ...syncs["orders-to-crm"], ref: "retl1.sync.rudderstack.marketing.connection.1" },
        run: { ...syncs["orders-to-crm"], ref: "retl1.run.rudderstack.finance-eu.1.-.connection.1" },
        ids: { workspace: "loyalty", ids: { connection: "1" }, whenRunning: "fail" },
        nowhere: { workspace: "elsewhere", ids: { sync: "1" }, whenRunning: "fail" },
        scoped: { ...syncs["profiles-to-email"], scope: "full" },
        policy: { ...syncs["orders-to-crm"], policy: { maxFailedRatio: 3 }, cancelAfter: "soon", labels: { a: 1 } },
        "line\nbreak": syncs["orders-to-crm"],
      },
    },
    [
      "syncs.neither: Expected ref, or workspace and ids",
      "syncs.both: Expected either ref, or workspace and ids",
      "syncs.foreign.ref: Expected a ref of a workspace in this file, not of rudderstack (elsewhere)",
      "syncs.disguised.ref: Expected a ref of a workspace in this file, not of rudderstack (marketing)",
      "syncs.run.ref: Expected a sync ref, not a run ref",
      "syncs.ids.ids.connection: Expected no field of this name",
      "syncs.ids.ids.sync: Expected a value: it is missing",
      "syncs.nowhere.workspace: Expected the name of a workspace in this file",
      "syncs.scoped.scope: Expected no scope: zeotap does not let a caller choose what a run covers",
      "syncs.policy.cancelAfter: Expected no field of this name",
      "syncs.policy.policy.maxFailedRatio: Expected a part from 0 to 1",
      "syncs.policy.labels.a: Expected string",
      "syncs.line\nbreak: Expected a name of 1 to 64 characters of A-Z a-z 0-9 . _ -",
    ],
  ],
  [
    "a misspelled field is rejected by its name, in a policy too",
    {
      workspaces: { ...workspaces, marketing: { ...marketing, rateLimitShar: 0.5 } },
      syncs: {
        sync: { ...syncs["orders-to-crm"], exlusive: true },
        policy: { ...syncs["orders-to-crm"], policy: { maxFailedRatoi: 0.1, minRows: 1 } },
        both: { ...syncs["orders-to-crm"], deadlin: "1 hour", policy: { minRow: 1, maxFailedRatio: 3 } },
      },
    },
    [
      "workspaces.marketing.rateLimitShar: Expected no field of this name",
      "syncs.sync.exlusive: Expected no field of this name",
      "syncs.policy.policy.maxFailedRatoi: Expected no field of this name",
      "syncs.both.deadlin: Expected no field of this name",
      "syncs.both.policy.minRow: Expected no field of this name",
      "syncs.both.policy.maxFailedRatio: Expected a part from 0 to 1",
    ],
  ],
  [
    "a sync of a workspace whose name is invalid is rejected with it",
    {
      workspaces: { "a b": marketing },
      syncs: { sync: { workspace: "a b", ids: { sync: "1" }, whenRunning: "fail" } },
    },
    [
      "workspaces.a b: Expected a workspace name: 1 to 64 characters of A-Z a-z 0-9 _ -",
      "syncs.sync.workspace: Expected a workspace name: 1 to 64 characters of A-Z a-z 0-9 _ -",
    ],
  ],
]

it.effect.each(cases)("F4: %s", ([, document, expected]) =>
  Effect.map(problemsOf(document), (problems) => expect(problems).toEqual(expected)),
)

const tokenProblem =
  "workspaces.marketing.token.env: Expected a token of printable ASCII without spaces in the environment variable MARKETING_SEGMENT_TOKEN"

it.effect("H2: an invalid token is reported without its text", () =>
  Effect.gen(function* () {
    const documents: ReadonlyArray<unknown> = [
      { workspaces: { marketing }, syncs: {} },
      { workspaces: { marketing: { ...marketing, region: "mars" } }, syncs: {} },
    ]
    for (const document of documents) {
      const problems = yield* problemsOf(document, { MARKETING_SEGMENT_TOKEN: "sk-secret\nX-Injected: 1" })
      expect(problems).toContain(tokenProblem)
      expect(problems.join()).not.toMatch(/secret|Injected/)
    }
    // The token stands where the name of its variable belongs.
    const misplaced = { workspaces: { marketing: { ...marketing, token: { env: "sk_secret" } } }, syncs: {} }
    expect(yield* problemsOf(misplaced)).toEqual([
      "workspaces.marketing.token.env: Expected the environment variable to be set: it is not",
    ])
  }),
)

it.effect.each(VendorName.literals)("init lacks nothing that a workspace of %s needs, and keeps the region", (vendor) =>
  Effect.gen(function* () {
    const workspaceId = "660e8400-e29b-41d4-a716-446655440000"
    const workspace = yield* workspaceOf(vendor, { region: "eu", baseUrl: undefined, workspaceId, variable: "TOKEN" })
    yield* Config.decode({ workspaces: { it: workspace }, syncs: {} }, { env: { TOKEN: "a-token" } })
    const elsewhere = { ...workspace, region: "eu" }
    const hasRegion = Exit.isSuccess(
      yield* Effect.exit(Config.decode({ workspaces: { it: elsewhere }, syncs: {} }, { env: { TOKEN: "a-token" } })),
    )
    expect("region" in workspace).toBe(hasRegion)
  }),
)
