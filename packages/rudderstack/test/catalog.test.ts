import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import { Transport } from "@openretl/core/Transport"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Effect, Stream } from "effect"
import * as RudderStack from "../src/RudderStack.ts"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { admin, setup } from "./admin.ts"
import { recording } from "./recordingTransport.ts"

const all = (catalog: { readonly list: Stream.Stream<unknown, RetlError> }) => Stream.runCollect(catalog.list)

describe("the catalog", () => {
  it.effect("K1: tells every connection once, in pages, with what its source is called", () =>
    Effect.gen(function* () {
      const { emulator, catalog, runs } = yield* setup()
      const ids: Array<string | undefined> = []
      for (let count = 0; count < 105; count++)
        ids.push((yield* emulator.addSync({ name: `Sync ${count}` }))["connection"])
      const found = yield* Stream.runCollect(catalog.list)
      expect(found.map(({ ref }) => ref.ids["connection"])).toEqual(ids)
      expect(found.map(({ connection }) => connection.source?.name)).toEqual(ids.map((_, count) => `Sync ${count}`))
      expect((yield* emulator.calls).map(({ path, query }) => `${path} ${query["page"] ?? ""}`)).toEqual([
        "/v2/retl-connections 1",
        "/v2/retl-sources ",
        "/v2/retl-connections 2",
      ])
      const [first] = found
      expect(first === undefined).toBe(false)
      if (first !== undefined) yield* runs.trigger(first.ref, { whenRunning: "fail" })
    }),
  )

  it.effect("K1: reads no page that is not pulled", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* setup()
      for (let count = 0; count < 105; count++) yield* emulator.addSync()
      yield* catalog.list.pipe(Stream.take(100), Stream.runDrain)
      expect((yield* emulator.calls).map(({ query }) => query["page"])).toEqual(["1", undefined])
    }),
  )

  it.effect("K1: tells a connection once that has moved to the next page meanwhile", () =>
    Effect.gen(function* () {
      const pages = [["a", "b"], ["b", "c"], [], ["d"]].map((ids, page) => ({
        body: { data: ids.map((id) => ({ id })), paging: page < 3 ? { next: "/next" } : {} },
      }))
      const [first, ...rest] = pages
      const transport = recording(first ?? {}, { body: { data: [] } }, ...rest)
      const emulator = yield* RudderStackEmulator.make()
      const { catalog } = yield* admin({ ...emulator, transport: transport.service })
      const found = yield* Stream.runCollect(catalog.list)
      expect(found.map(({ ref }) => ref.ids["connection"])).toEqual(["a", "b", "c", "d"])
    }),
  )

  it.effect("K1: pages that do not turn are an error, whatever they say about a next one", () =>
    Effect.gen(function* () {
      for (const paging of [{ next: "/next" }, { total: 3 }, { total: 1_000, next: "/next" }]) {
        const body = { data: [{ id: "a" }, { id: "b" }], paging }
        const transport = recording({ body }, { body: { data: [] } }, { body })
        const emulator = yield* RudderStackEmulator.make()
        const { catalog } = yield* admin({ ...emulator, transport: transport.service })
        const failed = yield* Effect.flip(all(catalog))
        expect(failed.reason).toMatchObject({ _tag: "UnexpectedResponse", issues: [{ path: ["page"] }] })
        expect(transport.requests).toHaveLength(3)
      }
    }),
  )

  it.effect("K1: one connection by itself is as in the list, whatever the list of sources tells", () =>
    Effect.gen(function* () {
      for (const sourceListConfig of RudderStackSwitches.sourceListConfig.values) {
        const { emulator, catalog } = yield* setup({ switches: { sourceListConfig } })
        yield* emulator.addSync({ schedule: { cron: "0 6 * * *" }, name: "Users" })
        const [listed] = yield* Stream.runCollect(catalog.list)
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
        expect(listed === undefined ? undefined : yield* catalog.get(listed.ref)).toEqual(listed)
        expect(listed && RudderStackAdmin.nativeOf(listed)?.syncBehaviour).toBe("upsert")
      }
    }),
  )

  it.effect("K2: what is not said is absent, and an odd connection hides no other", () =>
    Effect.gen(function* () {
      const odd = {
        id: "odd",
        enabled: "perhaps",
        syncBehaviour: "append",
        schedule: { type: "lunar", phase: "full", everyMinutes: 7 },
        identifiers: [{ from: "a", to: "b" }, { to: "c" }],
        constants: [{ key: "d", value: "e" }],
      }
      const page = { data: [odd, { id: "bare" }, { id: "plain", sourceId: "s", destinationId: "d", enabled: false }] }
      const transport = recording({ body: page }, { status: 403 })
      const emulator = yield* RudderStackEmulator.make()
      const workspace = yield* admin({ ...emulator, transport: transport.service })
      const found = yield* Stream.runCollect(workspace.catalog.list)
      const unknown = {}
      expect(found.map(({ ref, native, ...told }) => told)).toEqual([
        {
          connection: unknown,
          state: "unknown",
          vendorState: "",
          mode: "unknown",
          vendorMode: "append",
          mapping: [{ from: "a", to: "b", isIdentifier: true }],
          unreadMapping: ["c", "d"],
          unreadSchedule: '{"type":"lunar","everyMinutes":7,"phase":"full"}',
        },
        { connection: unknown, state: "unknown", vendorState: "" },
        { connection: { source: { id: "s" }, destination: { id: "d" } }, state: "paused", vendorState: "disabled" },
      ])
    }),
  )

  it.effect("K2: sources that cannot be read are no obstacle", () =>
    Effect.gen(function* () {
      const connection = { id: "c", sourceId: "s", destinationId: "d" }
      const source = { id: "s", name: "Users", config: { primaryKey: "id" } }
      const told = { connection: { source: { id: "s", name: "Users" } }, primaryKey: ["id"] }
      for (const [answers, expected, requests] of [
        [[{ status: 403 }], {}, 2],
        [[{ status: 404 }], {}, 2],
        [[{ body: { data: [{ name: "without id" }] } }, { body: source }], told, 3],
        [[{ body: { data: [] } }, { status: 404 }], {}, 3],
        [[{ status: 400 }], {}, 2],
      ] as const) {
        const transport = recording({ body: { data: [connection] } }, ...answers)
        const emulator = yield* RudderStackEmulator.make()
        const { catalog } = yield* admin({ ...emulator, transport: transport.service })
        expect(yield* all(catalog)).toMatchObject([{ connection: { source: { id: "s" } }, ...expected }])
        expect(transport.requests).toHaveLength(requests)
      }
    }),
  )

  it.effect("K2: an id that can be none is absent, and so is what a source would tell", () =>
    Effect.gen(function* () {
      const odd = { id: "odd", sourceId: "x".repeat(256), destinationId: "\ud800" }
      const transport = recording(
        { body: { data: [odd, { id: "plain", destinationId: "d" }] } },
        { body: { data: [] } },
      )
      const emulator = yield* RudderStackEmulator.make()
      const { catalog } = yield* admin({ ...emulator, transport: transport.service })
      expect(yield* all(catalog)).toMatchObject([{ connection: {} }, { connection: { destination: { id: "d" } } }])
    }),
  )

  it.effect("K3: closed to the account, it is Unsupported and says what to do; never an empty list", () =>
    Effect.gen(function* () {
      for (const connectionsList of ["403", "404"] as const) {
        for (const connections of [[], ["c"]]) {
          const { emulator, catalog } = yield* setup({ switches: { connectionsList } }, { connections })
          const sync = yield* RudderStack.syncRef("prod", {
            connection: String((yield* emulator.addSync())["connection"]),
          })
          for (const read of [all(catalog), catalog.get(sync)]) {
            expect(yield* Effect.flip<unknown, RetlError, never>(read)).toMatchObject({
              reason: { _tag: "Unsupported", capability: expect.stringContaining("option `connections`") },
              delivery: "refused",
            })
          }
        }
      }
    }),
  )

  it.effect("K3: where single connections can be read, it tells those that the options name", () =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make()
      const ids = [yield* emulator.addSync({ name: "One" }), yield* emulator.addSync({ name: "Two" })]
      const connections = ids.map(({ connection }) => String(connection))
      const { catalog } = yield* admin(emulator, { connections })
      yield* emulator.deny(["syncs"])
      const found = yield* Stream.runCollect(catalog.list)
      expect(found.map(({ ref, connection }) => [ref.ids["connection"], connection.source?.name])).toEqual([
        [connections[0], "One"],
        [connections[1], "Two"],
      ])
    }),
  )

  it.effect("K2: of those that the options name, one that is gone hides no other, and each is told once", () =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make()
      const ids = [yield* emulator.addSync(), yield* emulator.addSync()].map(({ connection }) => String(connection))
      const { catalog } = yield* admin(emulator, { connections: ["gone", ...ids, ...ids, "gone too"] })
      yield* emulator.deny(["syncs"])
      const found = yield* Stream.runCollect(catalog.list)
      expect(found.map(({ ref }) => ref.ids["connection"])).toEqual(ids)
    }),
  )

  it.effect("K3: a connection that is not there is NotFound", () =>
    Effect.gen(function* () {
      const { catalog } = yield* setup()
      const nope = yield* RudderStack.syncRef("prod", { connection: "nope" })
      expect(yield* Effect.flip(catalog.get(nope))).toMatchObject({ reason: { _tag: "NotFound", what: "sync" } })
    }),
  )
})

describe("the options", () => {
  it.effect("are refused with all their problems", () =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make()
      const wrong = admin(emulator, { name: "", connections: ["c", "", "x".repeat(256)] })
      const failed = yield* Effect.flip(Effect.provideService(wrong, Transport, emulator.transport))
      expect(failed).toMatchObject({
        reason: {
          _tag: "InvalidRequest",
          issues: [{ path: ["name"] }, { path: ["connections", "1"] }, { path: ["connections", "2"] }],
        },
      })
    }),
  )
})
