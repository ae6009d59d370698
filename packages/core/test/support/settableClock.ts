/** A clock that people set. */
import { Clock, Effect } from "effect"

/** The test clock with a wall clock that can be set: its monotonic clock runs on. */
export const settableClock = Effect.map(Clock.Clock, (clock) => {
  let offset = 0
  const millis = () => clock.currentTimeMillisUnsafe() + offset
  const nanos = () => clock.currentTimeNanosUnsafe() + BigInt(offset) * 1_000_000n
  const set: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    sleep: (duration) => clock.sleep(duration),
  }
  const move = (by: number): void => {
    offset += by
  }
  return { provide: Effect.provideService(Clock.Clock, set), move }
})
