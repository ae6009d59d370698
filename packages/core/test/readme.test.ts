import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Effect } from "effect"
import * as Reason from "../src/model/Reason.ts"
import { Runs } from "../src/Runs.ts"
import { nightly } from "./catchingExample.ts"
import { goOn, read, write } from "./storingExample.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

describe("the programs of the pages", () => {
  it.effect("H6: the storing example decodes a run, and waits on by its ref", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { services } = yield* workspace(fake)
      const { run } = yield* within("5 minutes", Context.get(services, Runs).run(sync, { whenRunning: "fail" }))
      const decoded = yield* Effect.flatMap(write(run), read)
      expect({ ...decoded, native: undefined }).toEqual({ ...run, native: undefined })
      const again = yield* within("5 minutes", Effect.provide(goOn(String(run.ref)), services))
      expect(again.run.status).toBe(run.status)
      expect(DateTime.isDateTime(again.run.finishedAt)).toBe(true)
    }),
  )

  const paused = FakeDriver.failure(new Reason.NotTriggerable({ state: "paused" }), "refused")
  const ends: ReadonlyArray<readonly [string, (fake: FakeDriver.Fake) => void]> = [
    ["it is complete", () => undefined],
    ["the sync is paused", (fake) => fake.fail("start", paused)],
  ]
  it.effect.each(ends)('F1: the catching example returns "%s"', ([text, arrange]) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      arrange(fake)
      const { services } = yield* workspace(fake)
      expect(yield* within("5 minutes", Effect.provide(nightly(sync), services))).toBe(text)
    }),
  )
})
