/** What a trigger does while its sync is paused. */
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within, workspace } from "./support/testbed.ts"

const open = Effect.fnUntraced(function* (state: "enabled" | "paused" | "draft" = "paused") {
  const fake = FakeSyncs.make()
  const sync = fake.add({ id: "s1", state })
  return { fake, sync, ...(yield* FakeSyncs.open(fake)) }
})

describe("a paused sync", () => {
  it.effect("T14: by default, the trigger does not look, and the vendor decides", () =>
    Effect.gen(function* () {
      const { fake, sync, runs } = yield* open()
      expect(yield* within(10, runs.trigger(sync, { whenRunning: "fail" }))).toMatchObject({ _tag: "Started" })
      expect(fake.sent).toEqual([])
      expect(
        yield* within(10, runs.trigger(FakeDriver.sync("s2"), { whenRunning: "fail", whenPaused: "trigger" })),
      ).toMatchObject({
        _tag: "Started",
      })
    }),
  )

  it.effect("T14: with `fail`, nothing is sent, and the error says that the sync is paused", () =>
    Effect.gen(function* () {
      const { fake, sync, runs } = yield* open()
      const options = { whenRunning: "fail", whenPaused: "fail" } as const
      for (const attempt of [
        Effect.asVoid(runs.trigger(sync, options)),
        Effect.asVoid(runs.run(sync, options)),
        Effect.asVoid(runs.trigger(sync, { ...options, key: "k" })),
      ]) {
        expect(yield* Effect.flip(within(10, attempt))).toMatchObject({
          reason: { _tag: "NotTriggerable", state: "paused" },
          delivery: "not-sent",
        })
      }
      expect(fake.runs.count("start")).toBe(0)
      // The key is free.
      const again = runs.trigger(sync, { whenRunning: "fail", key: "k" })
      expect(yield* within(10, again)).toMatchObject({ _tag: "Started" })
    }),
  )

  it.effect("T14: with `skip`, nothing is sent, and the result says why", () =>
    Effect.gen(function* () {
      const { fake, sync, runs } = yield* open()
      const skipped = yield* within(10, runs.trigger(sync, { whenRunning: "fail", whenPaused: "skip" }))
      expect(skipped).toEqual({ _tag: "Skipped", because: "paused", guard: "none" })
      expect(fake.runs.sent).toEqual([])
      expect(fake.count("syncs")).toBe(1)
    }),
  )

  it.effect("T14: an enabled sync, and one in another state, is triggered after one read", () =>
    Effect.gen(function* () {
      for (const state of ["enabled", "draft"] as const) {
        const { fake, sync, runs } = yield* open(state)
        expect(yield* within(10, runs.trigger(sync, { whenRunning: "fail", whenPaused: "fail" }))).toMatchObject({
          _tag: "Started",
        })
        expect(fake.count("syncs")).toBe(1)
      }
    }),
  )

  it.effect("T14: a sync that cannot be read is not triggered", () =>
    Effect.gen(function* () {
      const { fake, sync, runs } = yield* open("enabled")
      fake.trouble("syncs", ...Array.from({ length: 5 }, () => ({ error: FakeDriver.down })))
      const error = yield* Effect.flip(
        within("1 minute", runs.trigger(sync, { whenRunning: "fail", whenPaused: "skip" })),
      )
      expect(error).toMatchObject({ reason: { _tag: "Unavailable" }, delivery: "not-sent", operation: "start" })
      expect(error.message).toContain("reading the sync before the trigger")
      expect(fake.runs.count("start")).toBe(0)
    }),
  )

  it.effect("T14: a workspace that does not configure syncs refuses to look, before anything is sent", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { services } = yield* workspace(fake)
      const runs = Context.get(services, Runs)
      const whenPaused = "fail"
      for (const attempt of [
        Effect.asVoid(runs.trigger(FakeDriver.sync(), { whenRunning: "fail", whenPaused })),
        Effect.asVoid(runs.run(FakeDriver.sync(), { whenRunning: "fail", whenPaused })),
        Effect.asVoid(runs.ensure(FakeDriver.sync(), { maxAge: "1 hour", whenPaused })),
      ]) {
        expect(yield* Effect.flip(within(10, attempt))).toMatchObject({
          reason: { _tag: "Unsupported", capability: "catalog" },
          delivery: "not-sent",
        })
      }
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("T14: ensure looks where it would trigger, and not where the data are fresh", () =>
    Effect.gen(function* () {
      const { fake, sync, runs } = yield* open()
      const options = { maxAge: "1 hour", whenPaused: "fail" } as const
      expect(yield* Effect.flip(within("1 minute", runs.ensure(sync, options)))).toMatchObject({
        reason: { _tag: "NotTriggerable", state: "paused" },
      })
      fake.runs.begin("s1", 60_000, { lasts: 1_000 })
      const before = fake.count("syncs")
      expect(yield* within("5 minutes", Effect.delay(runs.ensure(sync, options), "2 minutes"))).toMatchObject({
        how: "fresh",
      })
      expect(fake.count("syncs")).toBe(before)
    }),
  )

  it.effect("T14: what has no run to wait for cannot be skipped", () =>
    Effect.gen(function* () {
      const { sync, runs } = yield* open()
      const options = { whenRunning: "fail", whenPaused: "skip" } as unknown as Parameters<typeof runs.run>[1]
      expect(yield* Effect.flip(within(10, runs.run(sync, options)))).toMatchObject({
        reason: { _tag: "InvalidRequest" },
      })
    }),
  )
})
