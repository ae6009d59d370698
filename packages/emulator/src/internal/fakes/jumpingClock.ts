/**
 * A clock that jumps: while an effect runs under it and nothing else can go on, the clock moves to the end of the next sleep.
 * So nothing ever waits, and durations, deadlines and the order of things are those of a real clock.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

/** A clock that jumps, and what moves it. */
export interface JumpingClock {
  readonly clock: Clock.Clock
  /** Moves the clock for as long as it runs, and never ends. Of several, one moves it at a time. */
  readonly pump: Effect.Effect<never>
}

interface Sleep {
  readonly until: number
  readonly end: () => void
}

/** Creates a clock that begins at this instant, in epoch milliseconds. */
export const make = (startsAt: number): JumpingClock => {
  let now = startsAt
  let sleeps: ReadonlyArray<Sleep> = []
  let onSleep: (() => void) | undefined

  const nanos = () => BigInt(Math.round(now * 1_000_000))

  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => now,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        const sleep: Sleep = { until: now + Duration.toMillis(duration), end: () => resume(Effect.void) }
        const at = sleeps.findIndex(({ until }) => until > sleep.until)
        sleeps = at === -1 ? [...sleeps, sleep] : [...sleeps.slice(0, at), sleep, ...sleeps.slice(at)]
        onSleep?.()
        return Effect.sync(() => {
          sleeps = sleeps.filter((other) => other !== sleep)
        })
      }),
  }

  const untilSleep = Effect.callback<void>((resume) => {
    onSleep = () => resume(Effect.void)
    return Effect.sync(() => {
      onSleep = undefined
    })
  })

  const jump = Effect.suspend(() => {
    const [next, ...others] = sleeps
    if (next === undefined) return untilSleep
    sleeps = others
    now = Math.max(now, next.until)
    next.end()
    return Effect.void
  })

  const one = Semaphore.makeUnsafe(1)
  return { clock, pump: one.withPermits(1)(Effect.forever(Effect.andThen(othersGoOn, jump))) }
}

/** Lets every other fiber run until it waits: each of them may wake others. */
const othersGoOn = Effect.andThen(Effect.andThen(Effect.yieldNow, Effect.yieldNow), Effect.yieldNow)
