import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { ChangeIncomplete, ChangeIndeterminate } from "../src/model/Change.ts"
import * as Reason from "../src/model/Reason.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { every, manual } from "../src/model/schedule/Schedule.ts"
import { down, failure, lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const hourly = every("1 hour")
const refused = failure(new Reason.InvalidRequest({ issues: [] }), "refused", { status: 400 })

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

const issuesOf = (error: unknown) =>
  error instanceof RetlError && error.reason._tag === "InvalidRequest"
    ? error.reason.issues.map(({ path }) => path.join("."))
    : expect.fail(`expected an InvalidRequest, found ${String(error)}`)

const incomplete = (error: unknown): ChangeIncomplete =>
  error instanceof ChangeIncomplete ? error : expect.fail(`expected a ChangeIncomplete, found ${String(error)}`)

const indeterminate = (error: unknown): ChangeIndeterminate =>
  error instanceof ChangeIndeterminate ? error : expect.fail(`expected a ChangeIndeterminate, found ${String(error)}`)

describe("creating a sync", () => {
  it.effect("A2: a sync is created disabled and manual by default, in one request", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const sync = yield* within("1 minute", administration.create(definition("a")))
      expect(sync).toMatchObject({ name: "from a", state: "paused", schedule: { _tag: "Manual" } })
      expect(String(sync.ref)).toBe(String(refOf("s1")))
      expect([fake.count("create"), fake.count("update")]).toEqual([1, 0])
    }),
  )

  it.effect("A2, A3: what the create could not carry follows in one update", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isBare: true })
      const wanted = definition("a", { enabled: true, schedule: hourly })
      const sync = yield* within("1 minute", administration.create(wanted))
      expect(sync).toMatchObject({ state: "enabled", schedule: hourly })
      const updates = fake.sent.filter(({ operation }) => operation === "update")
      expect(updates.map(({ change }) => change)).toEqual([{ enabled: true, schedule: hourly }])
    }),
  )

  it.effect("A2: fields that the answer does not show are set by an update", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "no-details" })
      const sync = yield* within("5 minutes", administration.create(definition("a")))
      expect(sync.state).toBe("paused")
      const [update] = fake.sent.filter(({ operation }) => operation === "update")
      expect(update?.change).toEqual({ name: "from a", enabled: false, schedule: manual })
    }),
  )

  it.effect("A1: a new sync that the answer does not name is found among the candidates", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "nothing", lag: 20_000 })
      fake.add({ pair: "a", at: -1_000_000 })
      const sync = yield* within("5 minutes", administration.create(definition("a")))
      expect(sync.ref.ids).toEqual({ sync: "s2" })
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1: a create that neither its answer nor the reads show is indeterminate, without candidates", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "nothing", lag: 3_600_000 })
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.create(definition("a")))))
      expect([error.operation, error.candidates, error.sync]).toEqual(["create", [], undefined])
      expect(error.wanted).toMatchObject({ name: "from a" })
      expect(error.error.reason._tag).toBe("UnexpectedResponse")
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1, A2, S1: an invalid definition is refused before any request, with every problem", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const invalid = definition("", { name: " ", schedule: every("90 seconds") })
      const error = yield* Effect.flip(administration.create(invalid))
      expect(issuesOf(error)).toEqual(expect.arrayContaining(["name", "schedule.every", "part.pair"]))
      expect(error).toMatchObject({ delivery: "not-sent", operation: "createSync" })
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("A1: a part for another vendor is refused, and its spec is not validated", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const part = { vendor: "other", spec: { pair: "" } }
      expect(issuesOf(yield* Effect.flip(administration.create({ part })))).toEqual(["part.vendor"])
      expect(issuesOf(yield* Effect.flip(administration.update(refOf("s1"), { part })))).toEqual(["part.vendor"])
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("A1: a create that the vendor refuses fails with its error, and nothing is looked up", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: refused })
      const error = yield* Effect.flip(within("1 minute", administration.create(definition("a"))))
      expect(error).toMatchObject({ _tag: "RetlError", delivery: "refused", operation: "createSync" })
      expect([fake.count("create"), fake.count("syncs")]).toEqual([1, 1])
    }),
  )

  it.effect("A1: a create is not sent when the existing syncs cannot be read", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("syncs", ...Array.from({ length: 5 }, () => ({ error: down })))
      const error = yield* Effect.flip(within("5 minutes", administration.create(definition("a"))))
      expect(error).toMatchObject({ _tag: "RetlError", delivery: "not-sent", reason: { _tag: "Unavailable" } })
      expect(fake.writes()).toBe(0)
    }),
  )

  it.effect("A1: a sync is created although the vendor lists no syncs", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.close()
      const sync = yield* within("1 minute", administration.create(definition("a")))
      expect(sync.ref.ids).toEqual({ sync: "s1" })
      fake.trouble("create", { error: lost, commits: true })
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.create(definition("a")))))
      expect(error.candidates).toEqual([])
    }),
  )
})

