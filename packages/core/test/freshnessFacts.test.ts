/** What the journal and the list show of a sync's runs, before anything is judged. */
import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Exit, Scope } from "effect"
import { TestClock } from "effect/testing"
import type { WorkspaceContext } from "../src/engine/context.ts"
import * as Facts from "../src/engine/freshness/facts.ts"
import * as Lengths from "../src/engine/poll/lengths.ts"
import { Priority } from "../src/engine/rate-limit/rateLimit.ts"
import type { Listed } from "../src/journal/Journal.ts"
import type { TriggerEntry } from "../src/model/JournalEntry.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Run } from "../src/model/Run.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as ListedRuns from "./support/listedRuns.ts"
import { begin, workspace } from "./support/testbed.ts"

const { sync } = ListedRuns
const hour = 3_600_000

/** The time of the store at which it is read; its clock is not ours. */
const storeNow = 5_000 * hour

interface Times {
  readonly run?: string
  /** How many milliseconds ago. */
  readonly sent?: number
  readonly ended?: number
  readonly accepted?: number
  readonly adopted?: "lost-answer" | "already-running"
}

/** An entry of a run: finished where it has an end. */
const entryOf = (id: string, { run = "r1", sent, ended, accepted = 0, adopted }: Times): TriggerEntry => {
  const at = (ago: number) => FakeDriver.at(storeNow - ago)
  const within = Duration.minutes(1)
  const fence = { runs: [], complete: true }
  const common = {
    ...{ id, identity: "i", vendor: "fake", baseUrl: "", workspace: "test", sync },
    ...{ revision: 1, attempt: 1, owner: { host: "h", pid: 1, call: "c" }, run: new RunRef({ sync, run }) },
    ...{ createdAt: at(0), writtenAt: at(0), ...(adopted && { adopted }) },
    ...(sent !== undefined && {
      request: { sentAt: at(sent), fence, exclusive: false, writeTimeout: within, runAppearsWithin: within },
    }),
    kind: "trigger" as const,
    edition: 2 as const,
  }
  return ended === undefined
    ? { ...common, state: "started", acceptedAt: at(accepted) }
    : { ...common, state: "finished", endedAt: at(ended), status: "succeeded", rows: { succeeded: 7 } }
}

/** Reads the facts of a journal with these entries, whose read takes its time, and of a list of runs. */
const read = (entries: ReadonlyArray<TriggerEntry>, runs: ReadonlyArray<Run> = [], takes = 0) => {
  const readAt = DateTime.makeUnsafe(storeNow)
  const listed: Listed = {
    entries: entries.map((entry) => ({ _tag: "Stored", entry, readAt, isOwnerAlive: false })),
    unreadable: [],
  }
  const list: WorkspaceContext["store"]["list"] = () => Effect.delay(Effect.succeed(listed), takes)
  const { context } = ListedRuns.listing(() => runs, {
    parts: { readLag: Duration.minutes(1), store: { list } as WorkspaceContext["store"] },
  })
  const facts = Facts.read(context, sync, Priority.read, () => ({ freshFor: 1 }))
  return Effect.map(facts, ({ facts }) => ({ facts, context }))
}

/** What the journal has of the run `r1`, without the run itself. */
const journaledOf = (entries: ReadonlyArray<TriggerEntry>) =>
  Effect.map(read(entries), ({ facts }) => {
    const { run, ...journaled } = facts.journaled.get("r1") ?? expect.unreachable()
    return { ...journaled, status: run.status }
  })

