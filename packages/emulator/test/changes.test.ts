import { describe, expect, it } from "@effect/vitest"
import { Fault, RudderStackEmulator } from "@openretl/emulator"
import type { SyncChange } from "@openretl/emulator/Emulator"
import { Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { sendTo } from "./client.ts"
import { configurings } from "./configuring.ts"

/** A field that a stranger changes, in each vendor's words, and where reads show it. */
const strangersFields = {
  segment: { settings: { "@path": "$.traits.email" } },
  rudderstack: { mappings: [{ from: "plan", to: "tier" }] },
  zeotap: { field_mapping: [{ source_column: "plan", destination_field: "Tier" }] },
} as const

describe.each(configurings)("$name", ({ name, setup }) => {
  const lagging = Effect.tap(setup(), ({ emulator }) => emulator.setReadLag("30 seconds"))

  describe("reads that lag", () => {
    it.effect("show a create, an update and a delete only when the lag is over; the truth has them at once", () =>
      Effect.gen(function* () {
        const { emulator, create, resume, pause, remove, read, list, shownIn } = yield* lagging
        const id = yield* create
        expect([(yield* read(id)).status, yield* list]).toEqual([404, []])
        yield* TestClock.adjust("30 seconds")
        expect(shownIn(yield* read(id))).toMatchObject({ id, isEnabled: false })

        yield* resume(id)
        expect(shownIn(yield* read(id)).isEnabled).toBe(false)
        expect((yield* list).map(({ isEnabled }) => isEnabled)).toEqual([false])
        expect(yield* emulator.syncs).toMatchObject([{ state: "enabled" }])
        yield* TestClock.adjust("10 seconds")
        yield* pause(id)
        yield* TestClock.adjust("20 seconds")
        expect(shownIn(yield* read(id)).isEnabled).toBe(true)
        yield* TestClock.adjust("10 seconds")
        expect((yield* list).map(({ isEnabled }) => isEnabled)).toEqual([false])

        yield* remove(id)
        expect(yield* emulator.syncs).toEqual([])
        expect([(yield* read(id)).status, (yield* list).map((sync) => sync.id)]).toEqual([200, [id]])
        yield* TestClock.adjust("30 seconds")
        expect([(yield* read(id)).status, yield* list]).toEqual([404, []])
      }),
    )

    it.effect("do not change what the vendor does: starts and schedules follow the truth", () =>
      Effect.gen(function* () {
        const { emulator, create, resume, pause, remove, start, idsOf } = yield* lagging
        const id = yield* create
        yield* resume(id)
        expect((yield* start(id)).status).toBeLessThan(300)
        yield* TestClock.adjust("10 minutes")
        yield* pause(id)
        expect((yield* start(id)).status).toBe(400)
        yield* emulator.changeSync(idsOf(id), { state: "enabled", schedule: { every: "15 minutes" } })
        yield* TestClock.adjust("15 minutes")
        expect((yield* emulator.runsOf(idsOf(id))).map(({ origin }) => origin)).toEqual(["call", "schedule"])
        yield* remove(id)
        expect((yield* start(id)).status).toBe(404)
      }),
    )

    it.effect("draw their lag each", () =>
      Effect.gen(function* () {
        const { emulator, create, resume, read, shownIn } = yield* setup()
        const id = yield* create
        yield* TestClock.adjust("1 minute")
        yield* emulator.setReadLag({ min: 0, max: "1 minute" })
        yield* resume(id)
        yield* TestClock.adjust("30 seconds")
        const shown = yield* Effect.replicateEffect(
          Effect.map(read(id), (answer) => shownIn(answer).isEnabled),
          30,
        )
        expect(new Set(shown)).toEqual(new Set([true, false]))
      }),
    )

    it.effect("always show a sync that was set up, unless it is to appear as a stranger's", () =>
      Effect.gen(function* () {
        const { emulator, read, create } = yield* lagging
        const parts = (yield* emulator.syncs.pipe(Effect.andThen(create), Effect.andThen(emulator.syncs)))[0]?.parts
        const idOf = (ids: object) => Object.values(ids).at(-1) as string
        const own = yield* emulator.addSync({ parts: parts ?? {} })
        const strangers = yield* emulator.addSync({ parts: parts ?? {}, isLagged: true })
        expect((yield* read(idOf(own))).status).toBe(200)
        expect((yield* read(idOf(strangers))).status).toBe(404)
        yield* TestClock.adjust("30 seconds")
        expect((yield* read(idOf(strangers))).status).toBe(200)
      }),
    )
  })

  describe("changes that take", () => {
    it.effect("are accepted with the usual answer, and take effect later in truth, too", () =>
      Effect.gen(function* () {
        const { emulator, create, resume, remove, read, shownIn } = yield* setup({ changeTakes: "90 seconds" })
        const id = yield* create
        expect(id).toBeDefined()
        expect(yield* emulator.syncs).toEqual([])
        yield* TestClock.adjust("89 seconds")
        expect((yield* read(id)).status).toBe(404)
        yield* TestClock.adjust("1 second")
        expect(shownIn(yield* read(id)).id).toBe(id)

        expect(shownIn(yield* resume(id)).isEnabled).toBe(true)
        expect(shownIn(yield* read(id)).isEnabled).toBe(false)
        yield* TestClock.adjust("89 seconds")
        expect((yield* emulator.syncs)[0]?.state).not.toBe("enabled")
        yield* TestClock.adjust("1 second")
        expect((yield* emulator.syncs)[0]?.state).toBe("enabled")

        expect((yield* remove(id)).status).toBeLessThan(300)
        yield* TestClock.adjust("89 seconds")
        expect(yield* emulator.syncs).toHaveLength(1)
        yield* TestClock.adjust("1 second")
        expect(yield* emulator.syncs).toEqual([])
      }),
    )

    it.effect("take effect in the order of their requests, and not on a sync that is gone", () =>
      Effect.gen(function* () {
        const { emulator, create, resume, pause, remove } = yield* setup()
        const id = yield* create
        yield* emulator.setChangeTakes({ min: "10 seconds", max: "60 seconds" })
        for (let count = 0; count < 5; count++) yield* Effect.andThen(resume(id), pause(id))
        yield* emulator.setChangeTakes(0)
        yield* resume(id)
        expect((yield* emulator.syncs)[0]?.state).not.toBe("enabled")
        yield* TestClock.adjust("60 seconds")
        expect((yield* emulator.syncs)[0]?.state).toBe("enabled")
        yield* emulator.setChangeTakes("10 seconds")
        yield* remove(id)
        yield* pause(id)
        yield* TestClock.adjust("10 seconds")
        expect(yield* emulator.syncs).toEqual([])
      }),
    )

    it.effect("keep what a stranger changed in between, unless they name it", () =>
      Effect.gen(function* () {
        const { emulator, create, resume, read, idsOf, shownIn } = yield* setup()
        const id = yield* create
        yield* emulator.setChangeTakes("90 seconds")
        yield* resume(id)
        yield* emulator.changeSync(idsOf(id), { name: "theirs", fields: strangersFields[name] })
        yield* TestClock.adjust("90 seconds")
        expect(yield* emulator.syncs).toMatchObject([{ name: "theirs", state: "enabled" }])
        const answer = yield* read(id)
        expect(shownIn(answer).isEnabled).toBe(true)
        expect(answer.text).toContain(JSON.stringify(strangersFields[name]).slice(1, -1))
      }),
    )

    it.effect("can be answered with 202 or an empty body, by a fault", () =>
      Effect.gen(function* () {
        const { emulator, create, pause, resume, read, shownIn } = yield* setup()
        const id = yield* create
        yield* emulator.setChangeTakes("90 seconds")
        yield* emulator.addFaults(Fault.respond("update", { status: 202, commits: true }), Fault.emptyBody("update"))
        expect(yield* resume(id)).toMatchObject({ status: 202, text: "" })
        expect(yield* pause(id)).toMatchObject({ status: 200, text: "" })
        yield* TestClock.adjust("90 seconds")
        expect(shownIn(yield* read(id)).isEnabled).toBe(false)
      }),
    )
  })

  describe("a stranger", () => {
    it.effect("changes the state, the schedule, the name and fields of a sync, which reads show after their lag", () =>
      Effect.gen(function* () {
        const { emulator, create, read, idsOf, shownIn } = yield* setup()
        const id = yield* create
        yield* TestClock.adjust("1 minute")
        yield* emulator.setReadLag("30 seconds")
        const before = yield* read(id)
        const change: SyncChange = { name: "theirs", state: "enabled", schedule: { every: "1 hour" } }
        yield* emulator.changeSync(idsOf(id), { ...change, fields: strangersFields[name] })
        expect((yield* emulator.syncs)[0]).toMatchObject({ name: "theirs", state: "enabled", nextFire: 3_660_000 })
        expect((yield* read(id)).text).toBe(before.text)
        yield* TestClock.adjust("30 seconds")
        const after = yield* read(id)
        expect(shownIn(after)).toMatchObject({ isEnabled: true, schedule: expect.anything() })
        expect(after.text).toContain(JSON.stringify(strangersFields[name]).slice(1, -1))
        if (name !== "rudderstack") expect(shownIn(after).label).toBe("theirs")
        yield* emulator.changeSync(idsOf(id), { schedule: null })
        yield* emulator.setReadLag(0)
        expect(shownIn(yield* read(id)).schedule).toBeUndefined()
        expect((yield* emulator.syncs)[0]?.nextFire).toBeUndefined()
      }),
    )

    it.effect("gives a sync a schedule that is not documented, which an update that does not name it keeps", () =>
      Effect.gen(function* () {
        const { emulator, create, resume, read, idsOf, shownIn } = yield* setup()
        const id = yield* create
        const wireSchedule = name === "zeotap" ? "@hourly" : { type: "odd", strategy: "ODD", jitter: 5 }
        yield* emulator.changeSync(idsOf(id), { schedule: { every: "1 hour" }, wireSchedule })
        expect(shownIn(yield* read(id)).schedule).toEqual(wireSchedule)
        expect((yield* emulator.syncs)[0]?.nextFire).toBe(3_600_000)
        // An update of RudderStack's always names the schedule.
        yield* resume(id)
        if (name !== "rudderstack") expect(shownIn(yield* read(id)).schedule).toEqual(wireSchedule)
      }),
    )

    it.effect("deletes a sync; a change of one that is gone, or of a field that the vendor lacks, dies", () =>
      Effect.gen(function* () {
        const { emulator, create, read, idsOf } = yield* setup()
        const id = yield* create
        const odd = yield* Effect.exit(emulator.changeSync(idsOf(id), { name: "no", fields: { oddity: 1 } }))
        expect(Exit.hasDies(odd)).toBe(true)
        expect((yield* emulator.syncs)[0]?.name).not.toBe("no")
        yield* emulator.deleteSync(idsOf(id))
        expect((yield* read(id)).status).toBe(404)
        expect(yield* emulator.syncs).toEqual([])
        expect(Exit.hasDies(yield* Effect.exit(emulator.deleteSync(idsOf(id))))).toBe(true)
        expect(Exit.hasDies(yield* Effect.exit(emulator.changeSync(idsOf(id), { name: "x" })))).toBe(true)
      }),
    )
  })

  describe("an answer with the body of another sync", () => {
    it.effect("comes to a create, an update, a read and a delete, which are carried out", () =>
      Effect.gen(function* () {
        const { emulator, create, createAnswer, resume, remove, read, shownIn } = yield* setup()
        const first = yield* create
        yield* emulator.addFaults(
          ...(["create", "update", "sync", "delete"] as const).map((op) => Fault.anothersBody(op)),
        )
        expect(shownIn(yield* createAnswer).id).toBe(first)
        const [, second] = yield* emulator.syncs
        const id = Object.values(second?.ids ?? {}).at(-1)
        expect(id).not.toBe(first)
        expect(shownIn(yield* resume(id))).toMatchObject({ id: first, isEnabled: false })
        expect((yield* emulator.syncs)[1]?.state).toBe("enabled")
        expect(shownIn(yield* read(id)).id).toBe(first)
        expect(shownIn(yield* remove(id)).id).toBe(first)
        expect(yield* emulator.syncs).toHaveLength(1)
      }),
    )

    it.effect("shows the sync that the fault names, also the request's own as it was before", () =>
      Effect.gen(function* () {
        const { emulator, create, resume, read, shownIn, idsOf } = yield* setup()
        const [, second, third] = [yield* create, yield* create, yield* create]
        yield* emulator.addFaults(Fault.anothersBody("sync", { another: idsOf(third) }))
        expect(shownIn(yield* read(second)).id).toBe(third)
        yield* emulator.addFaults(Fault.anothersBody("update", { another: idsOf(second) }))
        expect(shownIn(yield* resume(second))).toMatchObject({ id: second, isEnabled: false })
        expect(shownIn(yield* read(second)).isEnabled).toBe(true)
      }),
    )

    it.effect("does not replace a refusal, nor an answer where there is no other sync", () =>
      Effect.gen(function* () {
        const { emulator, create, read, shownIn } = yield* setup()
        const id = yield* create
        yield* emulator.addFaults(Fault.anothersBody("sync", { times: 2 }))
        expect(shownIn(yield* read(id)).id).toBe(id)
        expect((yield* read("none")).status).toBe(404)
      }),
    )
  })

  it.effect("an entry of a list has no id, where a fault says so", () =>
    Effect.gen(function* () {
      const { emulator, create, list } = yield* setup()
      const ids = [yield* create, yield* create]
      yield* emulator.addFaults(
        Fault.entryWithoutId("syncs", { entry: 1 }),
        Fault.entryWithoutId("syncs", { entry: 7 }),
      )
      expect((yield* list).map(({ id }) => id)).toEqual([ids[0], undefined])
      expect((yield* list).map(({ id }) => id)).toEqual(ids)
    }),
  )
})

describe("of two creates that were accepted, the first to take effect prevents the second", () => {
  const body = { schedule: { type: "manual" }, identifiers: [{ from: "email", to: "user_id" }] }

  it.effect.each([
    { destinationTaken: "unchecked", count: 2 },
    { destinationTaken: "409", count: 1 },
  ] as const)("RudderStack, by pair and by destination ($destinationTaken)", ({ destinationTaken, count }) =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make({ changeTakes: "1 minute", switches: { destinationTaken } })
      const [first, second] = [yield* emulator.addParts(), yield* emulator.addParts()]
      for (const source of [first["source"], first["source"], second["source"]]) {
        const fields = { ...body, event: { type: "identify" }, sourceId: source, destinationId: first["destination"] }
        expect((yield* sendTo(emulator, "POST", "/v2/retl-connections", { body: fields })).status).toBe(200)
      }
      yield* TestClock.adjust("1 minute")
      expect(yield* emulator.syncs).toHaveLength(count)
    }),
  )

  it.effect.each([
    { duplicateName: "allowed", count: 2 },
    { duplicateName: "409", count: 1 },
  ] as const)("Zeotap, by name ($duplicateName)", ({ duplicateName, count }) =>
    Effect.gen(function* () {
      const zeotap = configurings.find(({ name }) => name === "zeotap")
      const configuring = yield* zeotap?.setup({ changeTakes: "1 minute", switches: { duplicateName } }) ??
        Effect.die("none")
      yield* configuring.create
      yield* configuring.create
      yield* TestClock.adjust("1 minute")
      expect(yield* configuring.emulator.syncs).toHaveLength(count)
    }),
  )
})