describe("a create that is carried out in part", () => {
  it.effect("A3: a refused second request fails with what exists, what is missing, and why", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isBare: true })
      fake.trouble("update", { error: refused })
      const wanted = definition("a", { enabled: true, schedule: hourly })
      const error = incomplete(yield* Effect.flip(within("1 minute", administration.create(wanted))))
      expect(error).toMatchObject({
        operation: "create",
        sync: { state: "paused", schedule: { _tag: "Manual" } },
        remaining: { enabled: true, schedule: hourly },
        error: { delivery: "refused" },
      })
      expect(error.message).toContain("enabled, schedule")
      const sync = yield* within("1 minute", administration.update(error.sync.ref, error.remaining))
      expect(sync).toMatchObject({ state: "enabled", schedule: hourly })
      yield* within("1 minute", administration.delete(error.sync.ref))
      expect(yield* fake.truth).toEqual([])
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A3: a second request that is lost and not carried out fails with what is missing", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isBare: true })
      fake.trouble("update", { error: lost })
      const wanted = definition("a", { schedule: hourly })
      const error = incomplete(yield* Effect.flip(within("1 hour", administration.create(wanted))))
      expect(error).toMatchObject({ remaining: { schedule: hourly }, error: { delivery: "unknown" } })
      expect(fake.count("update")).toBe(1)
    }),
  )

  it.effect("A3: a second request that is lost and carried out succeeds", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isBare: true, lag: 30_000 })
      fake.trouble("update", { error: lost, commits: 20_000 })
      const sync = yield* within("1 hour", administration.create(definition("a", { schedule: hourly })))
      expect(sync.schedule).toEqual(hourly)
      expect(fake.count("update")).toBe(1)
    }),
  )

  it.effect("A3: a second request that is accepted and not shown is incomplete", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isBare: true, answers: "all" })
      fake.obey((wanted, { schedule = manual }) => ({ ...wanted, schedule }))
      const wanted = definition("a", { enabled: true, schedule: hourly })
      const error = incomplete(yield* Effect.flip(within("1 hour", administration.create(wanted))))
      expect(error).toMatchObject({ operation: "create", sync: { state: "enabled" }, remaining: { schedule: hourly } })
      expect(error.error).toBeUndefined()
      expect(error.message).toContain("accepted the change and shows something else")
    }),
  )

  it.effect("A3: a lost second request that did a part fails with the sync as last seen", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isBare: true })
      fake.obey((wanted, { schedule = manual }) => ({ ...wanted, schedule }))
      fake.trouble("update", { error: lost, commits: true })
      const wanted = definition("a", { enabled: true, schedule: hourly })
      const error = incomplete(yield* Effect.flip(within("1 hour", administration.create(wanted))))
      expect(error).toMatchObject({ sync: { state: "enabled" }, remaining: { schedule: hourly } })
      expect(Object.keys(error.remaining)).toEqual(["schedule"])
    }),
  )
})

