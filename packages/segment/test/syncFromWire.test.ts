import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Effect, Schema } from "effect"
import * as Settings from "../src/internal/settings.ts"
import { Parts, snapshot } from "../src/internal/syncFromWire.ts"
import * as Samples from "./samples.ts"

const origin = { source: "src", model: "mod" }
const model = { id: "mod", sourceId: "src", name: "Users", enabled: true, queryIdentifierColumn: "id" }
const destination = { id: "dest", enabled: true, name: "", metadata: { name: "HubSpot", slug: "actions-hubspot" } }
const subscription = {
  id: "sub",
  name: "Contacts",
  modelId: "mod",
  enabled: true,
  trigger: 'event = "new"',
  settings: {},
}
const parts: Parts = { subscription, model, destination }

describe("a mapping in core's words", () => {
  it("a mapping has everything that its parts say", () => {
    expect(snapshot(parts, origin)).toEqual({
      ids: { source: "src", model: "mod", subscription: "sub", destination: "dest" },
      name: "Contacts",
      connection: {
        source: { id: "mod", name: "Users", kind: "model" },
        destination: { id: "dest", name: "HubSpot", kind: "actions-hubspot" },
      },
      state: "enabled",
      vendorState: "enabled",
      isSwitchedOn: true,
      mode: "events",
      primaryKey: ["id"],
      mapping: [],
      vendorFields: expect.any(Array),
      native: parts,
    })
  })

  it("K2: a mapping leaves out what its parts do not say", () => {
    expect(snapshot({ subscription: { id: "sub" }, destination: { id: "dest" } }, origin)).toEqual({
      ids: { source: "src", model: "mod", subscription: "sub", destination: "dest" },
      connection: { source: { id: "mod", kind: "model" }, destination: { id: "dest" } },
      state: "unknown",
      vendorState: "",
      mode: "events",
      vendorFields: [],
      native: { subscription: { id: "sub" }, destination: { id: "dest" } },
    })
  })

  it("K2: the real answer of issue 143 and a mapping of Terraform's tests are decoded", () => {
    expect(snapshot({ ...parts, subscription: Samples.realSubscription.data.subscription }, origin)).toMatchObject({
      name: "Upsert Firms",
      mapping: [{ from: "firm_id", to: "id" }],
    })
    const mapping = snapshot({ ...parts, subscription: Samples.terraformMapping.data.subscription }, origin)
    expect([mapping.schedule, mapping.unreadSchedule]).toEqual([
      undefined,
      '{"config":{"interval":"1d"},"strategy":"PERIODIC"}',
    ])
  })

  it.each([
    [{}, "enabled", undefined],
    [{ subscription: { ...subscription, enabled: false } }, "paused", "disabled: mapping"],
    [{ model: { ...model, enabled: false } }, "paused", "disabled: model"],
    [
      { model: { ...model, enabled: false }, destination: { ...destination, enabled: false } },
      "paused",
      "disabled: model, destination",
    ],
    [{ destination: { id: "dest" } }, "unknown", undefined],
  ] as const)("a mapping with %j is %s", (changed, state, stateText) => {
    const mapping = snapshot({ ...parts, ...changed }, origin)
    expect([mapping.state, mapping.stateText]).toEqual([state, stateText])
  })

  it("a mapping whose model is gone has an error", () => {
    const mapping = snapshot({ subscription, destination }, { ...origin, isModelGone: true })
    expect([mapping.state, mapping.stateText]).toEqual(["error", "the model does not exist any more"])
  })

  it("only columns are in the mapping, and everything else that fills a field is unread", () => {
    const settings = {
      email: { "@path": "$.properties.email" },
      phone: { "@template": "{{properties.phone}}" },
      spaced: { "@template": "{{ properties.spaced }}" },
      properties: { plan: { "@path": "$.properties.plan" }, constant: "x" },
      full: { "@template": "{{properties.first}} {{properties.last}}" },
      nested: { "@path": "$.properties.address.city" },
      traits: { "@path": "$.traits.email" },
      if: { "@if": { exists: { "@path": "$.properties.x" } } },
      both: { "@path": "$.properties.x", "@template": "{{properties.x}}" },
      object_type: "contact",
      batch: true,
      list: [{ "@path": "$.properties.x" }],
      nothing: null,
      empty: {},
    }
    const { mapping, unreadMapping } = snapshot({ ...parts, subscription: { ...subscription, settings } }, origin)
    expect(mapping).toEqual([
      { from: "email", to: "email" },
      { from: "phone", to: "phone" },
      { from: "spaced", to: "spaced" },
      { from: "plan", to: "properties.plan" },
    ])
    expect(unreadMapping).toEqual([
      "properties.constant",
      "full",
      "nested",
      "traits",
      "if",
      "both",
      "object_type",
      "batch",
      "list",
      "nothing",
      "empty",
    ])
  })

  it("a mapping names the masked settings of its destination", () => {
    const settings = { apiKey: "••••••••••dada", retarget: true, oauth: { secret: "••••", list: ["a", "•"] } }
    expect(snapshot({ ...parts, destination: { ...destination, settings } }, origin).maskedSettings).toEqual([
      "settings.apiKey",
      "settings.oauth.secret",
      "settings.oauth.list.1",
    ])
  })

  it("a mapping has its schedule", () => {
    const reverseETLSchedule = { strategy: "periodic", config: { interval: "1h" } }
    const mapping = snapshot({ ...parts, subscription: { ...subscription, reverseETLSchedule } }, origin)
    expect(mapping.schedule).toEqual(Schedule.every("1 hour"))
  })

  it.effect.prop(
    "K2: the translation accepts every decoded answer",
    { some: Schema.Json, other: Schema.Json },
    ({ some, other }) =>
      Effect.gen(function* () {
        const odd = yield* Schema.decodeUnknownEffect(Parts)({
          subscription: { id: "s", name: some, enabled: other, settings: some, reverseETLSchedule: other },
          model: { id: "m", sourceId: "s", name: other, queryIdentifierColumn: some },
          destination: { id: "d", enabled: some, name: other, settings: other, metadata: some },
        })
        expect(snapshot(odd, origin).ids).toEqual({ source: "src", model: "mod", subscription: "s", destination: "d" })
      }),
  )
})

describe("settings", () => {
  it.each([
    [{ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 }, true, true],
    [{ a: 1, more: 2 }, { a: 1 }, true, false],
    [{ a: 1 }, { a: 1, b: undefined }, true, false],
    [{ a: [1] }, { a: [1, 2] }, false, false],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, false, false],
    [{ a: null }, { a: {} }, false, false],
    [{ a: "••••" }, { a: "secret" }, true, false],
    [{ a: "••••" }, { a: "••••" }, true, true],
    [{ a: ["••••"] }, { a: ["secret"] }, true, false],
  ])("settings %j include %j: %s; are equal: %s", (shown, wanted, includes, equal) => {
    expect([Settings.includes(shown, wanted), Settings.equal(shown, wanted, "other")]).toEqual([includes, equal])
  })

  it("a masked setting equals any value once it was accepted", () => {
    expect(Settings.equal({ a: ["••••"], b: 1 }, { a: ["secret"], b: 1 }, "wanted")).toBe(true)
    expect(Settings.equal({ a: ["••••"], b: 1 }, { a: ["secret"], b: 2 }, "wanted")).toBe(false)
  })
})
