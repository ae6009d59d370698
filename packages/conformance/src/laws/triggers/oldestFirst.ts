/** A vendor that lists the oldest runs first, and has more runs than core reads. */

import { Fault } from "@openretl/emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import { workspaceName } from "../../Testbed.ts"

/** Uses the switch that has the value `oldest-first`; without one, the law is skipped. */
export const oldestFirstLaws = (switches: Switches): ReadonlyArray<Law> => {
  const [name] = Object.entries(switches).find(([, { values }]) => values.includes("oldest-first")) ?? []
  return [
    law(
      "T2, T3",
      "no run is adopted when the list is too long to read and not newest first",
      name === undefined ? {} : { emulator: { switches: { [name]: "oldest-first" } } },
      (testbed) =>
        Effect.gen(function* () {
          if (name === undefined) return yield* testbed.skip("the vendor is known not to list the oldest runs first")
          for (let run = 0; run < 700; run++) {
            yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: 0 } })
            if (run % 50 === 0) yield* testbed.advance("1 minute")
          }
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
          const exit = yield* testbed.exit(
            Effect.timeout(testbed.runs.trigger(testbed.sync, { whenRunning: "fail", exclusive: true }), "5 seconds"),
          )
          expect(exit._tag).toBe("Failure")
          const [record] = yield* testbed.store.all(workspaceName)
          if (record === undefined) return expect.fail("the store has no intent")
          if (record.intent.fence.complete) return yield* testbed.skip("core reads the vendor's list to its end")
          yield* testbed.advance("1 hour")
          const [laterRecord] = yield* testbed.run(testbed.runs.intents)
          expect(laterRecord?.resolution).toBeUndefined()
          expect(yield* testbed.requestCount("start")).toBe(1)
        }),
    ),
  ]
}
