/** Services whose calls run under a clock that jumps. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { JumpingClock } from "./jumpingClock.ts"

/** Returns the service with every effect and stream of it under the clock, which moves while they run. */
export const inJumpingTime = <S extends object>(service: S, { clock, pump }: JumpingClock): S => {
  const wrapped = (member: unknown): unknown => {
    if (Stream.isStream(member)) {
      const timed = Stream.provideService(member as Stream.Stream<unknown, unknown>, Clock.Clock, clock)
      return Stream.unwrap(Effect.as(Effect.forkScoped(pump), timed))
    }
    return Effect.isEffect(member)
      ? Effect.provideService(Effect.raceFirst(member as Effect.Effect<unknown, unknown>, pump), Clock.Clock, clock)
      : member
  }
  const inTime = (member: unknown): unknown =>
    typeof member === "function" ? (...args: ReadonlyArray<unknown>) => wrapped(member(...args)) : wrapped(member)
  return Object.fromEntries(Object.entries(service).map(([name, member]) => [name, inTime(member)])) as S
}
