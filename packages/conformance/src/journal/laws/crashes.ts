import type { JournalRecord, Service } from "@openretl/core/Journal"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type JournalLaw, law, Skipped } from "../JournalLaw.ts"
import { type CourseStep, type CrashPoint, courseOwner, steps } from "../testbed/course.ts"
import {
  claimed,
  identity,
  key,
  keyed,
  leased,
  long,
  markOf,
  otherIdentity,
  owner,
  required,
  trigger,
} from "../testbed/parts.ts"
import { race } from "../testbed/race.ts"
import * as Workers from "../testbed/workers.ts"

const moments = ["before", "within", "after"] as const

const isLeaseStep = (step: CourseStep): boolean => step === "acquire" || step === "release"

/** Every moment of what is written, and the writes of the leases. Each point costs a process. */
const points: ReadonlyArray<CrashPoint> = steps.flatMap((step) =>
  moments.filter((moment) => moment === "within" || !isLeaseStep(step)).map((moment) => ({ step, moment })),
)

/** Returns whether each step has had its effect, by what a client reads. */
const visibleSteps = Effect.fnUntraced(function* (journal: Service) {
  const record: JournalRecord | undefined = yield* journal.find(identity, key)
  const entry = record?._tag === "Stored" ? record.entry : undefined
  const lease = yield* journal.acquire(identity, owner("looks"), 1)
  const isLeased = lease._tag === "Occupied" && lease.owner.call === courseOwner.call
  const isMarked = entry?.state === "sent" || entry?.state === "started"
  if (isMarked) expect(entry).toMatchObject({ request: { fence: { runs: ["r0"] } } })
  const wasLeased = isLeased || isMarked || (lease._tag === "Acquired" && lease.lease.number > 1)
  return {
    claim: entry !== undefined,
    acquire: wasLeased,
    mark: isMarked,
    update: entry?.state === "started",
    release: wasLeased && !isLeased,
  } satisfies Record<CourseStep, boolean>
})

export const crashLaws: ReadonlyArray<JournalLaw> = [
  ...points.map(({ step, moment }) =>
    law(
      "J6",
      `a process that is killed ${moment} the step "${step}" leaves all or nothing of it, and every reported write stays`,
      (testbed) =>
        Effect.gen(function* () {
          const program = yield* required(testbed.place.program)
          const journal = yield* testbed.open
          const done = yield* Workers.kill(program, { step, moment })
          const before = steps.slice(0, steps.indexOf(step))
          expect(done).toEqual(before)
          const state = yield* visibleSteps(journal)
          expect(steps.slice(0, before.length).map((name) => state[name])).toEqual(before.map(() => true))
          if (moment === "before") expect(state[step]).toBe(false)
          if (moment === "after") expect(state[step]).toBe(true)
          expect(steps.slice(before.length + 1).map((name) => state[name])).not.toContain(true)
          // Nothing that the process had locked keeps others from going on.
          yield* claimed(journal, owner("next"), keyed("e2", { key: "another key" }))
          const lease = yield* leased(journal, owner("next"), otherIdentity)
          expect(yield* journal.mark(markOf(lease, trigger("e3", { identity: otherIdentity })))).toMatchObject({
            _tag: "Marked",
          })
        }),
    ),
  ),

  law("J6", "a reported write outlasts every client", ({ open, time }) =>
    Effect.gen(function* () {
      if (time === "virtual") return yield* new Skipped({ reason: "the store lives as long as its client" })
      const id = yield* Effect.scoped(
        Effect.gen(function* () {
          const journal = yield* open
          yield* claimed(journal, owner("a"))
          yield* leased(journal, owner("a"))
          return journal.id
        }),
      )
      const journal = yield* open
      expect(journal.id).toBe(id)
      expect(yield* journal.find(identity, key)).toMatchObject({ isOwnerAlive: true })
      expect(yield* journal.acquire(identity, owner("b"), long)).toMatchObject({ _tag: "Occupied" })
    }),
  ),

  law("J6", "the store has the settings under which a reported write survives a loss of power", ({ open, place }) =>
    Effect.gen(function* () {
      const durability = yield* required(place.durability)
      yield* open
      const settings = yield* durability
      expect(settings).not.toEqual([])
      for (const { name, value, needed } of settings) expect([name, value]).toEqual([name, needed])
    }),
  ),

  law("J9", "processes that open an empty place at once share one store", (testbed) =>
    Effect.gen(function* () {
      const opened = yield* race(testbed, "open", { key })
      expect(new Set(opened.map(({ id }) => id)).size).toBe(1)
      expect(opened.filter(({ isClaimed }) => isClaimed)).toHaveLength(1)
    }),
  ),

  law("J9", "all clients of a store have its id, from its creation", ({ open }) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* open, yield* open]
      expect(journal.id).toMatch(/./)
      expect(other.id).toBe(journal.id)
    }),
  ),

  law("J9", "a store of a newer version is refused, and nothing in it changes", ({ open, place }) =>
    Effect.gen(function* () {
      const raiseSchema = yield* required(place.raiseSchema)
      yield* Effect.scoped(Effect.flatMap(open, (journal) => claimed(journal, owner("a"))))
      yield* raiseSchema
      for (let tries = 0; tries < 2; tries++) {
        const error = yield* Effect.flip(Effect.scoped(open))
        expect(error.reason._tag).toBe("NewerSchema")
      }
    }),
  ),
]
