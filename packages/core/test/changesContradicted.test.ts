/** What reads contradict of the changes that other processes made: those may take effect late. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ChangeCall from "../src/engine/configuration/changeCall.ts"
import * as Others from "../src/engine/configuration/others.ts"
import { every, manual } from "../src/model/schedule/Schedule.ts"
import { call, contextOf, entryOf } from "./support/changeSteps.ts"

const hourly = every("1 hour")
const none = { fields: {}, written: {}, ages: {}, isGone: false, entries: new Set<string>() }

describe("what others wrote", () => {
  const off = { fields: ["enabled"], enabled: false, digest: ChangeCall.digestOf({ enabled: false }) }
  const on = { fields: ["enabled"], enabled: true, digest: ChangeCall.digestOf({ enabled: true }) }
  const manually = { fields: ["schedule"], digest: ChangeCall.digestOf({ schedule: manual }) }
  const offManually = {
    fields: ["enabled", "schedule"],
    enabled: false,
    digest: ChangeCall.digestOf({ enabled: false, schedule: manual }),
  }
  const offWithPart = { fields: ["enabled", "spec"], enabled: false, digest: "d" }
  const enabled = { state: "enabled", schedule: hourly, name: "a" } as const
  type Left = readonly [age: number, fingerprint: object]
  type Ages = Readonly<Record<string, number>>
  it.effect.each<[what: string, snapshot: object, left: ReadonlyArray<Left>, ages: Ages, expected: Array<number>]>([
    ["a pause", enabled, [[70_000, off]], {}, [70_000]],
    ["no pause that they show", { ...enabled, state: "paused" }, [[70_000, off]], {}, []],
    ["a resume", { ...enabled, isSwitchedOn: false }, [[70_000, on]], {}, [70_000]],
    ["no resume where they tell no state", { ...enabled, state: "unknown" }, [[70_000, on]], {}, []],
    ["a pause three minutes ago", enabled, [[180_000, off]], {}, [180_000]],
    ["no pause before that", enabled, [[180_001, off]], {}, []],
    ["a schedule", enabled, [[70_000, manually]], {}, [70_000]],
    ["no schedule that they show", { ...enabled, schedule: manual }, [[70_000, manually]], {}, []],
    ["no schedule where they tell none", { state: "enabled" }, [[70_000, manually]], {}, []],
    ["both", { ...enabled, state: "paused" }, [[70_000, offManually]], {}, [70_000]],
    ["nothing where they tell one of both", { state: "paused" }, [[70_000, offManually]], {}, []],
    ["one of both", { state: "enabled" }, [[70_000, offManually]], {}, [70_000]],
    ["a pause among settings", enabled, [[70_000, offWithPart]], {}, [70_000]],
    ["no settings", { ...enabled, state: "paused" }, [[70_000, offWithPart]], {}, []],
    [
      "the earlier of two no more",
      enabled,
      [
        [90_000, off],
        [80_000, on],
      ],
      {},
      [],
    ],
    [
      "the earlier of two no more, listed first",
      enabled,
      [
        [80_000, on],
        [90_000, off],
      ],
      {},
      [],
    ],
    [
      "two fields",
      { ...enabled, state: "paused" },
      [
        [80_000, on],
        [90_000, manually],
      ],
      {},
      [80_000, 90_000],
    ],
    [
      "both no more after a pause",
      { ...enabled, state: "paused" },
      [
        [80_000, off],
        [90_000, offManually],
      ],
      {},
      [],
    ],
    ["no pause before this process's own", enabled, [[70_000, off]], { enabled: 69_999 }, []],
    ["a pause after this process's own", enabled, [[70_000, off]], { enabled: 70_001 }, [70_000]],
    ["a pause after this process's own name", enabled, [[70_000, off]], { name: 1 }, [70_000]],
  ])("A6: reads contradict %s", ([, snapshot, left, ages, expected]) =>
    Effect.gen(function* () {
      const entries = left.map(([age, fingerprint], index) =>
        entryOf(index % 2 === 0 ? "finished" : "started", age, { fingerprint }),
      )
      const found = yield* Others.recent(contextOf(entries).context, call(), { ...none, ages })
      expect(found.contradicted(snapshot as typeof enabled)).toEqual(expected)
    }),
  )

  it.effect("A6: reads contradict no delete, and no change that nothing has proven", () =>
    Effect.gen(function* () {
      const entries = [
        entryOf("finished", 70_000, { kind: "delete", fingerprint: off }),
        entryOf("abandoned", 70_000, { fingerprint: off }),
      ]
      const found = yield* Others.recent(contextOf(entries).context, call(), none)
      expect(found.contradicted(enabled)).toEqual([])
    }),
  )
})
