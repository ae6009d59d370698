import { describe, expect, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Fiber, Logger } from "effect"
import * as TestClock from "effect/testing/TestClock"
import * as Journal from "../src/journal/Journal.ts"
import type { Job } from "../src/model/Job.ts"
import * as Reason from "../src/model/Reason.ts"
import { type JobReport, Report } from "../src/model/Report.ts"
import { Sync } from "../src/model/Sync.ts"
import { job, jobs, make, mostAtOnce, startsOf, wait } from "./support/batches.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within } from "./support/testbed.ts"

describe("a batch", () => {
  it.effect("F7: the report has every job in its order, with its verdict, how, rows, run and duration", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      const ads = { sync: String(FakeDriver.sync("audiences", "ads")), scope: "full" } as const
      const report = yield* within("10 minutes", fleet.runAll([job("orders"), job("audiences", ads)], wait))
      expect(report).toBeInstanceOf(Report)
      expect(report).toMatchObject({
        isGreen: true,
        counts: { jobs: 2, green: 2, byVerdict: { complete: 2 } },
        jobs: [
          { name: "orders", verdict: "complete", isGreen: true, how: "started", rows: { succeeded: 10, failed: 0 } },
          { name: "audiences", verdict: "complete", how: "started", run: { workspace: "ads" } },
        ],
      })
      expect(report.jobs.map(({ duration }) => Duration.toSeconds(duration) >= 60)).toEqual([true, true])
      expect([startsOf(fakes.crm), startsOf(fakes.ads)]).toEqual([1, 1])
    }),
  )

  it.effect("F3, F7: one failing job stops no other, and each failure says what became of its run", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      fakes.crm.onStart((now, id) => {
        if (id === "denied") return Effect.fail(FakeDriver.failure(new Reason.PermissionDenied(), "refused"))
        if (id === "bug") return Effect.die(new Error("a bug with row 4711"))
        const ends = { partial: { rows: { succeeded: 8, failed: 2 } }, failed: { ends: "failed" as const } }
        const plan = { slow: { lasts: 7_200_000 }, ...ends }[id] ?? {}
        return Effect.succeed(fakes.crm.begin(id, now, plan).id)
      })
      const ended: Array<readonly [string, unknown]> = []
      const report = yield* within(
        "3 hours",
        fleet.runAll(jobs("denied", "bug", "partial", "failed", "slow", "fine"), {
          ...wait,
          deadline: "1 hour",
          onEnd: ({ name }, error) => ended.push([name, error]),
        }),
      )
      expect(report.jobs.map(({ name, verdict, code, run }) => [name, verdict, code, run?.run !== undefined])).toEqual([
        ["denied", "not-run", "retl.permission-denied", false],
        ["bug", "indeterminate", "retl.defect", false],
        ["partial", "partial", "retl.outcome-partial", true],
        ["failed", "failed", "retl.outcome-failed", true],
        ["slow", "unended", "retl.wait-deadline-exceeded", true],
        ["fine", "complete", undefined, true],
      ])
      expect(report.isGreen).toBe(false)
      expect(ended.map(([name]) => name).sort()).toEqual(["bug", "denied", "failed", "fine", "partial", "slow"])
      expect(ended.find(([name]) => name === "denied")?.[1]).toMatchObject({ code: "retl.permission-denied" })
      expect(ended.find(([name]) => name === "fine")?.[1]).toBeUndefined()
      expect(JSON.stringify(report) + String(report)).not.toContain("4711")
    }),
  )

  it.effect("F7: a lost answer that nothing settles is indeterminate, with its entry", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      fakes.crm.setSchedule("scheduled")
      fakes.crm.onStart((now, id) => {
        fakes.crm.begin(id, now)
        return Effect.fail(FakeDriver.lost)
      })
      const report = yield* within("1 hour", fleet.runAll(jobs("orders"), wait))
      expect(report.jobs).toMatchObject([
        { verdict: "indeterminate", code: "retl.trigger-indeterminate", candidates: [{ run: "r1" }] },
      ])
      expect(report.jobs[0]?.entry).toEqual(expect.any(String))
      expect(report.jobs[0]).not.toHaveProperty("run")
    }),
  )

  it.effect("F7: a run in the way is not the job's", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      fakes.crm.begin("orders", 0, { lasts: 7_200_000 })
      const report = yield* within("10 minutes", fleet.runAll(jobs("orders"), { whenRunning: "fail" }))
      expect(report.jobs).toMatchObject([{ verdict: "not-run", code: "retl.already-running" }])
      expect(report.jobs[0]).not.toHaveProperty("run")
    }),
  )
})

