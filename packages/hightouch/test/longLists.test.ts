import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { ended, onEmulator, start } from "./onEmulator.ts"

/** A sync with so many runs that have ended, a second apart. */
const withRuns = Effect.fnUntraced(function* (count: number) {
  const opened = yield* onEmulator()
  for (let index = 0; index < count; index++) {
    yield* opened.emulator.triggerAsStranger(opened.ids, { plan: { duration: 0 } })
    yield* TestClock.adjust("1 second")
  }
  yield* opened.emulator.clearCalls
  return opened
})

describe("a sync with a long list of runs", () => {
  it.effect("T2: of 1,945 runs, is triggered after its whole list was read twice", () =>
    Effect.gen(function* () {
      const { emulator, runs, ref } = yield* withRuns(1_945)
      expect(yield* ended(runs.trigger(ref, { whenRunning: "fail" }))).toMatchObject({ success: { _tag: "Started" } })
      const calls = yield* emulator.calls
      expect(calls.filter(({ operation }) => operation === "list")).toHaveLength(40)
      expect(calls.filter(({ operation }) => operation === "start")).toHaveLength(1)
    }),
  )

  it.effect("T2: of 2,050 runs, is not triggered, unless the caller says so", () =>
    Effect.gen(function* () {
      const { emulator, runs, ref } = yield* withRuns(2_050)
      expect(yield* ended(runs.trigger(ref, { whenRunning: "fail" }))).toMatchObject({
        failure: { reason: { _tag: "FenceIncomplete" }, delivery: "not-sent" },
      })
      const sent = yield* ended(runs.trigger(ref, { whenRunning: "fail", whenUnseen: "send" }))
      expect(sent).toMatchObject({ success: { _tag: "Started" } })
      expect((yield* emulator.calls).filter(({ operation }) => operation === "start")).toHaveLength(1)
    }),
  )

  it.effect("L3: is listed from a time on with the requests that those runs take", () =>
    Effect.gen(function* () {
      const { emulator, runs, ref } = yield* withRuns(1_000)
      const startedAfter = DateTime.makeUnsafe(start + 955_000)
      const listed = yield* ended(Stream.runCollect(runs.list(ref, { startedAfter })))
      expect(listed).toMatchObject({ success: { length: 45 } })
      expect(yield* emulator.calls).toHaveLength(1)
    }),
  )
})
