/** Switching from one sync to another: never are both enabled, whatever becomes of the requests on the way. */

import * as Fleet from "@openretl/core/Fleet"
import * as Move from "@openretl/core/Move"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { type ConfiguredLab, changing } from "../internal/configured.ts"
import type { Law } from "../Law.ts"
import { name } from "../Testbed.ts"

const faults = [
  ["refused", (after: number) => Fault.respond("update", { after, status: 400, body: '{"error":"no"}' })],
  ["lost and done", (after: number) => Fault.lost("update", { after, commits: true })],
  ["lost and not done", (after: number) => Fault.lost("update", { after, commits: false })],
  ["lost and done late", (after: number) => Fault.lost("update", { after, commits: true, commitAfter: "40 seconds" })],
  ["answered by a gateway, and done", (after: number) => Fault.gatewayPage("update", { after, commits: true })],
] as const

/** The testbed's sync, enabled, and another that is not. */
const both = Effect.fnUntraced(function* (testbed: ConfiguredLab) {
  const other = yield* testbed.addSync({ state: "paused" })
  const fleet = yield* Fleet.make({ [name]: testbed.workspace })
  const states = Effect.gen(function* () {
    return [(yield* testbed.really(testbed.sync))?.state, (yield* testbed.really(other.ref))?.state] as const
  })
  return { fleet, states, from: testbed.sync, to: other.ref }
})

/** Lets the switch go on, and looks every two seconds whether both are enabled. */
const watched = Effect.fnUntraced(function* (
  testbed: ConfiguredLab,
  { fleet, states, from, to }: Effect.Success<ReturnType<typeof both>>,
) {
  const switching = yield* testbed.begin(Effect.result(Move.switchOver(fleet, { from, to, whenRunning: "wait" })))
  for (let look = 0; look < 900; look++) {
    const [one, other] = yield* states
    expect(one === "enabled" && other === "enabled", "A5: both are enabled").toBe(false)
    yield* testbed.pass("2 seconds")
  }
  return yield* switching.result
})

export const moving: ReadonlyArray<Law> = [
  changing("A5", "a switch-over, and the way back", {}, (testbed) =>
    Effect.gen(function* () {
      const pair = yield* both(testbed)
      expect(Result.isSuccess(yield* watched(testbed, pair))).toBe(true)
      expect(yield* pair.states).toEqual(["paused", "enabled"])
      expect(Result.isSuccess(yield* watched(testbed, { ...pair, from: pair.to, to: pair.from }))).toBe(true)
      expect(yield* pair.states).toEqual(["enabled", "paused"])
    }),
  ),

  ...faults.flatMap(([how, fault]) =>
    [0, 1].map((after) =>
      changing(
        "A5",
        `the ${after === 0 ? "first" : "second"} change of a switch-over is ${how}: never are both enabled`,
        {},
        (testbed) =>
          Effect.gen(function* () {
            const pair = yield* both(testbed)
            yield* testbed.emulator.addFaults(fault(after))
            const ended = yield* watched(testbed, pair)
            const [one, other] = yield* pair.states
            if (Result.isSuccess(ended)) {
              expect([one, other]).toEqual(["paused", "enabled"])
              return
            }
            const { fromState, toState } = ended.failure
            if (fromState !== "unknown") expect(fromState).toBe(one)
            if (toState !== "unknown") expect(toState).toBe(other)
          }),
      ),
    ),
  ),
]
