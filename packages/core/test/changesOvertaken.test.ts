/** Changes that an earlier one may undo: its process has died, and it takes effect after them. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Reason from "../src/model/Reason.ts"
import { every, manual } from "../src/model/schedule/Schedule.ts"
import { failure } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { open } from "./support/leftChanges.ts"
import { logged } from "./support/logs.ts"
import { begin, within } from "./support/testbed.ts"

const { refOf } = FakeSyncs
const denied = failure(new Reason.PermissionDenied(), "refused", { status: 403 })

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  return { fake, ...(yield* open(fake)) }
})

describe("a change after one whose process has died", () => {
  it.effect.each([
    ["of the same field", { fields: ["enabled"], enabled: true }, {}],
    ["that replaces everything", { fields: ["schedule"] }, { replaces: "all" }],
  ] as const)("A4: one %s that takes effect after it is undone", ([, fingerprint, options]) =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make(options)
      fake.add({ id: "s1", at: -1_000_000 })
      const { id } = yield* leave({ fingerprint, became: [] })
      const pausing = yield* begin(logged(administration.pause(refOf("s1"))))
      // A full replacement waits for a minute until reads show what was written. The earlier change comes after it.
      yield* TestClock.adjust("90 seconds")
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
      fake.set("s1", 100_000, { state: "enabled" })
      yield* TestClock.adjust("10 minutes")
      const { value, lines } = yield* Fiber.join(pausing)
      expect(value).toMatchObject({ state: "paused" })
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
      expect(fake.count("update")).toBe(2)
      expect(lines).toContainEqual(
        expect.objectContaining({
          message: "An earlier change of the sync took effect after a later one, which is sent again",
          annotations: expect.objectContaining({ entries: [id], fields: ["enabled"], sync: String(refOf("s1")) }),
        }),
      )
    }),
  )

  it.effect.each([
    ["the same value", { fields: ["enabled"], enabled: false }],
    ["another field", { fields: ["schedule"] }],
  ] as const)("A4: waits for none that sets %s", ([, fingerprint]) =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      fake.add({ id: "s1", at: -1_000_000 })
      yield* leave({ fingerprint, became: [] })
      expect(yield* within("1 second", administration.pause(refOf("s1")))).toMatchObject({ state: "paused" })
    }),
  )

  it.effect("A4: waits for none that can take effect no more, and sends nothing again", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      fake.add({ id: "s1", at: -1_000_000 })
      yield* leave({ kind: "delete", became: [] })
      // The request may have taken a minute, and its effect another one.
      yield* TestClock.adjust("119998 millis")
      const pausing = yield* begin(administration.pause(refOf("s1")))
      yield* TestClock.adjust("59 seconds")
      expect(pausing.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(pausing)
      fake.setLag(59_000)
      yield* within("1 second", administration.resume(refOf("s1")))
      expect(fake.count("update")).toBe(2)
    }),
  )

  it.effect("A4: waits for the latest of several", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make({ lag: 50_000 })
      fake.add({ id: "s1", at: -1_000_000 })
      const fingerprint = { fields: ["enabled"], enabled: true }
      yield* leave({ fingerprint, became: [{ state: "abandoned", candidates: [] }] })
      yield* TestClock.adjust("1 minute")
      yield* leave({ fingerprint, became: [] })
      const pausing = yield* begin(administration.pause(refOf("s1")))
      yield* TestClock.adjust("10 seconds")
      fake.set("s1", 175_000, { state: "enabled" })
      yield* TestClock.adjust("10 minutes")
      expect(yield* Fiber.join(pausing)).toMatchObject({ state: "paused" })
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
    }),
  )

  it.effect("A1: ends as indeterminate where an earlier delete takes effect after it", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      fake.add({ id: "s1", at: -1_000_000 })
      yield* leave({ kind: "delete", became: [] })
      fake.set("s1", 100_000, undefined)
      expect(yield* Effect.flip(within("10 minutes", administration.pause(refOf("s1"))))).toMatchObject({
        ...{ _tag: "ChangeIndeterminate", operation: "update", error: { reason: { _tag: "NotFound" } } },
      })
    }),
  )

  it.effect("A3: says what is missing where it cannot be sent again", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      fake.add({ id: "s1", at: -1_000_000 })
      yield* leave({ fingerprint: { fields: ["enabled"], enabled: true }, became: [] })
      const pausing = yield* begin(Effect.flip(administration.pause(refOf("s1"))))
      yield* TestClock.adjust("10 seconds")
      fake.set("s1", 100_000, { state: "enabled" })
      fake.trouble("update", { error: denied })
      yield* TestClock.adjust("10 minutes")
      expect(yield* Fiber.join(pausing)).toMatchObject({
        ...{ _tag: "ChangeIncomplete", remaining: { enabled: false }, error: { reason: { _tag: "PermissionDenied" } } },
      })
    }),
  )

  it.effect.each([["first"], ["again"]] as const)(
    "A6: tells what it has undone of somebody else's changes where it was sent %s",
    ([when]) =>
      Effect.gen(function* () {
        const { fake, leave, administration } = yield* make({ lag: 6_000, replaces: "all" })
        fake.add({ id: "s1", at: -1_000_000, schedule: every("1 hour") })
        yield* leave({ fingerprint: { fields: ["enabled"], enabled: true }, became: [] })
        let updates = 0
        fake.when("update", (now) => {
          updates++
          // No read shows it before the update, which undoes it.
          if (updates === (when === "first" ? 1 : 2)) fake.set("s1", now - 5_000, { schedule: manual })
        })
        const pausing = yield* begin(Effect.flip(administration.pause(refOf("s1"))))
        yield* TestClock.adjust("150 seconds")
        fake.set("s1", 160_000, { state: "enabled" })
        yield* TestClock.adjust("10 minutes")
        expect(yield* Fiber.join(pausing)).toMatchObject({
          ...{ _tag: "ChangeConflict", sync: { state: "paused" }, fields: [{ field: "schedule" }] },
        })
        expect(fake.count("update")).toBe(2)
      }),
  )
})
