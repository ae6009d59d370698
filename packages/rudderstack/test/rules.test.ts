/** The vendor's rules about a workspace's connections that its own tools enforce, and that its API does not. */
import { describe, expect, it } from "@effect/vitest"
import { ChangeIncomplete } from "@openretl/core/Change"
import * as Schedule from "@openretl/core/Schedule"
import { Transport } from "@openretl/core/Transport"
import * as Fault from "@openretl/emulator/Fault"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Effect, Redacted } from "effect"
import * as RudderStack from "../src/RudderStack.ts"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { open, setup, whileTimePasses } from "./admin.ts"
import { onTheWire, recording, token } from "./recordingTransport.ts"

const { change, definition } = RudderStackAdmin

const targets = (...names: ReadonlyArray<string>) => names.map((to) => ({ from: "column", to }))

/** A definition for records of an object. */
const objects = ({ sourceId, destinationId, identifiers }: RudderStackAdmin.NewSync): RudderStackAdmin.NewSync => ({
  sourceId,
  destinationId,
  identifiers,
  object: "person",
})

describe("a mapping to a reserved target", () => {
  it.effect.each([
    ["events", (sync: RudderStackAdmin.NewSync) => sync, ["0", "1"]],
    ["an object", objects, ["0", "2"]],
  ] as const)(
    "H6, S1: of %s fails a create before any request, with all that is wrong and who says so",
    ([, of, wrong]) =>
      Effect.gen(function* () {
        const { emulator, create, newSync } = yield* setup()
        const mappings = targets("user_id", "anonymous_id", "context.externalId[0].id", "name")
        const schedule = Schedule.cron("* * * * *")
        const failure = yield* Effect.flip(create(definition({ ...of(newSync), mappings, schedule })))
        expect(failure).toMatchObject({
          delivery: "not-sent",
          reason: {
            issues: [
              { path: ["schedule", "expression"] },
              ...wrong.map((index) => ({ path: ["part", "spec", "mappings", index, "to"] })),
            ],
          },
        })
        expect(failure.message).toContain("another target than user_id: RudderStack reserves it for identifiers")
        expect(failure.message).toContain("rudder-iac")
        expect(yield* emulator.calls).toEqual([])
      }),
  )

  it.effect.each<
    [
      string,
      (sync: RudderStackAdmin.NewSync) => RudderStackAdmin.NewSync,
      RudderStackAdmin.SyncChange,
      ReadonlyArray<ReadonlyArray<string>>,
    ]
  >([
    ["events", (sync) => sync, { mappings: targets("user_id") }, [["mappings", "0", "to"]]],
    [
      "events and their identifiers",
      (sync) => sync,
      { mappings: targets("name", "anonymous_id"), identifiers: targets("email"), schedule: Schedule.every("1 hour") },
      [
        ["identifiers", "0", "to"],
        ["mappings", "1", "to"],
      ],
    ],
    ["events that lose theirs", (sync) => sync, { mappings: [] }, [["mappings"]]],
    [
      "an object, with constants and two identifiers",
      objects,
      { mappings: targets("context.externalId[0].id"), constants: [], identifiers: targets("a", "b") },
      [["identifiers"], ["mappings", "0", "to"], ["constants"]],
    ],
  ])("H6: of %s fails an update before it is sent, with all that is wrong", ([, of, changes, paths]) =>
    Effect.gen(function* () {
      const { administration, create, newSync, writes } = yield* setup()
      const { ref } = yield* create(definition(of(newSync)))
      const failure = yield* Effect.flip(administration.update(ref, change(changes)))
      expect(failure).toMatchObject({
        _tag: "RetlError",
        delivery: "not-sent",
        reason: { issues: paths.map((path) => ({ path: ["part", "spec", ...path] })) },
      })
      expect(yield* writes).toEqual(["POST 200"])
    }),
  )

  it.effect("is sent where the connection shows neither an event nor an object, as for Customer.io", () =>
    Effect.gen(function* () {
      const connection = { id: "c", sourceId: "s", destinationId: "d", enabled: true, schedule: { type: "manual" } }
      const mappings = targets("anonymous_id")
      const changed = { body: { ...connection, mappings } }
      const transport = recording({ body: connection }, { body: connection }, changed, changed)
      const { administration } = yield* open({ token, transport: transport.service })
      const ref = yield* RudderStack.syncRef("prod", { connection: "c" })
      yield* administration.update(ref, change({ mappings }))
      const sent = transport.requests.map(onTheWire).find(({ method }) => method === "PUT")
      expect(JSON.parse(String(sent?.body))).toMatchObject({ mappings })
    }),
  )

  it.effect.each(RudderStackSwitches.reservedTargets.values)(
    "that the client sends is in the answer as the vendor keeps it, with %s",
    (reservedTargets) =>
      Effect.gen(function* () {
        const { emulator, create, newSync } = yield* setup({ switches: { reservedTargets } })
        const { ref } = yield* create(definition(newSync))
        const client = yield* RudderStackAdmin.client({
          name: "prod",
          region: "us",
          defaultScope: "incremental",
          token: Redacted.make(emulator.token),
        }).pipe(Effect.provideService(Transport, emulator.transport))
        const update = client.updateConnection(String(ref.ids["connection"]), {
          schedule: { type: "manual" },
          mappings: targets("name", "anonymous_id"),
        })
        if (reservedTargets === "400") {
          expect(yield* Effect.flip(update)).toMatchObject({
            delivery: "refused",
            reason: { issues: [{ path: ["mappings.1.to"] }] },
          })
          return
        }
        const { identifiers, mappings } = yield* update
        const isFolded = reservedTargets === "folded"
        expect([identifiers?.length, mappings?.length]).toEqual(isFolded ? [2, 1] : [1, 2])
      }),
  )
})

