/**
 * A test clock that waits for sockets: virtual time moves only while no fiber is about to run and no bytes are under way.
 * `TestClock.adjust` and `TestClock.setTime` move it, as they move Effect's own.
 */
import { Clock, Context, Duration, Effect, Layer, Scheduler, Semaphore } from "effect"

/** How many turns of the event loop nothing happens before time moves: a task may come from a promise. */
const quietTurns = 3

/** A sleep, which ends at that virtual time. */
interface Sleep {
  readonly until: number
  readonly wake: () => void
}

/** Returns a scheduler that counts the tasks of its fibers that have not run yet. */
const counting = (parent: Scheduler.Scheduler) => {
  const tasks = { waiting: 0 }
  const scheduler: Scheduler.Scheduler = {
    executionMode: parent.executionMode,
    shouldYield: (fiber) => parent.shouldYield(fiber),
    makeDispatcher: () => {
      const dispatcher = parent.makeDispatcher()
      return {
        scheduleTask: (task, priority) => {
          tasks.waiting++
          dispatcher.scheduleTask(() => {
            tasks.waiting--
            task()
          }, priority)
        },
        flush: () => dispatcher.flush(),
      }
    },
  }
  return { scheduler, tasks }
}

const nanosOf = (millis: number): bigint => BigInt(Math.round(millis * 1_000_000))

/** Returns the layer of such a clock. `isStill`: whether no bytes are under way. */
export const layer = (isStill: () => boolean): Layer.Layer<never> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const live = yield* Clock.clockWith(Effect.succeed)
      const { scheduler, tasks } = counting(yield* Scheduler.Scheduler)
      const moving = yield* Semaphore.make(1)
      /** The earliest first; of equal ones, the one that began first. */
      const sleeps: Array<Sleep> = []
      let now = 0

      const settled = Effect.callback<void>((resume) => {
        let quiet = 0
        const turn = () => {
          quiet = tasks.waiting === 0 && isStill() ? quiet + 1 : 0
          if (quiet > quietTurns) resume(Effect.void)
          else setImmediate(turn)
        }
        turn()
      })

      const moveTo = (timeOf: (now: number) => number) =>
        Effect.gen(function* () {
          yield* settled
          const end = timeOf(now)
          for (let next = sleeps[0]; next !== undefined && next.until <= end; next = sleeps[0]) {
            sleeps.shift()
            now = Math.max(now, next.until)
            next.wake()
            yield* settled
          }
          now = end
        }).pipe(moving.withPermits(1))

      const clock = {
        currentTimeMillisUnsafe: () => now,
        currentTimeMillis: Effect.sync(() => now),
        currentTimeNanosUnsafe: () => nanosOf(now),
        currentTimeNanos: Effect.sync(() => nanosOf(now)),
        monotonicTimeNanosUnsafe: () => nanosOf(now),
        monotonicTimeNanos: Effect.sync(() => nanosOf(now)),
        sleep: (duration: Duration.Duration) =>
          Effect.suspend(() => {
            const until = now + Duration.toMillis(duration)
            if (until <= now) return Effect.void
            return Effect.callback<void>((resume) => {
              const sleep: Sleep = { until, wake: () => resume(Effect.void) }
              const later = sleeps.findIndex((other) => other.until > until)
              sleeps.splice(later < 0 ? sleeps.length : later, 0, sleep)
              return Effect.sync(() => {
                const index = sleeps.indexOf(sleep)
                if (index >= 0) sleeps.splice(index, 1)
              })
            })
          }),
        adjust: (time: Duration.Input) => moveTo((from) => from + Duration.toMillis(Duration.fromInputUnsafe(time))),
        setTime: (time: number) => moveTo(() => time),
        withLive: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, Clock.Clock, live),
      }
      return Context.make(Clock.Clock, clock).pipe(Context.add(Scheduler.Scheduler, scheduler))
    }),
  )