describe("bounds", () => {
  const names = Array.from({ length: 12 }, (_, at) => `job-${at}`)
  const runsOf = (fake: FakeDriver.Fake) => names.flatMap((name) => fake.runsOf(name))

  it.effect.each([
    [1, 1],
    [4, 4],
    [undefined, 10],
  ])("F7: with concurrency %s, at most %i jobs are under way", ([concurrency, most]) =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      yield* within("2 hours", fleet.runAll(jobs(...names), { ...wait, ...(concurrency && { concurrency }) }))
      expect(mostAtOnce(runsOf(fakes.crm))).toBe(most)
    }),
  )

  it.effect("F7: at most perDestination jobs of one destination are under way, and they keep no other waiting", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      const to = (name: string, at: number) => job(name, { destination: at < 9 ? "salesforce" : `other ${at}` })
      yield* within("2 hours", fleet.runAll(names.map(to), { ...wait, concurrency: 5, perDestination: 2 }))
      const salesforce = names.slice(0, 9).flatMap((name) => fakes.crm.runsOf(name))
      expect(mostAtOnce(salesforce)).toBe(2)
      expect(mostAtOnce(runsOf(fakes.crm))).toBe(5)
      const others = names.slice(9).flatMap((name) => fakes.crm.runsOf(name))
      expect(others.every(({ startedAt }) => startedAt < 60_000)).toBe(true)
    }),
  )

  it.effect("F7: the destination of a catalog's sync counts, and no request finds it out", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      const ofCatalog = (name: string) =>
        new Sync({
          ref: FakeDriver.sync(name, "crm"),
          connection: { destination: { id: "d1" } },
          state: "enabled",
          vendorState: "on",
          native: {},
        })
      const all = names.slice(0, 4).map((name) => job(name, { sync: ofCatalog(name) }))
      yield* within("2 hours", fleet.runAll(all, { ...wait, perDestination: 1 }))
      expect(mostAtOnce(runsOf(fakes.crm))).toBe(1)
      expect(
        fakes.crm.sent.filter(({ operation }) => !["start", "list", "get", "schedule"].includes(operation)),
      ).toEqual([])
    }),
  )
})

describe("problems of a batch", () => {
  const refused = (input: unknown, options: unknown = wait) =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      const error = yield* Effect.flip(fleet.runAll(input as ReadonlyArray<Job>, options as never))
      expect(error).toMatchObject({ operation: "runAll", delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      expect([...fakes.crm.sent, ...fakes.ads.sent]).toEqual([])
      const { issues } = error.reason as Reason.InvalidRequest
      return issues.map(({ path, message }) => `${path.join(".")}: ${message}`)
    })

  it.effect("F4, F7: all problems of all jobs are named at once, and nothing is sent", () =>
    Effect.gen(function* () {
      const issues = yield* refused(
        [
          job("orders"),
          job("orders", { sync: FakeDriver.sync("other", "crm") }),
          job("profiles", { sync: FakeDriver.sync("orders", "crm") }),
          job("erp", { sync: FakeDriver.sync("s", "erp") }),
          job("typo", { sync: "retl1.run.fake" }),
          job("scoped", { scope: "full" }),
          job("paused", { whenPaused: "fail" }),
          { ...job("unknown"), surprise: 1, deadline: "soon" },
          job("a\nb"),
          null,
          job("ads", { sync: FakeDriver.sync("s", "ads"), scope: "everything" as never }),
        ],
        { concurrency: 0, perDestination: 1.5, key: "", surprise: 1 },
      )
      const text = issues.join("\n")
      for (const part of [
        "concurrency: Expected a whole number from 1 to 1000",
        "perDestination: Expected a whole number from 1 to 1000",
        "key: Expected a key of 1 to 255 printable characters",
        "surprise: Expected no field of this name",
        "jobs.0.whenRunning: Expected",
        "jobs.1.name: Expected a name that no other job has",
        "jobs.2.sync: Expected a sync that no other job with this scope has",
        "jobs.3.sync: Expected a sync of this fleet, not of fake (erp)",
        "jobs.4.sync: Expected a sync ref",
        "jobs.5.scope: Expected no scope: fake has none",
        'jobs.6.whenPaused: Expected "trigger"',
        "jobs.7.surprise: Expected no field of this name",
        "jobs.7.deadline: Expected",
        "jobs.8.name: Expected a job name of 1 to 100 printable characters",
        "jobs.9: Expected",
        "jobs.10.scope: Expected",
      ]) {
        expect(text).toContain(part)
      }
    }),
  )

  it.effect.each([[[]], [undefined], [{}], [Array.from({ length: 1_001 }, (_, at) => job(`job-${at}`))]])(
    "F4, F7: a batch of no or too many jobs is refused (%#)",
    ([input]) =>
      Effect.gen(function* () {
        expect(yield* refused(input)).toEqual(["jobs: Expected a list of 1 to 1000 jobs"])
      }),
  )

  it.effect("F4, F7: perDestination needs a destination, and a key leaves place for the names", () =>
    Effect.gen(function* () {
      expect(yield* refused(jobs("orders"), { ...wait, perDestination: 2, key: "k".repeat(250) })).toEqual([
        "jobs.0.name: Expected a name that makes a key of 255 characters",
        "jobs.0.destination: Expected a name: perDestination counts by it",
      ])
    }),
  )

  it.effect("F4, H5: what throws when it is read is refused", () =>
    Effect.gen(function* () {
      const throwing = {
        get name(): string {
          throw new Error("secret")
        },
      }
      const revoked = Proxy.revocable({}, {})
      revoked.revoke()
      const issues = yield* refused([throwing, revoked.proxy], wait)
      expect(issues.join()).toMatch(/jobs\.0.*jobs\.1/)
      expect(issues.join()).not.toContain("secret")
    }),
  )
})

