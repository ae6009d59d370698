/** Switching over from one sync to another: the two are never both enabled, whatever happens to the requests. */

import * as Fleet from "@openretl/core/Fleet"
import * as Move from "@openretl/core/Move"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import { workspaceName } from "../../Testbed.ts"
import { type ConfiguredTestbed, changing } from "./configuredTestbed.ts"

const faults = [
  ["refused", (after: number) => Fault.refuse("update", { after, status: 400 })],
  ["lost and done", (after: number) => Fault.lost("update", { after, commits: true })],
  ["lost and not done", (after: number) => Fault.lost("update", { after, commits: false })],
  ["lost and done late", (after: number) => Fault.lost("update", { after, commits: true, commitAfter: "40 seconds" })],
  ["answered by a gateway and done", (after: number) => Fault.gatewayPage("update", { after, commits: true })],
] as const

/** Returns the testbed's sync, which is enabled, and another sync, which is paused. */
const addPair = Effect.fnUntraced(function* (testbed: ConfiguredTestbed) {
  const other = yield* testbed.addSync({ state: "paused" })
  const fleet = yield* Fleet.make({ [workspaceName]: testbed.workspace })
  const states = Effect.gen(function* () {
    const from = yield* testbed.actualSync(testbed.sync)
    const to = yield* testbed.actualSync(other.ref)
    return [from?.state, to?.state] as const
  })
  return { fleet, states, from: testbed.sync, to: other.ref }
})

/** Switches over, and expects every two seconds that not both syncs are enabled. */
const switchOver = Effect.fnUntraced(function* (
  testbed: ConfiguredTestbed,
  { fleet, states, from, to }: Effect.Success<ReturnType<typeof addPair>>,
) {
  const switching = yield* testbed.begin(Effect.result(Move.switchOver(fleet, { from, to, whenRunning: "wait" })))
  for (let look = 0; look < 900; look++) {
    const enabled = (yield* states).filter((state) => state === "enabled")
    expect(enabled.length, "A5: at most one sync is enabled").toBeLessThanOrEqual(1)
    yield* testbed.advance("2 seconds")
  }
  return yield* switching.result
})

export const switchOverLaws: ReadonlyArray<Law> = [
  changing("A5", "a switch-over can be done, and undone by switching back", {}, (testbed) =>
    Effect.gen(function* () {
      const pair = yield* addPair(testbed)
      expect(Result.isSuccess(yield* switchOver(testbed, pair))).toBe(true)
      expect(yield* pair.states).toEqual(["paused", "enabled"])
      expect(Result.isSuccess(yield* switchOver(testbed, { ...pair, from: pair.to, to: pair.from }))).toBe(true)
      expect(yield* pair.states).toEqual(["enabled", "paused"])
    }),
  ),

  ...faults.flatMap(([trouble, fault]) =>
    [0, 1].map((after) =>
      changing(
        "A5",
        `a switch-over whose ${after === 0 ? "first" : "second"} change is ${trouble} never has both syncs enabled`,
        {},
        (testbed) =>
          Effect.gen(function* () {
            const pair = yield* addPair(testbed)
            yield* testbed.emulator.addFaults(fault(after))
            const result = yield* switchOver(testbed, pair)
            const [actualFrom, actualTo] = yield* pair.states
            if (Result.isSuccess(result)) {
              expect([actualFrom, actualTo]).toEqual(["paused", "enabled"])
              return
            }
            const { fromState, toState } = result.failure
            if (fromState !== "unknown") expect(fromState).toBe(actualFrom)
            if (toState !== "unknown") expect(toState).toBe(actualTo)
          }),
      ),
    ),
  ),
]
