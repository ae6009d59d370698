/** Does all tasks at once, within bounds. It does not know of terminals, nor of emulators. */
import * as Telemetry from "@openretl/core/Telemetry"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { AnyFleet } from "../../Configuration.ts"
import type { Ending, Event } from "./event.ts"
import { follow, type Task } from "./follow.ts"

export interface Options {
  readonly fleet: AnyFleet
  readonly tasks: ReadonlyArray<Task>
  /** The most tasks at once. @default all */
  readonly concurrency?: number | undefined
  /** The most tasks at once whose syncs have the same `destination`; a sync without one is not bounded. @default all */
  readonly perDestination?: number | undefined
}

/** Gives a sync its name in metrics: only names of the configuration, which bound how many there are. */
const named = ({ settings }: Task) =>
  settings === undefined ? <A>(effect: Effect.Effect<A>) => effect : Telemetry.named(settings.name)

/** Receives every event. */
export type Listener = (event: Event) => void

/** Does all tasks, each to its end, and returns their endings by name. No ending stops another task. */
export const run = Effect.fnUntraced(function* (
  { fleet, tasks, concurrency = tasks.length, perDestination }: Options,
  listener: Listener,
): Effect.fn.Return<ReadonlyMap<string, Ending>> {
  const all = yield* Semaphore.make(Math.max(1, concurrency))
  const destinations = new Map(
    perDestination === undefined
      ? []
      : tasks.flatMap(({ settings }) =>
          settings?.destination === undefined
            ? []
            : [[settings.destination, Semaphore.makeUnsafe(perDestination)] as const],
        ),
  )
  const within = (task: Task) => {
    const destination = destinations.get(task.settings?.destination ?? "")
    // The destination's permit comes first: a task that waits for it takes no place from others.
    return <A>(effect: Effect.Effect<A>): Effect.Effect<A> => {
      const bounded = all.withPermits(1)(effect)
      return destination === undefined ? bounded : destination.withPermits(1)(bounded)
    }
  }
  const endings = yield* Effect.forEach(
    tasks,
    (task) => {
      const report = (progress: Event["progress"]) =>
        Effect.map(Clock.currentTimeMillis, (at) => listener({ at, sync: task.name, progress }))
      return Effect.map(
        within(task)(named(task)(follow(fleet, task, report))),
        (ending) => [task.name, ending] as const,
      )
    },
    { concurrency: "unbounded" },
  )
  return new Map(endings)
})
