import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Settling from "../src/engine/trigger/settling.ts"
import type { Change } from "../src/journal/Journal.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { broken } from "./support/journals.ts"
import { logged } from "./support/logs.ts"
import { within } from "./support/testbed.ts"

const { sync } = Engine
const person = { host: "b", pid: 2, call: "c2" }
const refusal = FakeDriver.failure(new Reason.InvalidRequest({ issues: [] }), "refused", { status: 400 })

/** The release of a trigger, and whether it has come. */
const releasing = () => {
  let count = 0
  return {
    release: Effect.sync(() => void count++),
    count: () => count,
  }
}

describe("a store that is down when a trigger settles", () => {
  /** A store whose writes fail until a time, and when they came. */
  const downUntil = (millis: number) => {
    const writes: Array<number> = []
    const change: Engine.Change = ({ update, remove }) => {
      const tried = <A>(operation: Effect.Effect<A>) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          writes.push(now)
          return now < millis ? broken : operation
        })
      return {
        update: (...args) => tried(Effect.orDie(update(...args))),
        remove: (...args) => tried(Effect.orDie(remove(...args))),
      }
    }
    return { change, writes }
  }

  it.effect("T8: its caller has its result at once, the write follows after growing pauses, then the lease goes", () =>
    Effect.gen(function* () {
      const { change, writes } = downUntil(100_000)
      const engine = yield* Engine.make(change)
      const sent = yield* Engine.mark(engine)
      const { release, count } = releasing()
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const settled = yield* Settling.settle(engine.context, sent, release)
          expect(settled).toMatchObject({ _tag: "Started", run: { run: "r1" } })
          yield* TestClock.adjust("100 seconds")
          expect(writes).toEqual([0, 0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000])
          expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "sent" })
          expect(count()).toBe(0)
          yield* TestClock.adjust("21 seconds")
        }),
      )
      expect(writes.slice(9)).toEqual([121_000])
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "started", run: { run: "r1" } })
      expect(count()).toBe(1)
      expect(lines).toMatchObject([
        {
          level: "ERROR",
          message: expect.stringContaining("written once the store is back"),
          annotations: { entry: sent.entry.id, sync: String(sync), run: expect.stringContaining("r1") },
        },
      ])
    }),
  )

  it.effect("T8: it is told apart in the log where no run was started, and nothing is left behind", () =>
    Effect.gen(function* () {
      const { change } = downUntil(10_000)
      const fake = FakeDriver.make()
      fake.onStart(() => Effect.fail(FakeDriver.failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent")))
      const engine = yield* Engine.make(change, {}, fake)
      const sent = yield* Engine.mark(engine)
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const settled = yield* Settling.settle(engine.context, sent, Effect.void)
          expect(settled).toMatchObject({ _tag: "Refused" })
          yield* TestClock.adjust("1 minute")
        }),
      )
      expect(lines.map(({ annotations }) => annotations)).toStrictEqual([{ entry: sent.entry.id, sync: String(sync) }])
      expect(yield* Engine.entryOf(engine, sent)).toBeUndefined()
    }),
  )

  it.effect("T8: where the workspace closes before it is back, the entry stays open and the lease goes", () =>
    Effect.gen(function* () {
      const { change, writes } = downUntil(1e9)
      const engine = yield* Engine.make(change)
      const sent = yield* Engine.mark(engine)
      const { release, count } = releasing()
      const { lines } = yield* logged(
        Effect.gen(function* () {
          yield* Settling.settle(engine.context, sent, release)
          yield* TestClock.adjust("5 seconds")
          expect(count()).toBe(0)
          yield* within("1 second", engine.close)
        }),
      )
      expect(count()).toBe(1)
      const { length } = writes
      yield* TestClock.adjust("1 hour")
      expect(writes).toHaveLength(length)
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "sent" })
      expect(lines.map(({ message }) => message)).toEqual([
        expect.stringContaining("written once the store is back"),
        expect.stringContaining("the entry stays open"),
      ])
    }),
  )

  it.effect("T8: with the store up, one write settles it, the lease goes, and nothing is logged", () =>
    Effect.gen(function* () {
      const { change, writes } = downUntil(0)
      const engine = yield* Engine.make(change)
      const sent = yield* Engine.mark(engine)
      const { release, count } = releasing()
      const { lines } = yield* logged(within("1 minute", Settling.settle(engine.context, sent, release)))
      expect(writes).toHaveLength(1)
      expect(count()).toBe(1)
      expect(lines).toEqual([])
    }),
  )
})