describe("a second source of one destination", () => {
  it.effect("H6: is refused before the create is sent, and names the destination and who says so", () =>
    Effect.gen(function* () {
      const { emulator, create, newSync, writes } = yield* setup()
      yield* create(definition(newSync))
      const { source } = yield* emulator.addParts("Users")
      const second = definition({ ...newSync, sourceId: String(source) })
      const failure = yield* Effect.flip(create(second))
      expect(failure).toMatchObject({
        _tag: "RetlError",
        delivery: "not-sent",
        reason: { issues: [{ path: ["part", "spec", "destinationId"] }] },
      })
      expect(failure.message).toContain("without another Reverse ETL source")
      expect(yield* writes).toEqual(["POST 200"])
      // Audiences of Customer.io, whose destinations have settings of their own, take several.
      yield* create(definition({ ...newSync, sourceId: String(source), destinationConfig: { audienceId: 42 } }))
    }),
  )

  it.effect("is created once the first was deleted here, although reads still show that one", () =>
    Effect.gen(function* () {
      const { emulator, create, deleteSync, newSync } = yield* setup()
      const { ref } = yield* create(definition(newSync))
      const listed = (yield* emulator.syncs).map(({ ids, parts }) => ({
        id: ids["connection"],
        sourceId: parts["source"],
        destinationId: parts["destination"],
      }))
      yield* deleteSync(ref)
      yield* emulator.addFaults(Fault.respond("syncs", { status: 200, body: JSON.stringify({ data: listed }) }))
      const { source } = yield* emulator.addParts("Users")
      const second = yield* create(definition({ ...newSync, sourceId: String(source) }))
      expect((yield* emulator.syncs).map(({ ids }) => ids)).toEqual([second.ref.ids])
    }),
  )

  it.effect.each([
    ["409", "Conflict"],
    ["400", "InvalidRequest"],
  ] as const)("fails with the vendor's refusal where the list is closed: %s is %s", ([destinationTaken, reason]) =>
    Effect.gen(function* () {
      const { emulator, create, newSync, writes } = yield* setup({ switches: { destinationTaken } })
      yield* create(definition(newSync))
      yield* emulator.deny(["syncs"])
      const { source } = yield* emulator.addParts("Users")
      const failure = yield* Effect.flip(create(definition({ ...newSync, sourceId: String(source) })))
      expect(failure).toMatchObject({ delivery: "refused", reason: { _tag: reason } })
      expect(yield* writes).toEqual(["POST 200", `POST ${destinationTaken}`])
    }),
  )
})

