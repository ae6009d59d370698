import { describe, expect, it } from "@effect/vitest"
import { Fault, SegmentEmulator } from "@openretl/emulator"
import * as ControlClient from "@openretl/emulator/ControlClient"
import * as ControlServer from "@openretl/emulator/ControlServer"
import type { Emulator, Options } from "@openretl/emulator/Emulator"
import { Effect } from "effect"
import { configurings } from "./configuring.ts"

/** Fields that a stranger changes, in each vendor's words. */
const strangersFields = {
  segment: { settings: { a: 1 } },
  rudderstack: { mappings: [{ from: "a", to: "b" }] },
  zeotap: { config: { a: 1 } },
} as const

describe.each(configurings)("$name with its control API", ({ name, setup }) => {
  const served = (options: Options = {}) =>
    Effect.gen(function* () {
      const configuring = yield* setup(options)
      const emulator: Emulator = configuring.emulator
      const { url } = yield* ControlServer.serve(Effect.succeed(emulator))
      return { ...configuring, client: yield* ControlClient.make({ url }) }
    })

  it.live("a stranger in another process changes and deletes a sync", () =>
    Effect.gen(function* () {
      const { emulator, client, create, read, idsOf } = yield* served()
      const id = yield* create
      const fields = strangersFields[name]
      yield* client.changeSync(idsOf(id), { name: "theirs", state: "enabled", schedule: { every: "2 days" }, fields })
      expect(yield* client.syncs).toEqual(yield* emulator.syncs)
      expect(yield* client.syncs).toMatchObject([{ name: "theirs", state: "enabled", nextFire: expect.any(Number) }])
      expect((yield* read(id)).text).toContain(JSON.stringify(fields).slice(1, -1))
      yield* client.changeSync(idsOf(id), { schedule: null, state: "paused" })
      expect(yield* client.syncs).toMatchObject([{ state: "paused" }])
      expect((yield* client.syncs)[0]?.nextFire).toBeUndefined()
      yield* client.deleteSync(idsOf(id))
      expect(yield* client.syncs).toEqual([])
    }).pipe(Effect.scoped),
  )

  it.live("changes take, are stored in a normal form, and are answered with another sync's body", () =>
    Effect.gen(function* () {
      const { client, create, resume, read, list, shownIn, idsOf } = yield* served()
      const [first, second] = [yield* create, yield* create]
      yield* client.addFaults(Fault.anothersBody("sync", { another: idsOf(second) }), Fault.entryWithoutId("syncs"))
      expect(shownIn(yield* read(first)).id).toBe(second)
      expect((yield* list).filter(({ id }) => id === undefined)).toHaveLength(1)
      yield* client.setNormalization("names", "order")
      yield* client.setOmittedFields("cleared")
      yield* client.setChangeTakes({ min: "1 hour", max: "2 hours" })
      expect(shownIn(yield* resume(first)).isEnabled).toBe(true)
      expect(shownIn(yield* read(first)).isEnabled).toBe(false)
    }).pipe(Effect.scoped),
  )
})

describe("the control API refuses", () => {
  it.live("a change of a field that the vendor lacks, and kinds that are none", () =>
    Effect.gen(function* () {
      const segment = Effect.tap(SegmentEmulator.make(), (emulator) => emulator.addSync())
      const { url } = yield* ControlServer.serve(segment)
      const client = yield* ControlClient.make({ url })
      const before = yield* client.syncs
      const messageOf = <A>(control: Effect.Effect<A, { readonly message: string }>) =>
        Effect.match(control, { onSuccess: () => "", onFailure: ({ message }) => message })
      expect(yield* messageOf(client.changeSync(before[0]?.ids ?? {}, { name: "x", fields: { mappings: [] } }))).toBe(
        "Control changeSync: fields: Expected fields named trigger, settings, not mappings",
      )
      expect(yield* messageOf(client.setChangeTakes({ min: 2, max: 1 }))).toContain("min to be at most max")
      expect(yield* messageOf(client.setReadLag({ min: 2, max: 1 }))).toContain("min to be at most max")
      const plan = { duration: { median: "1 minute", sigma: -1 } } as const
      expect(yield* messageOf(client.addSync({ plan }))).toContain("Expected a number from 0 to 5")
      expect(yield* messageOf(client.setNormalization("colors" as never))).toContain('Expected "names" | "order"')
      expect(yield* messageOf(client.setOmittedFields("lost" as never))).toContain('Expected "kept" | "cleared"')
      expect(yield* client.syncs).toEqual(before)
    }).pipe(Effect.scoped),
  )
})
