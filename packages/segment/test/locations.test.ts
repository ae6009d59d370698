import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import type { Ids } from "@openretl/emulator/Emulator"
import { Effect, Stream } from "effect"
import { admin, textOf, within } from "./admin.ts"

/**
 * An account of 1,000 mappings in 50 destinations, of two sources. No destination has 20 mappings: of a list without
 * `pagination` that is as long as pages usually are, two more requests find out whether it is whole.
 */
const account = Effect.gen(function* () {
  const opened = yield* admin()
  const added: Array<Ids> = []
  const { source, otherSource } = { source: "source-1", otherSource: "source-2" }
  for (let destination = 0; destination < 50; destination++) {
    const parts = yield* opened.emulator.addParts(`Parts ${destination}`, {
      source: destination % 2 === 0 ? source : otherSource,
    })
    for (let mapping = 0; mapping < (destination % 2 === 0 ? 19 : 21); mapping++) {
      const ids = yield* opened.emulator.addSync({ name: `${destination}/${mapping}`, parts })
      added.push({ ...ids, destination: parts["destination"] ?? "" })
    }
  }
  const requests = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.gen(function* () {
      yield* opened.emulator.clearCalls
      const value = yield* within("1 hour", effect)
      return { value, count: (yield* opened.emulator.calls).length }
    })
  return { ...opened, added, requests }
})

const withoutDestination = ({ destination: _, ...ids }: Ids): Ids => ids

describe("one mapping of 1,000", () => {
  it.effect("K1: with its destination in the ref, reads and changes take a handful of requests", () =>
    Effect.gen(function* () {
      const { added, administration, catalog, refOf, requests } = yield* account
      const ref = yield* refOf(added[987] ?? expect.fail("no mapping"))
      const read = yield* requests(catalog.get(ref))
      expect(String(read.value.ref)).toBe(String(ref))
      const paused = yield* requests(administration.pause(ref))
      expect(paused.value.state).toBe("paused")
      const resumed = yield* requests(administration.resume(ref))
      const scheduled = yield* requests(administration.setSchedule(ref, Schedule.every("1 hour")))
      expect([read.count, paused.count, resumed.count, scheduled.count]).toEqual([3, 2, 4, 4])
    }),
  )

  it.effect("K1: the catalog's refs have the destination", () =>
    Effect.gen(function* () {
      const { added, catalog, requests } = yield* account
      const listed = yield* requests(Stream.runCollect(catalog.list))
      expect(listed.count).toBe(1 + 1 + 50)
      expect(new Set(listed.value.map(({ ref }) => ref.ids["destination"]))).toEqual(
        new Set(added.map(({ destination }) => destination)),
      )
      const one = listed.value[500] ?? expect.fail("no mapping")
      expect((yield* requests(catalog.get(one.ref))).value).toEqual(one)
    }),
  )

  it.effect(
    "K1: without it, one search finds the mapping, those of its source first, and every other one on its way",
    () =>
      Effect.gen(function* () {
        const { added, catalog, refOf, requests } = yield* account
        const refs = yield* Effect.forEach(added, (ids) => refOf(withoutDestination(ids)))
        // Of source-1: its destinations are the 25 even ones.
        const last = refs[24 * 40] ?? expect.fail("no mapping")
        const searched = yield* requests(catalog.get(last))
        expect([textOf(searched.value.ref), searched.count]).toEqual([String(last), 1 + 25 + 2])
        expect(searched.value.ref.ids["destination"]).toBe(added[24 * 40]?.["destination"])
        expect((yield* requests(catalog.get(last))).count).toBe(3)
        expect((yield* requests(catalog.get(refs[0] ?? expect.fail("no mapping")))).count).toBe(3)
      }),
  )

  it.effect("K1: reads of many mappings at once share one search", () =>
    Effect.gen(function* () {
      const { added, catalog, refOf, requests } = yield* account
      const refs = yield* Effect.forEach(
        added.filter((_, index) => index % 40 === 0),
        (ids) => refOf(withoutDestination(ids)),
      )
      const { value, count } = yield* requests(
        Effect.forEach(refs, (ref) => catalog.get(ref), { concurrency: "unbounded" }),
      )
      expect(value.map(({ ref }) => textOf(ref))).toEqual(refs.map(String))
      // The destinations once for each search, the mappings of each destination once, and two parts for each mapping.
      expect(count).toBe(25 + 25 + 2 * 25)
    }),
  )

  it.effect.each([
    ["of another mapping", (added: ReadonlyArray<Ids>) => added[0]?.["destination"] ?? ""],
    ["that does not exist", () => "gone"],
    ["that no path can contain", () => ".."],
  ] as const)("K1: a destination %s in the ref leads to a search, and the sync has the right one", ([, wrong]) =>
    Effect.gen(function* () {
      const { added, administration, catalog, refOf, requests } = yield* account
      const right = added[987] ?? expect.fail("no mapping")
      const ref = yield* refOf({ ...right, destination: wrong(added) })
      const { value } = yield* requests(catalog.get(ref))
      expect(value.ref).toEqual(yield* refOf(right))
      expect((yield* requests(administration.pause(ref))).value.state).toBe("paused")
      const missing = yield* refOf({ ...right, subscription: "nope", destination: wrong(added) })
      expect((yield* Effect.flip(within("1 hour", catalog.get(missing)))).reason).toMatchObject({ _tag: "NotFound" })
    }),
  )
})

describe("one mapping in an account of more than 250 destinations", () => {
  it.effect("a search ends at 250 of them, and says what to do", () =>
    Effect.gen(function* () {
      const { emulator, catalog, refOf } = yield* admin()
      const added: Array<Ids> = []
      for (let count = 0; count <= 250; count++) {
        const parts = yield* emulator.addParts()
        added.push({ ...(yield* emulator.addSync({ parts })), destination: parts["destination"] ?? "" })
      }
      const last = added[250] ?? expect.fail("no mapping")
      const failure = yield* Effect.flip(within("1 hour", catalog.get(yield* refOf(withoutDestination(last)))))
      expect(failure).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: ["ids", "destination"] }] } })
      expect(yield* within("1 hour", catalog.get(yield* refOf(last)))).toMatchObject({ state: "enabled" })
    }),
  )
})
