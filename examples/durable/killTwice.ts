/**
 * The course of the example: workers are started, and the one that has the workflow is killed twice, first between its
 * trigger's POST and the answer, then in a durable sleep. Another process takes the place of each. The run ends when a worker
 * has looked at it once more, so that a slow machine takes the same course.
 */

import type { SyncRef } from "@openretl/core/Ref"
import type { Call } from "@openretl/emulator/Call"
import * as Fault from "@openretl/emulator/Fault"
import { Data, Effect, Queue, type Scope, Stream } from "effect"
import type { Started } from "../support/processes.ts"

/** What the course needs of the vendor: an emulator, or the client of a served one. */
export interface Vendor<E> {
  readonly calls: Effect.Effect<ReadonlyArray<Call>, E>
  readonly addFaults: (...faults: ReadonlyArray<Fault.Fault>) => Effect.Effect<void, E>
  readonly runsOf: (ids: SyncRef["ids"]) => Effect.Effect<ReadonlyArray<{ readonly id: string }>, E>
  readonly endRun: (runId: string) => Effect.Effect<void, E>
}

/** What happens to a worker: it prints a line, is killed, or ends by itself. Workers have numbers, from 1. */
export interface Happening {
  readonly worker: number
  readonly what: "prints" | "is killed" | "ends"
  readonly line: string
}

export interface Options<E> {
  readonly vendor: Vendor<E>
  /** The sync. Its runs have plans without an end. */
  readonly sync: SyncRef
  /** Whether the vendor starts a run for the trigger whose answer never comes. */
  readonly commits: boolean
  /** Starts a worker. */
  readonly start: Effect.Effect<Started, never, Scope.Scope>
  /** How many workers there are at a time. */
  readonly workers: number
  /** Runs for each happening. @default nothing */
  readonly onHappening?: (happening: Happening) => Effect.Effect<void>
}

/** The course went another way. */
export class NotAsPlanned extends Data.TaggedError("NotAsPlanned")<{ readonly message: string }> {}

/** Runs the course. Returns what happened, once the workers that live have ended. */
export const killTwice = <E>(options: Options<E>): Effect.Effect<ReadonlyArray<Happening>, E | NotAsPlanned> =>
  Effect.scoped(course(options)).pipe(
    Effect.timeoutOrElse({
      duration: "3 minutes",
      orElse: () => Effect.fail(new NotAsPlanned({ message: "the workers do not end" })),
    }),
  )

const course = Effect.fnUntraced(function* <E>(options: Options<E>) {
  const { vendor, sync, commits, onHappening = () => Effect.void } = options
  const happenings: Array<Happening> = []
  const queue = yield* Queue.unbounded<Happening>()
  const living = new Map<number, Started>()
  let count = 0

  const startNext = Effect.gen(function* () {
    const number = ++count
    const started = yield* options.start
    living.set(number, started)
    yield* started.lines.pipe(
      Stream.runForEach((line) => Queue.offer(queue, { worker: number, what: "prints", line })),
      Effect.ignore,
      Effect.andThen(Queue.offer(queue, { worker: number, what: "ends", line: "" })),
      Effect.forkScoped,
    )
  })
  const note = (happening: Happening) => {
    happenings.push(happening)
    return onHappening(happening)
  }
  /** Takes the next happening. The end of a worker that was killed is none. */
  const next: Effect.Effect<Happening> = Effect.flatMap(Queue.take(queue), (happening) => {
    if (!living.has(happening.worker)) return next
    if (happening.what === "ends") living.delete(happening.worker)
    return Effect.as(note(happening), happening)
  })
  /** Returns the worker that prints such a line. */
  const workerThat = Effect.fnUntraced(function* (pattern: RegExp) {
    while (living.size > 0) {
      const { worker, line } = yield* next
      if (pattern.test(line)) return worker
    }
    return yield* new NotAsPlanned({ message: `all workers ended before ${pattern}` })
  })
  const replace = Effect.fnUntraced(function* (worker: number, line: string) {
    const killed = living.get(worker)
    living.delete(worker)
    if (killed !== undefined) yield* killed.kill
    yield* note({ worker, what: "is killed", line })
    yield* startNext
  })

  yield* vendor.addFaults(Fault.never("start", { sync: sync.ids, commits }))
  yield* Effect.replicateEffect(startNext, options.workers)

  const triggering = yield* workerThat(/^triggers /)
  while (!(yield* vendor.calls).some((call) => isTriggerOf(sync, call))) yield* Effect.sleep("20 millis")
  yield* replace(
    triggering,
    `between its POST and the answer, ${commits ? "after" : "before"} the vendor started a run`,
  )

  const looking = yield* workerThat(/with its memory: Running$/)
  // The next look is due in a second: meanwhile, the engine stores the end of this one, and sleeps.
  yield* Effect.sleep("300 millis")
  yield* replace(looking, "in a sleep between two looks")

  yield* workerThat(/with its memory: Running$/)
  yield* Effect.forEach(yield* vendor.runsOf(sync.ids), ({ id }) => vendor.endRun(id))

  while (living.size > 0) yield* next
  return happenings
})

/** Whether a request triggers the sync. */
export const isTriggerOf = (sync: SyncRef, { operation, path }: Call): boolean =>
  operation === "start" && Object.values(sync.ids).every((id) => path.includes(id))
