import { describe, expect, it } from "@effect/vitest"
import {
  FivetranActivationsEmulator,
  FivetranActivationsSwitches,
  HightouchEmulator,
  HightouchSwitches,
  PolytomicSwitches,
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
import { sendTo, vendors } from "./client.ts"
import { fivetranActivations } from "./fivetranActivationsScenario.ts"
import { hightouch } from "./hightouchScenario.ts"
import { polytomic } from "./polytomicScenario.ts"
import * as Scenarios from "./scenarios.ts"

const kebab = (name: string) => name.replace(/[A-Z0-9]+/g, (part) => `-${part.toLowerCase()}`)

const vendorSwitches = [
  { vendor: "segment", switches: SegmentSwitches as Switches, scenario: Scenarios.segment },
  { vendor: "rudderstack", switches: RudderStackSwitches as Switches, scenario: Scenarios.rudderstack },
  { vendor: "zeotap", switches: ZeotapSwitches as Switches, scenario: Scenarios.zeotap },
  { vendor: "hightouch", switches: HightouchSwitches as Switches, scenario: hightouch },
  {
    vendor: "fivetran-activations",
    switches: FivetranActivationsSwitches as Switches,
    scenario: fivetranActivations,
  },
  { vendor: "polytomic", switches: PolytomicSwitches as Switches, scenario: polytomic },
] as const

describe.each(vendorSwitches)("$vendor", ({ vendor, switches, scenario }) => {
  const entries = Object.entries(switches).map(([name, entry]) => ({ name, ...entry }))

  it.effect.each(entries)("$fact: every value changes what the scenario shows", ({ name, values }) =>
    Effect.gen(function* () {
      const transcripts = new Map<string, string>()
      for (const value of values) {
        const lines = yield* Effect.provide(scenario({ [name]: value }), TestClock.layer())
        transcripts.set(lines.join("\n"), value)
      }
      expect([...transcripts.values()]).toEqual(values)
    }),
  )

  it.each(entries)("$fact: has its switch's name, several values with a default, and a note", (entry) => {
    expect(entry.fact).toBe(`${vendor}/${kebab(entry.name)}`)
    expect(entry.values.length).toBeGreaterThan(1)
    expect(new Set(entry.values).size).toBe(entry.values.length)
    expect(entry.values).toContain(entry.default)
    expect(entry.note).toMatch(/\.$/)
  })
})

describe("setting switches", () => {
  it.effect("works by name, by fact and by record, and dies for a switch or value that does not exist", () =>
    Effect.gen(function* () {
      const emulator = yield* SegmentEmulator.make()
      yield* emulator.setSwitch("overlap", "new-run")
      yield* emulator.setSwitch("segment/cancelled-status", "FAIL")
      yield* emulator.setSwitches({ unauthorizedStatus: "403" })
      const ids = yield* emulator.addSync()
      const [first] = [yield* emulator.triggerAsStranger(ids), yield* emulator.triggerAsStranger(ids)]
      yield* emulator.stopRun(first ?? "")
      yield* TestClock.adjust("5 seconds")
      expect((yield* emulator.runsOf(ids)).map((run) => run.status)).toEqual(["FAIL", "IN_PROGRESS"])
      const refusal = yield* emulator.transport.send({
        method: "GET",
        url: `${emulator.baseUrl}/`,
        headers: {},
        maxBytes: 1000,
      })
      expect(refusal.status).toBe(403)
      expect(Exit.hasDies(yield* Effect.exit(emulator.setSwitch("overlap", "maybe")))).toBe(true)
      expect(Exit.hasDies(yield* Effect.exit(emulator.setSwitch("segment/overlapping", "409")))).toBe(true)
    }),
  )

  it.effect("takes effect at once, also for runs that have long been over", () =>
    Effect.gen(function* () {
      const emulator = yield* ZeotapEmulator.make()
      const ids = yield* emulator.addSync()
      yield* emulator.triggerAsStranger(ids)
      yield* TestClock.adjust("1 hour")
      const read = Effect.map(
        Effect.suspend(() => sendTo(emulator, ...vendors[2].paths(emulator).list(ids))),
        ({ json }) => json[0].completed_at,
      )
      expect(yield* read).toBe("1970-01-01T00:01:00Z")
      yield* emulator.setSwitches({ timestampFraction: "milliseconds" })
      expect(yield* read).toBe("1970-01-01T00:01:00.000Z")
    }),
  )

  it.effect("every emulator has its vendor's switches", () =>
    Effect.gen(function* () {
      expect((yield* SegmentEmulator.make()).switches).toBe(SegmentSwitches)
      expect((yield* RudderStackEmulator.make()).switches).toBe(RudderStackSwitches)
      expect((yield* ZeotapEmulator.make()).switches).toBe(ZeotapSwitches)
      expect((yield* HightouchEmulator.make()).switches).toBe(HightouchSwitches)
      expect((yield* FivetranActivationsEmulator.make()).switches).toBe(FivetranActivationsSwitches)
    }),
  )
})