describe("a key", () => {
  it.effect("T10, F7: a batch that died goes on where it was, and no sync runs twice", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const crm = FakeDriver.make()
      const names = ["orders", "profiles", "a/b", "a%2Fb"]
      const options = { ...wait, key: "nightly/2026-11-28", concurrency: 2 }
      const first = yield* make({ crm, journal })
      const fiber = yield* begin(first.fleet.runAll(jobs(...names), options))
      yield* TestClock.adjust("90 seconds")
      yield* Fiber.interrupt(fiber)
      const runs = startsOf(crm)
      expect(runs).toBeGreaterThan(0)
      expect(runs).toBeLessThan(names.length + 1)

      const second = yield* make({ crm, journal })
      const report = yield* within("1 hour", second.fleet.runAll(jobs(...names), options))
      expect(report).toMatchObject({ isGreen: true, key: "nightly/2026-11-28" })
      expect(names.map((name) => crm.runsOf(name).length)).toEqual([1, 1, 1, 1])
      expect(report.jobs[0]).toMatchObject({ how: expect.stringMatching(/^(remembered|joined)$/) })

      const third = yield* within("1 hour", second.fleet.runAll(jobs(...names), options))
      expect(third.jobs.map(({ how }) => how)).toEqual(names.map(() => "remembered"))
      expect(startsOf(crm)).toBe(names.length)
    }),
  )

  it.effect("T10, F7: with again, a batch runs only what was not green once more", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      fakes.crm.onStart((now, id) => {
        const failed = id === "orders" && fakes.crm.runsOf(id).length === 0
        return Effect.succeed(fakes.crm.begin(id, now, failed ? { ends: "failed" } : {}).id)
      })
      const options = { ...wait, key: "nightly/2026-11-28" }
      const first = yield* within("1 hour", fleet.runAll(jobs("orders", "profiles"), options))
      expect(first.jobs.map(({ verdict }) => verdict)).toEqual(["failed", "complete"])
      const again = { ...options, again: "not-accepted" } as const
      const second = yield* within("1 hour", fleet.runAll(jobs("orders", "profiles"), again))
      expect(second.jobs.map(({ how }) => how)).toEqual(["started", "remembered"])
      expect(second.isGreen).toBe(true)
    }),
  )
})

describe("an interrupt", () => {
  it.effect.each([[undefined], ["nightly/2026-11-28"]])("W2, F7: leaves the runs, and names them (key: %s)", ([key]) =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make()
      const lines: Array<string> = []
      const logger = Logger.make(({ message }) => void lines.push(String(message)))
      const reports: Array<JobReport> = []
      const options = { ...wait, concurrency: 2, onEnd: (report: JobReport) => void reports.push(report) }
      const fiber = yield* begin(fleet.runAll(jobs("one", "two", "three"), { ...options, ...(key && { key }) })).pipe(
        Effect.provide(Logger.layer([logger])),
      )
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.interrupt(fiber)
      expect(reports.map(({ name, verdict, code, run }) => [name, verdict, code, run?.run])).toEqual([
        ["one", "unended", "retl.interrupted", "r1"],
        ["two", "unended", "retl.interrupted", "r2"],
        ["three", "not-run", "retl.interrupted", undefined],
      ])
      expect(lines).toContain("A batch was interrupted: its runs go on at their vendors")
      expect(fakes.crm.count("cancel")).toBe(0)
      expect(startsOf(fakes.crm)).toBe(2)
    }),
  )

  it.effect("F7: a callback that throws, and a workspace that closes, stop no job", () =>
    Effect.gen(function* () {
      const { fleet } = yield* make()
      const report = yield* within(
        "1 hour",
        fleet.runAll(jobs("one", "two"), {
          ...wait,
          onEnd: () => {
            throw new Error("a bug of the caller")
          },
        }),
      )
      expect(report.isGreen).toBe(true)
      const closed = yield* Effect.scoped(make())
      const exit = yield* within("1 hour", Effect.exit(closed.fleet.runAll(jobs("one", "two"), wait)))
      const ended = Exit.isSuccess(exit) ? exit.value : expect.fail(Cause.pretty(exit.cause))
      expect(ended.jobs.map(({ isGreen }) => isGreen)).toEqual([false, false])
    }),
  )
})
