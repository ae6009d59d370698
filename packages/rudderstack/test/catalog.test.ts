import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Effect, Stream } from "effect"
import * as RudderStack from "../src/RudderStack.ts"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { open, setup } from "./admin.ts"
import { type Answer, recording, token } from "./recordingTransport.ts"

interface Listed {
  readonly list: Stream.Stream<Sync, RetlError>
}

const listAll = ({ list }: Listed) => Stream.runCollect(list)

const idsOf = (syncs: ReadonlyArray<Sync>) => syncs.map(({ ref }) => ref.ids["connection"])

/** A catalog over a transport that answers from a list. */
const catalogOver = Effect.fnUntraced(function* (...answers: ReadonlyArray<Answer>) {
  const transport = recording(...answers)
  const { catalog } = yield* open({ token, transport: transport.service })
  return { catalog, transport }
})

const noSources = { body: { data: [] } }

describe("the catalog", () => {
  it.effect("K1: lists every connection once, in pages, with the name of its source", () =>
    Effect.gen(function* () {
      const { emulator, catalog, runs } = yield* setup()
      const ids: Array<string | undefined> = []
      for (let count = 0; count < 105; count++) {
        ids.push((yield* emulator.addSync({ name: `Sync ${count}` }))["connection"])
      }
      const syncs = yield* listAll(catalog)
      expect(idsOf(syncs)).toEqual(ids)
      expect(syncs.map(({ connection }) => connection.source?.name)).toEqual(ids.map((_, count) => `Sync ${count}`))
      expect((yield* emulator.calls).map(({ path, query }) => `${path} ${query["page"] ?? ""}`)).toEqual([
        "/v2/retl-connections 1",
        "/v2/retl-sources ",
        "/v2/retl-connections 2",
        "/v2/retl-connections 1",
        "/v2/retl-connections 2",
      ])
      const [first] = syncs
      if (first === undefined) return expect.unreachable()
      yield* runs.trigger(first.ref, { whenRunning: "fail" })
    }),
  )

  it.effect("K1: reads no page before it is pulled", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* setup()
      for (let count = 0; count < 105; count++) yield* emulator.addSync()
      yield* catalog.list.pipe(Stream.take(100), Stream.runDrain)
      expect((yield* emulator.calls).map(({ query }) => query["page"])).toEqual(["1", undefined])
    }),
  )

  it.effect("K1: lists a connection once that moved to the next page meanwhile", () =>
    Effect.gen(function* () {
      const page = (ids: ReadonlyArray<string>, paging: object) => ({
        body: { data: ids.map((id) => ({ id })), paging },
      })
      const next = { next: "/next" }
      const { catalog } = yield* catalogOver(
        page(["a", "b"], next),
        noSources,
        page(["b", "c"], next),
        page([], next),
        page(["d"], {}),
        page([], {}),
        page(["a", "b", "c", "d"], { total: 4 }),
      )
      expect(idsOf(yield* listAll(catalog))).toEqual(["a", "b", "c", "d"])
    }),
  )

  it.effect.each([{ next: "/next" }, { total: 3 }, { total: 1_000, next: "/next" }])(
    "K1: fails where the next page is the same page again, with the paging %j",
    (paging) =>
      Effect.gen(function* () {
        const page = { body: { data: [{ id: "a" }, { id: "b" }], paging } }
        const { catalog, transport } = yield* catalogOver(page, noSources, page)
        const failure = yield* Effect.flip(listAll(catalog))
        expect(failure.reason).toMatchObject({ _tag: "UnexpectedResponse", issues: [{ path: ["page"] }] })
        expect(transport.requests).toHaveLength(3)
      }),
  )

  it.effect.each(RudderStackSwitches.sourceListConfig.values)(
    "K1: reads one connection as the list shows it, with sourceListConfig %s",
    (sourceListConfig) =>
      Effect.gen(function* () {
        const { emulator, catalog } = yield* setup({ switches: { sourceListConfig } })
        yield* emulator.addSync({ schedule: { cron: "0 6 * * *" }, name: "Users" })
        const [listed] = yield* listAll(catalog)
        expect(listed).toMatchObject({
          connection: { source: { name: "Users", kind: "postgres" } },
          state: "enabled",
          vendorState: "enabled",
          mode: "upsert",
          vendorMode: "upsert",
          primaryKey: ["id"],
          mapping: [
            { from: "email", to: "user_id", isIdentifier: true },
            { from: "name", to: "first_name" },
          ],
          schedule: Schedule.cron("0 6 * * *"),
        })
        if (listed === undefined) return expect.unreachable()
        expect(yield* catalog.get(listed.ref)).toEqual(listed)
        expect(RudderStackAdmin.nativeOf(listed)?.syncBehaviour).toBe("upsert")
      }),
  )

  it.effect("K2: leaves out what the vendor does not say, and an odd connection hides no other", () =>
    Effect.gen(function* () {
      const odd = {
        id: "odd",
        enabled: "perhaps",
        syncBehaviour: "append",
        schedule: { type: "lunar", phase: "full", everyMinutes: 7 },
        identifiers: [{ from: "a", to: "b" }, { to: "c" }],
        constants: [{ key: "d", value: "e" }],
      }
      const plain = { id: "plain", sourceId: "s", destinationId: "d", enabled: false }
      const { catalog } = yield* catalogOver(
        { body: { data: [odd, { id: "bare" }, plain], paging: { total: 3 } } },
        { status: 403 },
      )
      const syncs = yield* listAll(catalog)
      expect(syncs.map(({ ref, native, ...fields }) => fields)).toEqual([
        {
          connection: {},
          state: "unknown",
          vendorState: "",
          mode: "unknown",
          vendorMode: "append",
          mapping: [{ from: "a", to: "b", isIdentifier: true }],
          unreadMapping: ["c", "d"],
          unreadSchedule: '{"type":"lunar","everyMinutes":7,"phase":"full"}',
          vendorFields: [
            { field: "mapping.c", value: '{"to":"c"}' },
            { field: "mapping.d", value: 'the constant "e"' },
          ],
          unreadFields: ["enabled"],
        },
        { connection: {}, state: "unknown", vendorState: "", vendorFields: [] },
        {
          ...{
            connection: { source: { id: "s" }, destination: { id: "d" } },
            state: "paused",
            vendorState: "disabled",
          },
          vendorFields: [],
        },
      ])
    }),
  )

  const source = { id: "s", name: "Users", config: { primaryKey: "id" } }

  it.effect.each<[string, ReadonlyArray<Answer>, fields: object, requests: number]>([
    ["a 403 to the list of sources", [{ status: 403 }], {}, 2],
    ["a 404 to the list of sources", [{ status: 404 }], {}, 2],
    ["a 400 to the list of sources", [{ status: 400 }], {}, 2],
    [
      "a list of sources that does not decode, and a source by itself",
      [{ body: { data: [{ name: "without id" }] } }, { body: source }],
      { connection: { source: { id: "s", name: "Users" } }, primaryKey: ["id"] },
      3,
    ],
    ["a 404 to the source", [noSources, { status: 404 }], {}, 3],
  ])("K2: lists a connection despite %s", ([, answers, fields, requests]) =>
    Effect.gen(function* () {
      const connection = { id: "c", sourceId: "s", destinationId: "d" }
      const { catalog, transport } = yield* catalogOver(
        { body: { data: [connection], paging: { total: 1 } } },
        ...answers,
      )
      expect(yield* listAll(catalog)).toMatchObject([{ connection: { source: { id: "s" } }, ...fields }])
      expect(transport.requests).toHaveLength(requests)
    }),
  )

  it.effect("K2: leaves out a source and a destination whose ids cannot be ids", () =>
    Effect.gen(function* () {
      const odd = { id: "odd", sourceId: "x".repeat(256), destinationId: "\ud800" }
      const page = { body: { data: [odd, { id: "plain", destinationId: "d" }] } }
      const { catalog } = yield* catalogOver(page, noSources)
      expect(yield* listAll(catalog)).toMatchObject([{ connection: {} }, { connection: { destination: { id: "d" } } }])
    }),
  )

  it.effect.each([
    ["403", []],
    ["403", ["c"]],
    ["404", []],
    ["404", ["c"]],
  ] as const)(
    "K3: fails with Unsupported, and says what to do, after a %s with the option connections %j",
    ([connectionsList, connections]) =>
      Effect.gen(function* () {
        const { emulator, catalog } = yield* setup({ switches: { connectionsList } }, { connections })
        const { connection = "" } = yield* emulator.addSync()
        const ref = yield* RudderStack.syncRef("prod", { connection })
        const isUnsupported = {
          reason: { _tag: "Unsupported", capability: expect.stringContaining("option `connections`") },
          delivery: "refused",
        }
        expect(yield* Effect.flip(listAll(catalog))).toMatchObject(isUnsupported)
        expect(yield* Effect.flip(catalog.get(ref))).toMatchObject(isUnsupported)
      }),
  )

  it.effect("K3: lists the connections that the options name where only the list is closed", () =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make()
      const ids = [yield* emulator.addSync({ name: "One" }), yield* emulator.addSync({ name: "Two" })]
      const connections = ids.map(({ connection }) => String(connection))
      const { catalog } = yield* open(emulator, { connections })
      yield* emulator.deny(["syncs"])
      const syncs = yield* listAll(catalog)
      expect(idsOf(syncs)).toEqual(connections)
      expect(syncs.map(({ connection }) => connection.source?.name)).toEqual(["One", "Two"])
    }),
  )

  it.effect("K2: skips named connections that are gone, and lists the others once", () =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make()
      const ids = [yield* emulator.addSync(), yield* emulator.addSync()].map(({ connection }) => String(connection))
      const { catalog } = yield* open(emulator, { connections: ["gone", ...ids, ...ids, "gone too"] })
      yield* emulator.deny(["syncs"])
      expect(idsOf(yield* listAll(catalog))).toEqual(ids)
    }),
  )

  it.effect("K3: fails with NotFound for a connection that does not exist", () =>
    Effect.gen(function* () {
      const { catalog } = yield* setup()
      const missing = yield* RudderStack.syncRef("prod", { connection: "nope" })
      expect(yield* Effect.flip(catalog.get(missing))).toMatchObject({ reason: { _tag: "NotFound", what: "sync" } })
    }),
  )
})

describe("the options", () => {
  it.effect("fail with all their problems", () =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make()
      const wrong = open(emulator, { name: "", connections: ["c", "", "x".repeat(256)] })
      expect(yield* Effect.flip(wrong)).toMatchObject({
        reason: {
          _tag: "InvalidRequest",
          issues: [{ path: ["name"] }, { path: ["connections", "1"] }, { path: ["connections", "2"] }],
        },
      })
    }),
  )
})