describe("an entry that somebody else has concluded before the vendor's answer", () => {
  const run = (id: string) => new RunRef({ sync, run: id })

  /** Settles a trigger whose entry becomes this while its request is under way. */
  const settled = Effect.fnUntraced(function* (concluded: Change | "removed", isRefused = false) {
    const updates: Array<string> = []
    const fake = FakeDriver.make()
    const noting: Engine.Change = ({ update }) => ({
      update: (version, change, by) =>
        Effect.suspend(() => {
          updates.push(change.state)
          return update(version, change, by)
        }),
    })
    const engine = yield* Engine.make(noting, {}, fake)
    const sent = yield* Engine.mark(engine)
    const conclude: Effect.Effect<unknown, unknown> =
      concluded === "removed"
        ? engine.journal.remove(sent.entry, sent.call.owner)
        : engine.journal.update(sent.entry, concluded, person)
    fake.onStart((now, id) =>
      Effect.andThen(
        Effect.orDie(conclude),
        isRefused ? Effect.fail(refusal) : Effect.sync(() => fake.begin(id, now).id),
      ),
    )
    const { release, count } = releasing()
    const { value, lines } = yield* logged(within("1 minute", Settling.settle(engine.context, sent, release)))
    expect(count()).toBe(1)
    return { value, lines, updates, sent, entry: yield* Engine.entryOf(engine, sent) }
  })

  it.effect("J3: the answer stands, and the log has what it replaced", () =>
    Effect.gen(function* () {
      for (const [concluded, replaced] of [
        [{ state: "not-started" }, "not-started"],
        [{ state: "abandoned", candidates: [] }, "abandoned"],
        [{ state: "started", run: run("r9"), adopted: "lost-answer" }, String(run("r9"))],
      ] as const) {
        const { value, lines, entry, sent } = yield* settled(concluded)
        expect(value).toMatchObject({ _tag: "Started", run: { run: "r1" } })
        expect(entry).toMatchObject({ state: "started", run: { run: "r1" } })
        expect(entry).not.toHaveProperty("adopted")
        expect(lines).toMatchObject([
          {
            level: "ERROR",
            message: "An entry was concluded otherwise than the vendor's answer, which now stands",
            annotations: { entry: sent.entry.id, run: expect.stringContaining("r1"), concluded: replaced },
          },
        ])
      }
    }),
  )

  it.effect("J3: one that has the same run stays as it is", () =>
    Effect.gen(function* () {
      const { entry, lines, updates } = yield* settled({ state: "started", run: run("r1"), adopted: "lost-answer" })
      expect(entry).toMatchObject({ state: "started", run: { run: "r1" }, adopted: "lost-answer" })
      expect(updates).toEqual(["started"])
      expect(lines).toEqual([])
    }),
  )

  it.effect("J3: one that was removed stays so, and a refusal replaces no conclusion", () =>
    Effect.gen(function* () {
      const gone = yield* settled("removed")
      expect([gone.value._tag, gone.entry, gone.lines]).toEqual(["Started", undefined, []])
      for (const concluded of [
        { state: "started", run: run("r9"), adopted: "lost-answer" },
        { state: "not-started" },
      ] as const) {
        const refused = yield* settled(concluded, true)
        expect(refused.value._tag).toBe("Refused")
        expect(refused.entry).toMatchObject(concluded)
        expect([refused.updates, refused.lines]).toEqual([["refused"], []])
      }
    }),
  )
})