describe("an external id", () => {
  const externalIds = RudderStackSwitches.externalIdAtCreate.values

  it.effect.each(externalIds)("A2: of a new connection is set, whatever a create does with one: %s", (value) =>
    Effect.gen(function* () {
      const { create, catalog, newSync, writes } = yield* setup({ switches: { externalIdAtCreate: value } })
      const { ref } = yield* create(definition({ ...newSync, externalId: "orders" }))
      expect(RudderStackAdmin.nativeOf(yield* catalog.get(ref))?.externalId).toBe("orders")
      expect(yield* writes).toEqual(["POST 200", "PUT 200"])
    }),
  )

  it.effect.each(externalIds)("A1, A3: is in what remains of a create that was only found: %s", (value) =>
    Effect.gen(function* () {
      const { emulator, create, newSync, writes } = yield* setup({ switches: { externalIdAtCreate: value } })
      yield* emulator.addFaults(Fault.lost("create", { commits: true }))
      const wanted = definition({ ...newSync, externalId: "orders" })
      const failure = yield* Effect.flip(whileTimePasses(create(wanted, { exclusive: true })))
      if (!(failure instanceof ChangeIncomplete)) return expect.unreachable()
      expect(failure.remaining).toEqual({ part: { vendor: "rudderstack", spec: { externalId: "orders" } } })
      expect((yield* emulator.syncs).map(({ ids }) => ids)).toEqual([failure.sync.ref.ids])
      expect(yield* writes).toHaveLength(1)
    }),
  )

  it.effect("A3: that could not be set is in what remains, and an update with that sets it", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync } = yield* setup()
      yield* emulator.deny(["update"])
      const failure = yield* Effect.flip(whileTimePasses(create(definition({ ...newSync, externalId: "orders" }))))
      if (!(failure instanceof ChangeIncomplete)) return expect.unreachable()
      expect(failure).toMatchObject({
        operation: "create",
        remaining: { part: { vendor: "rudderstack", spec: { externalId: "orders" } } },
        error: { reason: { _tag: "PermissionDenied" } },
      })
      yield* emulator.deny([])
      const sync = yield* administration.update(failure.sync.ref, failure.remaining)
      expect(RudderStackAdmin.nativeOf(sync)?.externalId).toBe("orders")
    }),
  )

  it.effect("A3: that is refused after the rest of an update leaves it, alone, as what remains", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, newSync, writes } = yield* setup()
      const { ref } = yield* create(definition(newSync))
      const refusal = Fault.respond("update", { status: 400, body: JSON.stringify({ error: "taken" }), after: 1 })
      yield* emulator.addFaults(refusal)
      const update = administration.update(ref, change({ externalId: "orders", constants: [], enabled: true }))
      const failure = yield* Effect.flip(update)
      if (!(failure instanceof ChangeIncomplete)) return expect.unreachable()
      expect(failure).toMatchObject({ sync: { state: "enabled" }, error: { reason: { _tag: "InvalidRequest" } } })
      expect(failure.remaining.enabled).toBeUndefined()
      const sync = yield* administration.update(ref, failure.remaining)
      expect(RudderStackAdmin.nativeOf(sync)).toMatchObject({ externalId: "orders" })
      expect(yield* writes).toEqual(["POST 200", "PUT 200", "PUT 400", "PUT 200"])
    }),
  )
})
