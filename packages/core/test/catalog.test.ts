import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Exit, Option, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { SyncRef } from "../src/model/Ref.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { down } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { begin, within } from "./support/testbed.ts"

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

describe("the catalog", () => {
  it.effect("K1: the list has every sync once, reads a page only when it is pulled, and several pages again", () =>
    Effect.gen(function* () {
      const { fake, catalog } = yield* make()
      const refs = Array.from({ length: 7 }, () => String(fake.add({})))
      const [first] = yield* Stream.runCollect(Stream.take(catalog.list, 1))
      expect([String(first?.ref), fake.count("syncs")]).toEqual([refs[0], 1])
      const syncs = yield* Stream.runCollect(catalog.list)
      expect(syncs.map(({ ref }) => String(ref))).toEqual(refs)
      expect(fake.count("syncs")).toBe(1 + 2 * 4)
    }),
  )

  it.effect("K1: a sync that comes again with another optional id is listed once", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const { ids, ...snapshot } = fake.snapshotOf({ id: "s1", pair: "p", name: "x", state: "paused", mode: "upsert" })
      const list: typeof fake.driver.catalog.list = (requests) =>
        requests.syncPages("syncs", (cursor) =>
          Effect.succeed(
            cursor === undefined
              ? { items: [{ ...snapshot, ids }], next: "2" }
              : {
                  items: [
                    { ...snapshot, ids: { region: "eu", ...ids } },
                    { ...snapshot, ids: { sync: "s2" } },
                  ],
                },
          ),
        )
      const catalog = { ...fake.driver.catalog, list }
      const services = yield* FakeSyncs.open({ ...fake, driver: { ...fake.driver, catalog } })
      const syncs = yield* Stream.runCollect(services.catalog.list)
      expect(syncs.map(({ ref }) => ref.ids)).toEqual([{ sync: "s1" }, { sync: "s2" }])
    }),
  )

  it.effect("K1: `get` returns a sync as the list does", () =>
    Effect.gen(function* () {
      const { fake, catalog } = yield* make()
      const ref = fake.add({ state: "error" })
      const listed = yield* Stream.runHead(catalog.list)
      expect(yield* catalog.get(ref)).toEqual(Option.getOrThrow(listed))
    }),
  )

  it.effect("K1: the last run has a ref of its sync, unless its id is invalid", () =>
    Effect.gen(function* () {
      const succeededAt = DateTime.makeUnsafe(0)
      const lastRunOf = Effect.fnUntraced(function* (run: string) {
        const { fake, catalog } = yield* make({ more: { lastRun: { run, succeededAt } } })
        return (yield* catalog.get(fake.add({}))).lastRun
      })
      const lastRun = yield* lastRunOf("r1")
      expect([String(lastRun?.ref?.sync), lastRun?.ref?.run]).toEqual([String(FakeSyncs.refOf("s1")), "r1"])
      expect(yield* lastRunOf("")).toEqual({ succeededAt })
    }),
  )

  it.effect("K3: a list that the vendor does not offer is a typed error, not an empty list", () =>
    Effect.gen(function* () {
      const { fake, catalog } = yield* make()
      fake.add({})
      fake.close()
      const error = yield* Effect.flip(Stream.runCollect(catalog.list))
      expect(error).toMatchObject({ reason: { _tag: "Unsupported" } })
    }),
  )

  const foreign = [
    ["of another workspace", "WrongWorkspace", FakeSyncs.refOf("s1", "other")],
    ["of another vendor", "WrongWorkspace", new SyncRef({ workspace: "test", vendor: "another", ids: { sync: "s1" } })],
    ["with other ids", "InvalidRequest", new SyncRef({ workspace: "test", vendor: "fake", ids: { model: "s1" } })],
  ] as const
  it.effect.each(foreign)("F2: a ref %s is refused before any request", ([, reason, ref]) =>
    Effect.gen(function* () {
      const { fake, catalog, administration } = yield* make()
      const calls: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        catalog.get(ref),
        administration.update(ref, { enabled: true }),
        administration.pause(ref),
        administration.resume(ref),
        administration.setSchedule(ref, { _tag: "Manual" }),
        administration.delete(ref),
      ]
      for (const call of calls) {
        expect(yield* Effect.flip(call)).toMatchObject({ reason: { _tag: reason }, delivery: "not-sent" })
      }
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("K1: failing reads are retried, and the error names the operation", () =>
    Effect.gen(function* () {
      const { fake, catalog } = yield* make()
      const ref = fake.add({})
      fake.trouble("syncs", { error: down }, { error: down })
      expect(String((yield* within("1 minute", catalog.get(ref))).ref)).toBe(String(ref))
      fake.trouble("syncs", ...Array.from({ length: 10 }, () => ({ error: down })))
      const got = yield* Effect.flip(within("1 minute", catalog.get(ref)))
      expect(got).toMatchObject({ operation: "getSync", attempts: 5, exhausted: true })
      const listed = yield* Effect.flip(within("1 minute", Stream.runDrain(catalog.list)))
      expect(listed).toMatchObject({ operation: "listSyncs", attempts: 5 })
    }),
  )

  it.effect("B5: closing the workspace ends a read that waits to be sent again", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const scope = yield* Scope.make()
      const { catalog } = yield* Scope.provide(FakeSyncs.open(fake), scope)
      const ref = fake.add({})
      fake.trouble("syncs", ...Array.from({ length: 4 }, () => ({ error: down })))
      const fiber = yield* begin(Effect.exit(catalog.get(ref)))
      yield* TestClock.adjust("3 seconds")
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust(1)
      expect(fiber.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect("H5: an invalid sync id is a typed error with its path", () =>
    Effect.gen(function* () {
      const { fake, catalog } = yield* make()
      fake.add({ id: "x".repeat(300) })
      const error = yield* Effect.flip(Stream.runCollect(catalog.list))
      expect(error).toBeInstanceOf(RetlError)
      expect(error).toMatchObject({
        ...{ operation: "listSyncs", reason: { _tag: "UnexpectedResponse" }, delivery: "unknown" },
      })
      expect(error.reason._tag === "UnexpectedResponse" && error.reason.issues[0]?.path).toEqual(["ids", "sync"])
    }),
  )

  it.effect("H5: an invalid source id is a typed error with its path", () =>
    Effect.gen(function* () {
      const { fake, catalog } = yield* make()
      fake.add({ pair: "x".repeat(300) })
      const error = yield* Effect.flip(Stream.runCollect(catalog.list))
      expect(error).toMatchObject({ reason: { _tag: "UnexpectedResponse" }, delivery: "unknown" })
      const paths =
        error.reason._tag === "UnexpectedResponse" ? error.reason.issues.map(({ path }) => path.join(".")) : []
      expect(paths).toContain("connection.source.id")
    }),
  )
})
