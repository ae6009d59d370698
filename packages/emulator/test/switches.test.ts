import { describe, expect, it } from "@effect/vitest"
import {
  RudderStackEmulator,
  RudderStackSwitches,
  SegmentEmulator,
  SegmentSwitches,
  ZeotapEmulator,
  ZeotapSwitches,
} from "@openretl/emulator"
import type { Switches } from "@openretl/emulator/Switch"
import { Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { ask, vendors } from "./client.ts"
import * as Scenarios from "./scenarios.ts"

const kebab = (name: string) => name.replace(/[A-Z0-9]+/g, (part) => `-${part.toLowerCase()}`)

const all = [
  { vendor: "segment", switches: SegmentSwitches as Switches, scenario: Scenarios.segment },
  { vendor: "rudderstack", switches: RudderStackSwitches as Switches, scenario: Scenarios.rudderstack },
  { vendor: "zeotap", switches: ZeotapSwitches as Switches, scenario: Scenarios.zeotap },
] as const

for (const { vendor, switches, scenario } of all) {
  describe(vendor, () => {
    for (const [name, entry] of Object.entries(switches)) {
      it.effect(`${entry.fact}: every value is seen by somebody`, () =>
        Effect.gen(function* () {
          const transcripts = new Map<string, string>()
          for (const value of entry.values) {
            const lines = yield* Effect.provide(scenario({ [name]: value }), TestClock.layer())
            transcripts.set(lines.join("\n"), value)
          }
          expect([...transcripts.values()]).toEqual(entry.values)
        }),
      )

      it(`${entry.fact}: is named after its switch, has a default among several values, and a note`, () => {
        expect(entry.fact).toBe(`${vendor}/${kebab(name)}`)
        expect(entry.values.length).toBeGreaterThan(1)
        expect(new Set(entry.values).size).toBe(entry.values.length)
        expect(entry.values).toContain(entry.default)
        expect(entry.note).toMatch(/\.$/)
      })
    }
  })
}

describe("setting", () => {
  it.effect("works by name, by fact and by record, and refuses what does not exist", () =>
    Effect.gen(function* () {
      const emulator = yield* SegmentEmulator.make()
      yield* emulator.set("overlap", "new-run")
      yield* emulator.set("segment/cancelled-status", "FAIL")
      yield* emulator.configure({ unauthorizedStatus: "403" })
      const ids = yield* emulator.addSync()
      const [first] = [yield* emulator.stranger(ids), yield* emulator.stranger(ids)]
      yield* emulator.stop(first ?? "")
      yield* TestClock.adjust("5 seconds")
      expect((yield* emulator.runsOf(ids)).map((run) => run.status)).toEqual(["FAIL", "IN_PROGRESS"])
      const refused = yield* emulator.transport.send({
        method: "GET",
        url: `${emulator.baseUrl}/`,
        headers: {},
        maxBytes: 1000,
      })
      expect(refused.status).toBe(403)
      expect(Exit.hasDies(yield* Effect.exit(emulator.set("overlap", "maybe")))).toBe(true)
      expect(Exit.hasDies(yield* Effect.exit(emulator.set("segment/overlapping", "409")))).toBe(true)
    }),
  )

  it.effect("takes effect at once, on runs that are long over too", () =>
    Effect.gen(function* () {
      const emulator = yield* ZeotapEmulator.make()
      const ids = yield* emulator.addSync()
      yield* emulator.stranger(ids)
      yield* TestClock.adjust("1 hour")
      const read = Effect.map(
        Effect.suspend(() => ask(emulator, ...vendors[2].paths(emulator).list(ids))),
        ({ json }) => json[0].completed_at,
      )
      expect(yield* read).toBe("1970-01-01T00:01:00Z")
      yield* emulator.configure({ timestampFraction: "milliseconds" })
      expect(yield* read).toBe("1970-01-01T00:01:00.000Z")
    }),
  )

  it.effect("every emulator shows its own switches", () =>
    Effect.gen(function* () {
      expect((yield* SegmentEmulator.make()).switches).toBe(SegmentSwitches)
      expect((yield* RudderStackEmulator.make()).switches).toBe(RudderStackSwitches)
      expect((yield* ZeotapEmulator.make()).switches).toBe(ZeotapSwitches)
    }),
  )
})
