import { describe, expect, it } from "@effect/vitest"
import { Catalog } from "@openretl/core/Catalog"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import { Transport } from "@openretl/core/Transport"
import * as Fault from "@openretl/emulator/Fault"
import { DateTime, Effect, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Zeotap from "../src/Zeotap.ts"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import * as Fixtures from "./fixtures.ts"
import { admin, ended, onEmulator } from "./onEmulator.ts"
import { type Answer, recording, token } from "./recordingTransport.ts"

const all = (list: Stream.Stream<Sync, unknown>) => ended(Stream.runCollect(list))

/** Lists the catalog, which receives one answer for each request. */
const listWith = Effect.fnUntraced(function* (...answers: ReadonlyArray<Answer>) {
  const transport = recording(...answers)
  const listed = Effect.gen(function* () {
    const { list } = yield* Catalog
    return yield* ended(Stream.runCollect(list))
  }).pipe(
    Effect.provide(ZeotapAdmin.layer({ name: "prod", token: Redacted.make(token), workspaceId: Fixtures.workspaceId })),
    Effect.provideService(Transport, transport.service),
  )
  return {
    listed: yield* listed,
    requests: transport.requests.map(({ url }) => new URL(url).pathname.split("/").at(-1)),
  }
})

const success = (value: unknown) => expect.objectContaining({ _tag: "Success", success: value })

describe("the list", () => {
  it.effect("K1: has a sync with its connection, mode, mapping, schedule and last run", () =>
    Effect.gen(function* () {
      const { emulator, sync, client } = yield* onEmulator()
      const { catalog, runs } = yield* admin(emulator)
      const { id } = yield* client.triggerSync(sync)
      yield* TestClock.adjust("5 minutes")
      yield* emulator.addSync({ name: "Nightly", schedule: { cron: "0 3 * * *" }, state: "paused" })
      const [first, second] = yield* emulator.syncs
      const result = yield* all(catalog.list)
      expect(result).toMatchObject({
        success: [
          {
            ref: { workspace: "prod", vendor: "zeotap", ids: { sync } },
            name: "Customers",
            connection: {
              source: { id: first?.parts["model"], name: "Customers", kind: "model" },
              destination: { id: first?.parts["destination"], name: "Customers", kind: "salesforce" },
            },
            state: "enabled",
            vendorState: "active",
            mode: "upsert",
            vendorMode: "upsert",
            primaryKey: ["customer_id"],
            mapping: [{ from: "email", to: "Email" }],
            schedule: Schedule.manual,
            lastRun: {
              ref: { run: id, sync: { ids: { sync } } },
              succeededAt: DateTime.makeUnsafe("2024-01-15T15:01:00Z"),
            },
          },
          {
            ref: { ids: second?.ids },
            name: "Nightly",
            state: "paused",
            vendorState: "paused",
            schedule: Schedule.cron("0 3 * * *"),
          },
        ],
      })
      const [listed] = result._tag === "Success" ? result.success : []
      expect(listed && ZeotapAdmin.nativeOf(listed)).toEqual(yield* client.getSync(sync))
      expect(listed && (yield* ended(runs.trigger(listed.ref, { whenRunning: "fail" })))).toMatchObject({
        _tag: "Success",
      })
    }),
  )

  it.effect.each<[string, object]>([
    ["an array of all", { runsLength: "all" }],
    ["an array by page", { arrayPaging: "honored" }],
    ["an envelope", { listShape: "envelope" }],
  ])("K1: has every sync once, each as a read of it shows it, from %s", ([, switches]) =>
    Effect.gen(function* () {
      const { emulator } = yield* onEmulator({ switches })
      for (let count = 1; count < 130; count++) yield* emulator.addSync({ name: `Sync ${count}` })
      const { catalog } = yield* admin(emulator)
      const result = yield* all(catalog.list)
      const syncs = result._tag === "Success" ? result.success : []
      expect(syncs.map(({ ref }) => ref.ids)).toEqual((yield* emulator.syncs).map(({ ids }) => ids))
      expect(syncs.every(({ connection }) => connection.source?.name !== undefined)).toBe(true)
      const last = syncs.at(-1)
      expect(last && (yield* ended(catalog.get(last.ref)))).toEqual(success(last))
      expect(yield* emulator.overLimit).toBe(0)
    }),
  )

  it.effect("K1: reads models and destinations once, only pages that are pulled, and several pages again", () =>
    Effect.gen(function* () {
      const { emulator } = yield* onEmulator({ switches: { listShape: "envelope" } })
      for (let count = 1; count < 120; count++) yield* emulator.addSync({ parts: yield* emulator.addParts() })
      const { catalog } = yield* admin(emulator)
      yield* emulator.clearCalls
      yield* all(catalog.list.pipe(Stream.take(1)))
      expect((yield* emulator.calls).filter(({ operation }) => operation === "syncs")).toHaveLength(1)
      yield* emulator.clearCalls
      yield* all(catalog.list)
      const count = (operation: string) =>
        Effect.map(emulator.calls, (calls) => calls.filter((call) => call.operation === operation).length)
      expect([yield* count("syncs"), yield* count("parts")]).toEqual([4, 8])
    }),
  )

  it.effect("K1: a read of one sync has the names, and reads each of them once", () =>
    Effect.gen(function* () {
      const { emulator, sync } = yield* onEmulator()
      const { catalog } = yield* admin(emulator)
      const ref = yield* Effect.orDie(Zeotap.syncRef("prod", { sync }))
      const first = yield* ended(catalog.get(ref))
      expect(first).toMatchObject({ success: { connection: { destination: { name: "Customers" } } } })
      expect(yield* emulator.calls).toHaveLength(3)
      expect(yield* ended(catalog.get(ref))).toEqual(first)
      expect(yield* emulator.calls).toHaveLength(4)
    }),
  )
})

describe("pages", () => {
  const page = (ids: ReadonlyArray<string>, total?: number) => ({
    body: { data: ids.map((id) => ({ id })), pagination: { page_size: 2, ...(total !== undefined && { total }) } },
  })

  it.effect("K1: a sync that moves to the next page meanwhile is listed once", () =>
    Effect.gen(function* () {
      const { listed } = yield* listWith(
        page(["a", "b"], 3),
        { body: [] },
        { body: [] },
        page(["b", "c"], 3),
        page([]),
        page(["a", "b", "c"], 3),
      )
      expect(listed).toMatchObject({ success: ["a", "b", "c"].map((sync) => ({ ref: { ids: { sync } } })) })
    }),
  )

  it.effect.each([300, undefined])("K1: an envelope that ignores the page is an error, with a total of %s", (total) =>
    Effect.gen(function* () {
      const same = page(["a", "b"], total)
      const { listed, requests } = yield* listWith(same, { body: [] }, { body: [] }, same)
      expect(listed).toMatchObject({
        failure: { reason: { _tag: "UnexpectedResponse", issues: [{ path: ["page"] }] } },
      })
      expect(requests).toHaveLength(4)
    }),
  )
})

describe("odd answers", () => {
  it.effect("K2: a name that could not be read is read again the next time", () =>
    Effect.gen(function* () {
      const { emulator, sync } = yield* onEmulator()
      const { catalog } = yield* admin(emulator)
      const ref = yield* Effect.orDie(Zeotap.syncRef("prod", { sync }))
      yield* emulator.addFaults(Fault.respond("parts", { status: 400, times: 2 }))
      const first = yield* ended(catalog.get(ref))
      expect(first._tag === "Success" && first.success.connection.source).not.toHaveProperty("name")
      expect(yield* ended(catalog.get(ref))).toMatchObject({
        success: { connection: { source: { name: "Customers" }, destination: { name: "Customers" } } },
      })
    }),
  )

  it.effect("K2: names that the token may not read are absent, and so are fields that the vendor leaves out", () =>
    Effect.gen(function* () {
      const { emulator, sync } = yield* onEmulator()
      yield* emulator.deny(["parts"])
      const { catalog } = yield* admin(emulator)
      const result = yield* all(catalog.list)
      const [configured] = yield* emulator.syncs
      const [listed] = result._tag === "Success" ? result.success : []
      expect(listed?.connection).toEqual({
        source: { id: configured?.parts["model"] },
        destination: { id: configured?.parts["destination"] },
      })
      expect(listed).not.toHaveProperty("lastRun")
      expect(listed).not.toHaveProperty("stateText")
      const read = yield* ended(catalog.get(yield* Effect.orDie(Zeotap.syncRef("prod", { sync }))))
      expect(read).toEqual(success(listed))
    }),
  )

  it.effect("K2: a sync whose fields are all malformed hides no other", () =>
    Effect.gen(function* () {
      const odd = {
        id: "odd",
        name: 7,
        model_id: null,
        destination_id: "",
        status: "archived",
        status_error: "  ",
        sync_mode: "append",
        primary_key: ["a", "b"],
        schedule: { every: "15 minutes" },
        field_mapping: "all",
        last_run_id: "",
        last_synced_at: "yesterday",
      }
      const { listed } = yield* listWith({ body: [odd, Fixtures.sync] }, { body: [] }, { body: [] })
      const [first, second] = listed._tag === "Success" ? listed.success : []
      expect({ ...first }).toEqual({
        ref: expect.objectContaining({ ids: { sync: "odd" } }),
        connection: {},
        state: "unknown",
        vendorState: "archived",
        mode: "unknown",
        vendorMode: "append",
        unreadSchedule: '{"every":"15 minutes"}',
        vendorFields: [],
        unreadFields: ["name", "primary_key", "field_mapping"],
        native: expect.objectContaining({ id: "odd" }),
      })
      expect(second).toMatchObject({ name: "Customers to Salesforce", schedule: Schedule.cron("0 */6 * * *") })
    }),
  )

  it.effect("K2: an entry of a mapping that is more than a column is named in unreadMapping", () =>
    Effect.gen(function* () {
      const field_mapping = [
        { source_column: "email", destination_field: "Email", type_cast: "", transforms: [] },
        { source_column: "revenue", destination_field: "Revenue", type_cast: "number", transform: null },
        { source_column: "name", destination_field: "Name", transforms: [{ kind: "trim" }] },
        { destination_field: "Source", static_value: "warehouse" },
        { source_column: "lost" },
        {},
      ]
      const { listed } = yield* listWith({ body: [{ ...Fixtures.sync, field_mapping }] }, { body: [] }, { body: [] })
      expect(listed).toMatchObject({
        success: [
          {
            mapping: [
              { from: "email", to: "Email" },
              { from: "revenue", to: "Revenue", cast: "number" },
            ],
            unreadMapping: ["Name", "Source", "lost", "unknown"],
          },
        ],
      })
    }),
  )

  it.effect.each([
    ["draft", "draft", ""],
    ["error", "error", "destination credentials have expired"],
    ["paused", "paused", ""],
    ["active", "enabled", ""],
    ["", "unknown", ""],
  ])("K2: the status %j is the state %s", ([status, state, status_error]) =>
    Effect.gen(function* () {
      const { listed } = yield* listWith(
        { body: [{ ...Fixtures.sync, status, status_error }] },
        { body: [] },
        { body: [] },
      )
      const [sync] = listed._tag === "Success" ? listed.success : []
      expect([sync?.state, sync?.vendorState, sync?.stateText]).toEqual([state, status, status_error || undefined])
    }),
  )
})

describe("a list that the token may not read", () => {
  it.effect.each([
    [{ status: 403 }, "PermissionDenied"],
    [{ status: 401 }, "Unauthenticated"],
    [{ status: 404 }, "NotFound"],
  ] as const)("K3: with %j fails as %s, and is not an empty list", ([answer, _tag]) =>
    Effect.gen(function* () {
      const { listed, requests } = yield* listWith(answer)
      expect(listed).toMatchObject({ _tag: "Failure", failure: { operation: "listSyncs", reason: { _tag } } })
      expect(requests).toEqual(["syncs"])
    }),
  )

  it.effect("K3: a list that may have been cut off fails after its last sync", () =>
    Effect.gen(function* () {
      const { emulator } = yield* onEmulator({ switches: { runsLength: "20" } })
      for (let count = 1; count < 25; count++) yield* emulator.addSync()
      const { catalog } = yield* admin(emulator)
      let count = 0
      const result = yield* ended(Stream.runForEach(catalog.list, () => Effect.sync(() => count++)))
      expect(result).toMatchObject({ _tag: "Failure", failure: { reason: { _tag: "UnexpectedResponse" } } })
      expect(count).toBe(20)
    }),
  )
})
