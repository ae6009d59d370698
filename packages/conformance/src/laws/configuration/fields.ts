/**
 * What each field of a configured sync says, and what a change leaves as it is. The emulator knows what is so, and the answers
 * show what the vendor tells.
 */

import * as CoreJson from "@openretl/core/driver/Json"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import * as Answers from "../../testbed/answers.ts"
import * as Json from "../../testbed/json.ts"
import { type ConfiguredTestbed, changing, reading } from "./configuredTestbed.ts"
import { fieldsOf, mapFieldsOf } from "./ownFields.ts"

/** Reads a sync, and returns what the answers show. */
const readSync = (testbed: ConfiguredTestbed, ref = testbed.sync) =>
  Answers.during(testbed, testbed.run(testbed.catalog.get(ref), "1 hour"))

const requireActual = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, ref = testbed.sync) {
  return (yield* testbed.actualSync(ref)) ?? expect.fail("the emulator has no such sync")
})

/** The texts in a sync that are the vendor's, each a field of its answers. */
const textsOf = ({ name, connection, vendorMode, primaryKey = [] }: Sync): ReadonlyArray<string> =>
  [name, connection.source?.name, connection.destination?.name, vendorMode, ...primaryKey].filter(
    (text) => text !== undefined,
  )

/** How many entries a list has that a field holds as JSON; 0 for another value. */
const lengthOf = (json: string): number => {
  const value = Json.parse(json)
  return Array.isArray(value) ? value.length : 0
}

/** Whether a field holds, as JSON, a text that is not empty. */
const isText = (json: string): boolean => /^"./.test(json) && json !== '""'

/** The times between one firing and the next, each once. */
const gapsOf = (times: ReadonlyArray<number>): ReadonlyArray<number> => [
  ...new Set(times.slice(1).map((at, index) => at - (times[index] ?? 0))),
]

const isEqual = (one: ReadonlySet<string> = new Set(), other: ReadonlySet<string> = new Set()): boolean =>
  one.size === other.size && [...one].every((value) => other.has(value))

/** Matches the names of what any change may change: when it was made, and by whom. */
const noted = /updated|modified|changed|version|revision/i

