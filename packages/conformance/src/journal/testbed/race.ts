/** Several participants that do the same job at once. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { JournalTestbed } from "../JournalLaw.ts"
import { type Inputs, type JobName, jobs, type Results } from "./jobs.ts"
import * as Workers from "./workers.ts"

const participants = ["first", "second", "third"]

/** Runs a job at once in three processes, or in three fibers where the store has one process. Returns their results. */
export const race = <Name extends JobName>(
  { open, place }: JournalTestbed,
  name: Name,
  input: Inputs[Name],
): Effect.Effect<ReadonlyArray<Results[Name]>, unknown> => {
  const { program } = place
  if (!("impossible" in program)) return Workers.race(program, name, input, participants)
  return Effect.gen(function* () {
    const start = yield* Deferred.make<void>()
    const runs = participants.map((participant) =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* Deferred.await(start)
          return yield* jobs[name](yield* open, input, participant)
        }),
      ),
    )
    const [results] = yield* Effect.all(
      [Effect.all(runs, { concurrency: "unbounded" }), Deferred.succeed(start, undefined)],
      {
        concurrency: "unbounded",
      },
    )
    return results
  })
}
