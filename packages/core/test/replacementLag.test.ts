/** Updates that replace a sync, where reads lag behind other hands and behind changes that take effect late. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { every, manual } from "../src/model/schedule/Schedule.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

const hourly = every("1 hour")

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

describe("an update that replaces a sync", () => {
  it.effect(
    "A4: a schedule is set where reads still show how a stranger set it before a full replacement undid that",
    () =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make({ lag: 6_000, replaces: "all" })
        const ref = fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
        fake.when("update", (now) => fake.set("s1", now - 5_000, { schedule: manual }))
        const conflict = yield* Effect.flip(within("40 seconds", administration.pause(ref)))
        expect(conflict).toMatchObject({ _tag: "ChangeConflict", fields: [{ field: "schedule" }] })
        fake.setLag(42_000)
        yield* within("5 minutes", administration.setSchedule(ref, manual))
        expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
      }),
  )

  it.effect(
    "A6: a full replacement sends back no state that reads show while an earlier change takes effect late",
    () =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make({ replaces: "all" })
        const ref = fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
        yield* within("1 minute", administration.setSchedule(ref, manual))
        // Reads that lag behind by 50 seconds, of a change that took effect after 30.
        yield* TestClock.adjust("5 seconds")
        fake.setLag(66_000)
        const pause = within("5 minutes", administration.pause(ref))
        yield* Effect.all(
          [
            pause,
            Effect.delay(
              Effect.sync(() => fake.setLag(0)),
              "1 minute",
            ),
          ],
          { concurrency: "unbounded" },
        )
        expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
      }),
  )
})