describe("what the journal has of a run", () => {
  const never = Infinity

  it.effect.each<readonly [string, Times, object]>([
    [
      "under way began after its mark",
      { sent: 30, accepted: 20 },
      { markedAgo: 30, sentAgo: 30, acceptedAgo: 20, status: "running" },
    ],
    [
      "began after its mark, and ended before the journal learned of it",
      { sent: 30, ended: 10 },
      { markedAgo: 30, sentAgo: 30, endedAgo: 10, acceptedAgo: never, status: "succeeded" },
    ],
    [
      "that was marked right now counts",
      { sent: 0, ended: 0 },
      { markedAgo: 0, sentAgo: 0, endedAgo: 0, acceptedAgo: never, status: "succeeded" },
    ],
    [
      "began at any time where no request led to it",
      { accepted: 0 },
      { markedAgo: never, sentAgo: never, acceptedAgo: 0, status: "running" },
    ],
    [
      "began at any time where the vendor was busy with it",
      { sent: 30, accepted: 20, adopted: "already-running" },
      { markedAgo: never, sentAgo: never, acceptedAgo: 20, status: "running" },
    ],
    [
      "began at any time where its answer was lost, and was marked",
      { sent: 30, accepted: 20, adopted: "lost-answer" },
      { markedAgo: 30, sentAgo: never, acceptedAgo: 20, status: "running" },
    ],
    [
      "says nothing of its mark where the store's clock was set back",
      { sent: -1, ended: -5 },
      { markedAgo: never, sentAgo: never, endedAgo: 0, acceptedAgo: never, status: "succeeded" },
    ],
    [
      "was accepted now where the store's clock was set back",
      { sent: 30, accepted: -5 },
      { markedAgo: 30, sentAgo: 30, acceptedAgo: 0, status: "running" },
    ],
  ])("N1: a run %s", ([_, times, expected]) =>
    Effect.gen(function* () {
      expect(yield* journaledOf([entryOf("e1", times)])).toStrictEqual({ ...expected, entry: "e1" })
    }),
  )

  it.effect("N1, T11: of several entries of a run, the mark, the end and the entry of its trigger count", () =>
    Effect.gen(function* () {
      const trigger = entryOf("trigger", { sent: 90, accepted: 80 })
      const adopting = entryOf("adopting", { sent: 70, ended: 10, adopted: "already-running" })
      for (const entries of [
        [trigger, adopting],
        [adopting, trigger],
      ]) {
        const { facts } = yield* read(entries)
        const journaled = facts.journaled.get("r1")
        expect(journaled).toMatchObject({ markedAgo: 90, sentAgo: 90, endedAgo: 10, entry: "trigger" })
        expect(journaled?.run).toMatchObject({ status: "succeeded", rows: { succeeded: 7 } })
      }
    }),
  )

  it.effect("N1: a store that takes its time makes no run younger", () =>
    Effect.gen(function* () {
      const reading = yield* begin(read([entryOf("e1", { sent: 30, ended: 10 })], [], 500))
      yield* TestClock.adjust("1 second")
      const exit = reading.pollUnsafe()
      if (exit === undefined || Exit.isFailure(exit)) return expect.unreachable()
      expect(exit.value.facts.journaled.get("r1")).toMatchObject({ markedAgo: 530, sentAgo: 530, endedAgo: 10 })
    }),
  )
})

describe("what the list shows", () => {
  it.effect("W5: it teaches how long past runs took", () =>
    Effect.gen(function* () {
      const ended = new Run({ ...ListedRuns.run("r1", 0), finishedAt: FakeDriver.at(60_000) })
      const { context } = yield* read([], [ended])
      expect(Lengths.known(context, sync)).toEqual([60])
    }),
  )
})

describe("freshness", () => {
  it.effect("N1: without errorAfter, stale data have the level warn at any age", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0)
      yield* TestClock.setTime(900 * hour)
      const runs = Context.get((yield* workspace(fake)).services, Runs)
      expect(yield* runs.freshness(sync, { warnAfter: "1 hour" })).toMatchObject({ _tag: "Stale", level: "warn" })
    }),
  )

  it.effect("B5: closing the workspace ends it at once, also between two checks that its token reaches the sync", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.fail("check", FakeDriver.down)
      const scope = yield* Scope.make()
      const { services } = yield* workspace(fake).pipe(Scope.provide(scope))
      const judging = yield* begin(Effect.exit(Context.get(services, Runs).freshness(sync, { warnAfter: "1 hour" })))
      yield* TestClock.adjust(2)
      expect([fake.count("check"), judging.pollUnsafe()]).toEqual([1, undefined])
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust(2)
      expect(judging.pollUnsafe()).toBeDefined()
    }),
  )
})