export const syncFieldLaws: ReadonlyArray<Law> = [
  reading("K2", "a sync has the vendor's words and ids, each at its place", {}, (testbed) =>
    Effect.gen(function* () {
      const { ids, ref } = yield* testbed.addSync({ name: "Customers, weekly" })
      const [sync, answers] = yield* readSync(testbed, ref)
      const actual = yield* requireActual(testbed, ref)
      const { parts } = actual
      const { source, destination } = sync.connection
      if (parts["destination"] !== undefined) {
        expect(destination?.id, "K2: the destination").toBe(parts["destination"])
        expect(source?.id, "K2: the source").not.toBe(parts["destination"])
      }
      for (const text of textsOf(sync)) expect(answers.haveWholeText(text), `no answer has ${text}`).toBe(true)
      for (const { from, to } of sync.mapping ?? []) {
        expect([from, to].every(answers.haveText), `no answer has ${from} and ${to}`).toBe(true)
      }
      const fields = fieldsOf(actual, answers.bodies)
      const isNamed = ["name", "label"].some((field) => fields.get(field)?.has(JSON.stringify(actual.name)) === true)
      expect(sync.name, "K2: a name that the answers show is read").toBe(isNamed ? actual.name : undefined)
      const shown = [...fields]
      const entries = shown.flatMap(([field, values]) => (/mapping/i.test(field) ? [...values].map(lengthOf) : []))
      if (sync.mapping !== undefined) {
        const read = sync.mapping.length + (sync.unreadMapping?.length ?? 0)
        expect(read, "K2: no entry of a mapping is left out").toBeGreaterThanOrEqual(Math.max(0, ...entries))
      }
      const native = CoreJson.stringify(sync.native) ?? ""
      expect(Object.values(ids).some((id) => native.includes(id))).toBe(true)
    }),
  ),

  reading("K2", "a word for a state that no document lists is unknown, and is kept", {}, (testbed) =>
    Effect.gen(function* () {
      const actual = yield* requireActual(testbed)
      let isRewritten = false
      testbed.wire.rewrite = (response) =>
        Json.mapResponse(response, (json) =>
          mapFieldsOf(actual, json, (value, _, name) => {
            const isWord = typeof value === "string" && /^(?:state|status)$/i.test(name)
            isRewritten ||= isWord
            return isWord ? "BREWING" : value
          }),
        )
      const [sync] = yield* readSync(testbed)
      if (!isRewritten) return yield* testbed.skip("the vendor has no word for the state of a sync")
      expect([sync.state, sync.vendorState]).toEqual(["unknown", "BREWING"])
    }),
  ),

  reading("K2", "a sync that the vendor shows as a draft or halted is that, and not paused or enabled", {}, (testbed) =>
    Effect.gen(function* () {
      const shown = new Map<string, Sync>()
      for (const state of ["enabled", "paused", "draft", "error"] as const) {
        const { ref } = yield* testbed.addSync({ state })
        const [sync, answers] = yield* readSync(testbed, ref)
        shown.set(state, sync)
        const fields = [...fieldsOf(yield* requireActual(testbed, ref), answers.bodies)]
        const errors = fields.flatMap(([field, values]) => (/error/i.test(field) ? [...values].filter(isText) : []))
        if (errors.length > 0) expect(errors, "K2: why the vendor halted it").toContain(JSON.stringify(sync.stateText))
      }
      const known = ["enabled", "paused"].map((state) => shown.get(state)?.vendorState)
      for (const state of ["draft", "error"] as const) {
        const sync = shown.get(state)
        if (!known.includes(sync?.vendorState)) expect(sync?.state).toBe(state)
      }
      expect([shown.get("enabled")?.state, shown.get("paused")?.state]).toEqual(["enabled", "paused"])
    }),
  ),

  reading("K2", "a sync has its last run, where the vendor's answers name it", {}, (testbed) =>
    Effect.gen(function* () {
      for (const ends of ["succeeded", "failed"] as const) {
        yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { ends, duration: "1 minute" } })
        yield* testbed.advance("10 minutes")
      }
      const [succeeded, failed] = yield* testbed.actualRuns
      const [{ lastRun }, answers] = yield* readSync(testbed)
      const [id, endedAt] = [failed?.id ?? "", succeeded?.finishedAt]
      expect(lastRun?.ref?.run).toBe(answers.haveText(id) ? id : undefined)
      const succeededAt = lastRun?.succeededAt && DateTime.toEpochMillis(lastRun.succeededAt)
      expect(succeededAt !== undefined && Math.abs(succeededAt - (endedAt ?? 0)) < 1_000).toBe(
        answers.haveTime(endedAt),
      )
    }),
  ),

  ...(
    [
      ["every 6 hours", { every: "6 hours" }],
      ["on Mondays at 6:00", { cron: "0 6 * * 1" }],
    ] as const
  ).map(([when, schedule]) =>
    reading("K2, S1", `a sync that fires ${when} is read as a schedule that fires then`, {}, (testbed) =>
      Effect.gen(function* () {
        const { ids, ref } = yield* testbed.addSync({ schedule, plan: { duration: 0 } })
        const [{ schedule: read, unreadSchedule }] = yield* readSync(testbed, ref)
        if (read === undefined) return expect(unreadSchedule, "the vendor's schedule is kept").toBeDefined()
        const from = DateTime.makeUnsafe(yield* testbed.emulator.now)
        yield* testbed.advance("21 days")
        const until = DateTime.makeUnsafe(yield* testbed.emulator.now)
        const fired = (yield* testbed.emulator.runsOf(ids)).map(({ createdAt }) => createdAt)
        expect(fired.length).toBeGreaterThanOrEqual(3)
        if (read._tag === "Every") return expect(gapsOf(fired)).toEqual([Duration.toMillis(read.every)])
        const occurrences = Schedule.occurrences(read, { from, until, ...testbed.timeZone })
        const expected = occurrences._tag === "Known" ? occurrences.at.map(DateTime.toEpochMillis) : []
        // An interval that the vendor writes as an expression has no first time of its own.
        if ("every" in schedule) return expect(gapsOf(fired)).toEqual(gapsOf(expected))
        expect(expected).toEqual(fired)
      }),
    ),
  ),

  changing("A4", "a change leaves every other field of the vendor's answers as it is", {}, (testbed) =>
    Effect.gen(function* () {
      const { administration, sync } = testbed
      const actual = yield* requireActual(testbed)
      const [schedule = Schedule.manual] = testbed.schedules
      const changes = [
        ["pause", administration.pause(sync), /state|status|enabled|disabled|active|paused/i],
        ["resume", administration.resume(sync), /state|status|enabled|disabled|active|paused/i],
        ["setSchedule", administration.setSchedule(sync, schedule), /schedul|cron|every|interval|^mode$/i],
      ] as const
      for (const [name, change, touched] of changes) {
        const [, before] = yield* readSync(testbed)
        yield* testbed.run(change, "1 hour")
        const [, after] = yield* readSync(testbed)
        const [old, current] = [fieldsOf(actual, before.bodies), fieldsOf(actual, after.bodies)]
        expect(old.size, "the answers show the sync").toBeGreaterThan(0)
        const others = [...new Set([...old.keys(), ...current.keys()])].filter(
          (field) => !touched.test(field) && !noted.test(field) && !isEqual(old.get(field), current.get(field)),
        )
        expect(others, `A4: ${name} changes nothing else`).toEqual([])
      }
    }),
  ),
]
