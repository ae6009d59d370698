/** One key in several processes, which share a store and are killed. */
import { describe, expect, it } from "@effect/vitest"
import type { JournalError } from "@openretl/core/JournalError"
import * as ControlClient from "@openretl/emulator/ControlClient"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import { Effect, Queue, type Scope } from "effect"
import { afterAll } from "vitest"
import { form } from "../../../scripts/forms.ts"
import { keyOf } from "../src/judge.ts"
import type { End, Job } from "../src/messages.ts"
import { points } from "../src/points.ts"
import { bundledWorker, openWorker, serveEmulator, startWorker, type Worker } from "../src/processes.ts"
import * as Stores from "../src/stores.ts"
import { windows } from "../src/windows.ts"

/** An emulator with as many syncs, and a function that opens a worker over the store. */
const setup = (open: Place["open"], syncs: number) =>
  Effect.gen(function* () {
    const store = yield* open
    const [workerFile, emulator] = yield* Effect.all(
      [
        bundledWorker,
        serveEmulator({
          syncs: Array.from({ length: syncs }, () => ({})),
          plan: { duration: "500 millis" },
          latency: "20 millis",
          switches: { overlap: "concurrent" },
        }),
      ],
      { concurrency: "unbounded" },
    )
    const { url, token } = emulator
    const worker = Effect.acquireRelease(startWorker(workerFile), ({ kill }) => Effect.sync(kill)).pipe(
      Effect.tap((started) => openWorker(started, { store: store.place, url, token, windows })),
    )
    const client = yield* ControlClient.make({ url })
    return { client, worker, connections: emulator.syncs.map(({ connection }) => connection ?? "") }
  })

const job = (id: number, connection: string, key: string, mode: Job["mode"] = "run"): Job => ({
  ...{ id, connection, key, isExclusive: true, mode },
})

/** Waits for the ends of so many jobs. */
const ends = (worker: Worker, count: number): Effect.Effect<ReadonlyArray<End>> =>
  Effect.replicateEffect(
    Effect.map(Queue.take(worker.events), (event) =>
      event._tag === "Ended" ? event.end : expect.unreachable(`the worker says ${event._tag}`),
    ),
    count,
  )

/** Has ten jobs done by three workers at once, and returns how they ended. */
const tenOf = Effect.fnUntraced(function* <E, R>(worker: Effect.Effect<Worker, E, R>, jobOf: (id: number) => Job) {
  const workers = yield* Effect.all([worker, worker, worker], { concurrency: "unbounded" })
  const perWorker = workers.map((one, index) => ({ one, jobs: index === 0 ? 4 : 3 }))
  for (const { one, jobs } of perWorker) {
    for (let id = 0; id < jobs; id++) one.send({ _tag: "Do", job: jobOf(id) })
  }
  const answers = yield* Effect.forEach(perWorker, ({ one, jobs }) => ends(one, jobs), { concurrency: "unbounded" })
  return answers.flat()
})

/** The points at which a step is killed. */
const tried = points.filter((_, index) => form(index % 4 === 1, true))

const server = await TestPostgres.start()
afterAll(() => server?.stop())

interface Place {
  readonly name: string
  readonly open: Effect.Effect<Stores.Store, JournalError, Scope.Scope>
  readonly isMissing?: boolean
}

const stores: ReadonlyArray<Place> = [
  { name: "SQLite", open: Stores.sqlite },
  server === undefined
    ? { name: `PostgreSQL (${TestPostgres.missing})`, open: Effect.die(TestPostgres.missing), isMissing: true }
    : { name: "PostgreSQL", open: Stores.postgresAt(server.url) },
]

// In the short form callers share a key over one store, and fresh data over the other.
describe.each(stores)("a key over $name", ({ name, open, isMissing = false }) => {
  it.live.skipIf(isMissing || form(name === "SQLite" && server !== undefined, false))(
    "T10: ten callers with one key in three processes share one run, and have equal answers",
    () =>
      Effect.gen(function* () {
        const { client, worker, connections } = yield* setup(open, 1)
        const all = yield* tenOf(worker, (id) => job(id, connections[0] ?? "", "nightly"))
        const { runs, calls } = yield* client.truth
        expect(calls.filter(({ operation }) => operation === "start")).toHaveLength(1)
        expect(runs).toHaveLength(1)
        const answer = { _tag: "Finished", run: runs[0]?.id, status: "succeeded", verdict: "complete", rows: 100 }
        expect(all.map((end) => ({ ...end, how: "" }))).toEqual(
          Array.from({ length: 10 }, () => ({ ...answer, how: "" })),
        )
        expect(all.filter((end) => end._tag === "Finished" && end.how === "started")).toHaveLength(1)
      }).pipe(Effect.scoped),
    60_000,
  )

  it.live.skipIf(isMissing || form(name !== "SQLite", false))(
    "T11: ten callers in three processes who want data of the last hour have one run",
    () =>
      Effect.gen(function* () {
        const { client, worker, connections } = yield* setup(open, 1)
        const all = yield* tenOf(worker, (id) => job(id, connections[0] ?? "", `caller-${id}`, "ensure"))
        const { runs, calls } = yield* client.truth
        expect(calls.filter(({ operation }) => operation === "start")).toHaveLength(1)
        expect(all.map((end) => end._tag === "Finished" && end.run)).toEqual(
          Array.from({ length: 10 }, () => runs[0]?.id),
        )
        expect(all.filter((end) => end._tag === "Finished" && end.how === "started")).toHaveLength(1)
        // A later process has the same run.
        const later = yield* worker
        later.send({ _tag: "Do", job: job(11, connections[0] ?? "", "later", "ensure") })
        expect(yield* ends(later, 1)).toMatchObject([{ _tag: "Finished", run: runs[0]?.id, how: "fresh" }])
      }).pipe(Effect.scoped),
    60_000,
  )

  // The crash run itself kills processes over SQLite.
  it.live.skipIf(isMissing || form(name === "SQLite", false))(
    "T10: a step that is killed at any point and run again with its key has one run",
    () =>
      Effect.gen(function* () {
        const { client, worker, connections } = yield* setup(open, tried.length)
        const steps = tried.map((point, index) => ({ point, job: job(index, connections[index] ?? "", point) }))
        yield* Effect.forEach(
          steps,
          (step) =>
            Effect.gen(function* () {
              const started = yield* worker
              started.send({ _tag: "Arm", point: step.point })
              started.send({ _tag: "Do", job: step.job })
              expect(yield* Queue.take(started.events)).toEqual({ _tag: "Reached", point: step.point })
              started.kill()
            }),
          { concurrency: 3 },
        )
        const again = yield* worker
        for (const step of steps) again.send({ _tag: "Do", job: step.job })
        const answers = yield* ends(again, steps.length)
        const { runs } = yield* client.truth
        expect(runs.map(({ request }) => keyOf(request)).toSorted()).toEqual(tried.toSorted())
        const learned = answers.map((end) => (end._tag === "Finished" ? end.run : JSON.stringify(end)))
        expect(learned.toSorted()).toEqual(runs.map(({ id }) => id).toSorted())
      }).pipe(Effect.scoped),
    60_000,
  )
})