describe("updating a sync", () => {
  it.effect("A4: fields that already have the wanted value are not sent", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({ state: "enabled", schedule: hourly })
      yield* within("1 minute", administration.resume(ref))
      yield* within("1 minute", administration.setSchedule(ref, every("60 minutes")))
      yield* within("1 minute", administration.update(ref, { part: { vendor: "fake", spec: { mode: "upsert" } } }))
      expect(fake.writes()).toBe(0)
      const part = { vendor: "fake", spec: { mode: "mirror" } }
      const sync = yield* within("1 minute", administration.update(ref, { enabled: false, schedule: hourly, part }))
      expect(sync).toMatchObject({ state: "paused", schedule: hourly, vendorMode: "mirror" })
      expect(fake.sent.at(-1)?.change).toEqual({ enabled: false, spec: part.spec })
    }),
  )

  it.effect("A4: pause, resume and setSchedule send one field each", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({ state: "enabled", schedule: hourly })
      yield* within("1 minute", administration.pause(ref))
      yield* within("1 minute", administration.resume(ref))
      yield* within("1 minute", administration.setSchedule(ref, manual))
      const changes = fake.sent.filter(({ operation }) => operation === "update").map(({ change }) => change)
      expect(changes).toEqual([{ enabled: false }, { enabled: true }, { schedule: manual }])
    }),
  )

  it.effect("A4: a pause sends nothing for a draft, and an update for a sync in error or in an unknown state", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      yield* within("1 minute", administration.pause(fake.add({ state: "draft" })))
      expect(fake.writes()).toBe(0)
      yield* within("1 minute", administration.pause(fake.add({ state: "error" })))
      expect(fake.count("update")).toBe(1)
      yield* within("1 minute", administration.pause(fake.add({ state: "unknown" })))
      expect(fake.count("update")).toBe(2)
    }),
  )

  it.effect(
    "A4: pause and resume compare with the sync's switch, where the vendor reports it apart from the state",
    () =>
      Effect.gen(function* () {
        const off = yield* make({ more: { isSwitchedOn: false, state: "paused" } })
        yield* within("1 minute", off.administration.pause(off.fake.add({})))
        expect(off.fake.writes()).toBe(0)
        const on = yield* make({ more: { isSwitchedOn: true, state: "paused" } })
        yield* within("1 minute", on.administration.resume(on.fake.add({})))
        expect(on.fake.writes()).toBe(0)
        yield* within("5 minutes", Effect.exit(on.administration.pause(on.fake.add({}))))
        expect(on.fake.count("update")).toBe(1)
      }),
  )

  it.effect("A4, S1: setSchedule sends a schedule unless the sync shows an equal one", () =>
    Effect.gen(function* () {
      const equal = yield* make({ more: { unreadSchedule: "{}" } })
      yield* within("1 minute", equal.administration.setSchedule(equal.fake.add({}), manual))
      expect(equal.fake.writes()).toBe(0)
      for (const more of [{}, { unreadSchedule: "{}" }]) {
        const { fake, administration } = yield* make({ more })
        const sync = yield* within("1 minute", administration.setSchedule(fake.add({ schedule: undefined }), hourly))
        expect([sync.schedule, fake.count("update")]).toEqual([hourly, 1])
      }
    }),
  )

  it.effect("A4: empty and invalid changes are refused before any request, with every problem", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      expect(issuesOf(yield* Effect.flip(administration.update(refOf("s1"), {})))).toEqual([""])
      const part = { vendor: "fake", spec: { mode: "" } }
      const invalid = administration.update(refOf("s1"), { name: "", schedule: every(1), part })
      expect(issuesOf(yield* Effect.flip(invalid))).toEqual(
        expect.arrayContaining(["name", "schedule.every", "part.mode"]),
      )
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("A1: a change is not sent when its sync cannot be read", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({})
      for (const change of [administration.pause(ref), administration.delete(ref)]) {
        fake.trouble("syncs", ...Array.from({ length: 5 }, () => ({ error: down })))
        const error = yield* Effect.flip(within("5 minutes", change))
        expect(error).toMatchObject({ _tag: "RetlError", delivery: "not-sent", reason: { _tag: "Unavailable" } })
      }
      expect(fake.writes()).toBe(0)
      const missing = yield* Effect.flip(within("5 minutes", administration.pause(refOf("none"))))
      expect(missing).toMatchObject({ reason: { _tag: "NotFound", what: "sync" }, delivery: "not-sent" })
    }),
  )

  it.effect("A1: an update that is lost and carried out succeeds when the reads show it", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag: 40_000 })
      const ref = fake.add({ at: -1_000_000 })
      fake.trouble("update", { error: lost, commits: 60_000 })
      const sync = yield* within("10 minutes", administration.pause(ref))
      expect(sync.state).toBe("paused")
      expect(fake.count("update")).toBe(1)
    }),
  )

  it.effect("A1: an update that is lost and not carried out is indeterminate, with the wanted change", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({})
      fake.trouble("update", { error: lost })
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.pause(ref))))
      expect(error).toMatchObject({ operation: "update", candidates: [], wanted: { enabled: false } })
      expect(String(error.sync)).toBe(String(ref))
      expect(error.error.operation).toBe("pauseSync")
      expect(error.message).toContain(String(ref))
      expect(fake.count("update")).toBe(1)
    }),
  )

  it.effect("A1: an update whose answer shows nothing succeeds when the reads show it", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "nothing", lag: 40_000 })
      const ref = fake.add({ at: -1_000_000 })
      expect((yield* within("5 minutes", administration.pause(ref))).state).toBe("paused")
      expect(fake.count("update")).toBe(1)
    }),
  )

  it.effect("A3: an update that is accepted and not shown is incomplete, with the sync as it is", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({ name: "one" })
      fake.obey((wanted, { state }) => ({ ...wanted, state }))
      const change = administration.update(ref, { enabled: false, name: "two" })
      const error = incomplete(yield* Effect.flip(within("1 hour", change)))
      expect(error).toMatchObject({ operation: "update", sync: { name: "two", state: "enabled" } })
      expect(error.remaining).toEqual({ enabled: false })
    }),
  )

  it.effect("A1: an update that neither its answer nor a read shows is indeterminate", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "nothing" })
      const ref = fake.add({})
      fake.when("update", () => fake.trouble("syncs", ...Array.from({ length: 500 }, () => ({ error: down }))))
      const error = indeterminate(yield* Effect.flip(within("2 hours", administration.pause(ref))))
      expect(error).toMatchObject({ operation: "update", wanted: { enabled: false } })
      expect(error.error.reason._tag).toBe("Unavailable")
      expect(fake.count("update")).toBe(1)
    }),
  )
})
