/** Interrupts at each step of a program. */
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as References from "effect/References"

export const letOthersGoOn = (times: number) =>
  Effect.forEach(Array.from({ length: times }), () => Effect.yieldNow, { discard: true })

/**
 * Interrupts a program after each number of its steps, from none to its end, and checks each time what is left. `make`
 * returns the program, and the check, which begins right before the interrupt. After `opsBeforeYield` operations another fiber
 * goes on; Effect makes no progress with less than three.
 */
export const atEachStep = Effect.fnUntraced(function* <A, E>(
  make: Effect.Effect<{ readonly program: Effect.Effect<A, E>; readonly check: () => Effect.Effect<void> }>,
  opsBeforeYield = 4,
) {
  let isUnderWay = true
  let steps = 0
  for (; isUnderWay && steps < 200; steps++) {
    const { program, check } = yield* make
    const fiber = yield* Effect.forkChild(Effect.provideService(program, References.MaxOpsBeforeYield, opsBeforeYield))
    yield* letOthersGoOn(steps)
    isUnderWay = fiber.pollUnsafe() === undefined
    const checked = check()
    yield* Fiber.interrupt(fiber)
    yield* letOthersGoOn(80)
    const ending = `after ${steps} steps`
    yield* Effect.catchDefect(checked, (cause) => Effect.die(new Error(ending, { cause })))
  }
  expect(isUnderWay).toBe(false)
  expect(steps).toBeGreaterThan(20)
})
