import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import * as Turns from "../src/engine/trigger/turns.ts"
import type { Owner } from "../src/model/JournalEntry.ts"
import { begin } from "./support/testbed.ts"

const owner = (call: string): Owner => ({ host: "h", pid: 1, call })

describe("a turn", () => {
  it.effect("T9: of a caller who leaves in the moment in which it begins is the next one's", () =>
    Effect.gen(function* () {
      const turns = Turns.make()
      const [a, b, c] = [owner("a"), owner("b"), owner("c")]
      const take = (who: Owner) => turns.take("s", who, Duration.minutes(1))
      yield* take(a)
      // A fiber that pauses after every few steps: its turn begins, and it does not go on at once.
      const second = yield* begin(take(b).pipe(Effect.provideService(Scheduler.MaxOpsBeforeYield, 8)))
      yield* TestClock.adjust("1 second")
      const third = yield* begin(take(c))
      yield* TestClock.adjust("1 second")
      turns.end("s", a)
      expect(second.pollUnsafe()).toBeUndefined()
      second.interruptUnsafe()
      yield* TestClock.adjust("1 second")
      expect(second.pollUnsafe()).toMatchObject({ _tag: "Failure" })
      expect(third.pollUnsafe()).toMatchObject({ _tag: "Success" })
    }),
  )
})
