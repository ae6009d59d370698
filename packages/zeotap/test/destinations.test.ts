import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { nowhere, onEmulator } from "./onEmulator.ts"
import { clientOver, recording } from "./recordingTransport.ts"

describe("destinations", () => {
  it.effect("GET /destinations: reads a page of destinations", () =>
    Effect.gen(function* () {
      const { emulator, client, destination } = yield* onEmulator()
      const { data } = yield* client.listDestinations({ page: 1 })
      const [sync] = yield* emulator.syncs
      expect(data.map(({ id, name }) => [id, name])).toEqual([
        [sync?.parts["destination"], "Customers"],
        [destination, "Orders"],
      ])
    }),
  )

  it.effect("GET /destinations: streams all destinations, and reads only pages that are pulled", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator({ switches: { arrayPaging: "honored" } })
      for (let count = 0; count < 3; count++) yield* emulator.addParts()
      const all = yield* Stream.runCollect(client.streamDestinations({ page_size: 2 }))
      expect(new Set(all.map(({ id }) => id)).size).toBe(5)
      expect(yield* emulator.calls).toHaveLength(6)
      yield* Stream.runDrain(client.streamDestinations({ page_size: 2 }).pipe(Stream.take(2)))
      expect(yield* emulator.calls).toHaveLength(7)
    }),
  )

  it.effect("GET /destinations: H6: refuses an invalid page, and sends nothing", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator()
      expect(yield* Effect.flip(client.listDestinations({ page: 1.5, page_size: 0 }))).toMatchObject({
        operation: "listDestinations",
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["page"] }, { path: ["page_size"] }] },
      })
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect("GET /destinations/{destId}: reads a destination, and fails with NotFound for another", () =>
    Effect.gen(function* () {
      const { client, destination } = yield* onEmulator()
      const read = yield* client.getDestination(destination)
      expect(read).toMatchObject({
        id: destination,
        destination_type: "salesforce",
        config: { object: "Contact" },
        status: "connected",
      })
      expect(read).not.toHaveProperty("connection_id")
      expect(yield* Effect.flip(client.getDestination(nowhere))).toMatchObject({
        delivery: "refused",
        reason: { _tag: "NotFound", what: "unknown" },
      })
    }),
  )

  it.effect("GET /destinations/{destId}: an id is enough, and a config stays unchanged", () =>
    Effect.gen(function* () {
      const config = { token: "••••", nested: { list: [1, null] } }
      const odd = { id: "d-1", name: [], config, status: 1, extra: true }
      expect(yield* (yield* clientOver(recording({ body: odd }))).getDestination("d-1")).toEqual({ id: "d-1", config })
      const malformed = yield* clientOver(recording({ body: { ...odd, config: "none" } }))
      expect(yield* malformed.getDestination("d-1")).toEqual({ id: "d-1" })
    }),
  )
})
