import { describe, expect, it } from "@effect/vitest"
import * as Fleet from "@openretl/core/Fleet"
import { openFleet } from "@openretl/core/Open"
import { type InvalidRequest, Stopped } from "@openretl/core/Reason"
import { SyncRef } from "@openretl/core/Ref"
import { Run } from "@openretl/core/Run"
import { Runs } from "@openretl/core/Runs"
import * as FakeRuns from "@openretl/emulator/FakeRuns"
import { Duration, Effect, Fiber, Schema, Stream } from "effect"

const sync = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection: "orders" } })

const make = (options: Partial<FakeRuns.Options> = {}) =>
  FakeRuns.make({ workspace: "crm", vendor: "rudderstack", ...options })

const wait = { whenRunning: "wait" } as const

/** Runs the sync once, and returns how that ended. */
const runOnce = (fake: FakeRuns.FakeRuns, ...scripts: ReadonlyArray<FakeRuns.Script>) => {
  fake.script(sync, ...scripts)
  return Effect.result(fake.runs.run(sync, wait))
}

describe("scripts", () => {
  const judged: ReadonlyArray<readonly [name: string, script: FakeRuns.Script, verdict: string]> = [
    ["success", FakeRuns.success(), "complete"],
    ["success without rows", FakeRuns.success({ rows: { succeeded: 0, failed: 0 } }), "empty"],
    ["success with rows left out", FakeRuns.success({ rows: { succeeded: 8, failed: 0, total: 9 } }), "unverified"],
    ["partial", FakeRuns.partial({ rows: { succeeded: 8, failed: 2 } }), "partial"],
    ["partial of none", FakeRuns.partial({ rows: { succeeded: 0, failed: 2 } }), "failed"],
    ["failure", FakeRuns.failure({ errorCode: "DOWN", errorText: "it was down" }), "failed"],
    ["cancelled", FakeRuns.cancelled(), "cancelled"],
  ]
  it.effect.each(judged)("%s: the run is judged as a real one", ([, script, verdict]) =>
    Effect.gen(function* () {
      const fake = make()
      const ended = yield* runOnce(fake, script)
      const { run } = ended._tag === "Success" ? ended.success : (ended.failure as { readonly run: Run })
      expect(ended).toMatchObject(ended._tag === "Success" ? { success: { verdict } } : { failure: { verdict } })
      expect(run).toBeInstanceOf(Run)
      expect(Schema.is(Run)(run)).toBe(true)
      expect((yield* fake.runs.get(run.ref)).status).toBe(run.status)
      fake.assertTriggered(sync, 1)
    }),
  )

  it.effect.each([
    "retl.unauthenticated",
    "retl.permission-denied",
    "retl.not-found",
    "retl.not-triggerable",
    "retl.conflict",
    "retl.rate-limited",
  ] as const)("refused: fails with %s, and one trigger arrived", (code) =>
    Effect.gen(function* () {
      const fake = make()
      expect(yield* runOnce(fake, FakeRuns.refused(code))).toMatchObject({ failure: { code, sync } })
      fake.assertTriggered(sync, 1)
    }),
  )

  it.effect("lost: core finds the run, proves that there is none, or says that nothing settles it", () =>
    Effect.gen(function* () {
      const started = make()
      expect(yield* runOnce(started, FakeRuns.lost("started"))).toMatchObject({ success: { how: "adopted" } })
      const none = make()
      expect(yield* runOnce(none, FakeRuns.lost("not-started"))).toMatchObject({ failure: { delivery: "refused" } })
      const unclear = make()
      expect(yield* runOnce(unclear, FakeRuns.lost("unclear"))).toMatchObject({
        failure: { code: "retl.trigger-indeterminate", candidates: [{ run: "run-1" }] },
      })
      for (const fake of [started, none, unclear]) fake.assertTriggered(sync, 1)
    }),
  )

  it.effect("a sync without a script fails with a message that says what to script", () =>
    Effect.gen(function* () {
      const fake = make()
      const error = yield* Effect.flip(fake.runs.run(sync, wait))
      expect(error).toMatchObject({ code: "retl.invalid-request" })
      const { issues } = (error as { readonly reason: InvalidRequest }).reason
      expect(issues[0]?.message).toContain(
        `a script for this trigger of ${sync}: call script(sync, FakeRuns.success())`,
      )
      fake.assertTriggered(sync, 0)
      const always = make({ otherwise: FakeRuns.success() })
      for (const _ of [1, 2, 3]) yield* always.runs.run(sync, wait)
      always.assertTriggered(sync, 3)
      expect(() => always.assertTriggered(String(sync), 2)).toThrow(`Expected 2 triggers of ${sync}, and 3 arrived`)
    }),
  )
})

describe("looks", () => {
  it.effect("a run is under way for so many looks", () =>
    Effect.gen(function* () {
      const fake = make()
      fake.script(sync, FakeRuns.success({ looks: 2 }), FakeRuns.success({ looks: 3 }))
      const triggered = yield* fake.runs.trigger(sync, { whenRunning: "fail" })
      const run = triggered._tag === "Started" ? triggered.run : expect.fail(triggered._tag)
      const statuses = yield* Effect.forEach([1, 2, 3, 4], () => Effect.map(fake.runs.get(run), ({ status }) => status))
      expect(statuses).toEqual(["running", "running", "succeeded", "succeeded"])
      const next = yield* fake.runs.trigger(sync, { whenRunning: "fail" })
      const watched = yield* Stream.runCollect(fake.runs.watch(next._tag === "Started" ? next.run : run))
      expect(watched.map(({ status }) => status)).toEqual(["running", "succeeded"])
      expect((yield* Stream.runCollect(fake.runs.list(sync))).map(({ ref }) => ref.run)).toEqual(["run-2", "run-1"])
    }),
  )

  it.effect("check looks once, and names the time of the next look", () =>
    Effect.gen(function* () {
      const fake = make()
      fake.script(sync, FakeRuns.success({ looks: 1 }))
      const triggered = yield* fake.runs.trigger(sync, { whenRunning: "fail" })
      const run = triggered._tag === "Started" ? triggered.run : expect.fail(triggered._tag)
      expect(yield* fake.runs.check(run)).toMatchObject({ _tag: "Running" })
      expect(yield* fake.runs.check(run)).toMatchObject({ _tag: "Finished", verdict: "complete" })
    }),
  )

  it.effect("a run without an end reaches the deadline at once, and can be cancelled", () =>
    Effect.gen(function* () {
      const fake = make()
      fake.script(sync, FakeRuns.success({ looks: Number.POSITIVE_INFINITY }))
      const late = yield* Effect.flip(fake.runs.run(sync, { ...wait, deadline: "2 hours" }))
      expect(late).toMatchObject({ code: "retl.wait-deadline-exceeded" })
      const crm = yield* Effect.promise(() => fake.open())
      const [running] = yield* Stream.runCollect(fake.runs.list(sync))
      const { ref } = running ?? expect.fail("no run")
      expect(yield* Effect.promise(() => crm.cancel(ref, { confirmWithin: "1 minute" }))).toMatchObject({
        _tag: "Requested",
        ended: { status: "cancelled" },
      })
    }),
  )
})

describe("the rules of core", () => {
  it.effect("T10: calls with one key share a run, which is remembered", () =>
    Effect.gen(function* () {
      const fake = make()
      fake.script(sync, FakeRuns.success({ looks: 5 }))
      const run = fake.runs.run(sync, { ...wait, key: "nightly/2026-11-28" })
      const ended = yield* Effect.all([run, run, run], { concurrency: "unbounded" })
      expect(ended.map(({ how }) => how).sort()).toEqual(["joined", "joined", "started"])
      expect((yield* run).how).toBe("remembered")
      fake.assertTriggered(sync, 1)
    }),
  )

  it.effect("T5: whenRunning decides about a run of somebody else", () =>
    Effect.gen(function* () {
      const fake = make({ otherwise: FakeRuns.success() })
      fake.addRun(sync, FakeRuns.success({ looks: 4 }))
      expect(yield* Effect.flip(fake.runs.run(sync, { whenRunning: "fail" }))).toMatchObject({
        code: "retl.already-running",
      })
      expect(yield* fake.runs.trigger(sync, { whenRunning: "skip" })).toMatchObject({ _tag: "Skipped" })
      fake.assertTriggered(sync, 0)
      expect(yield* fake.runs.run(sync, wait)).toMatchObject({ how: "started", verdict: "complete" })
      fake.assertTriggered(sync, 1)
      expect(() => fake.addRun(sync, FakeRuns.refused("retl.conflict"))).toThrow("Expected a script with a run")
    }),
  )

  it.effect("T11, N1: ensure and freshness go by the runs that there were", () =>
    Effect.gen(function* () {
      const fake = make({ otherwise: FakeRuns.success() })
      fake.addRun(sync, FakeRuns.success(), "3 hours")
      expect(yield* fake.runs.freshness(sync, { warnAfter: "6 hours" })).toMatchObject({ _tag: "Fresh" })
      expect(yield* fake.runs.ensure(sync, { maxAge: "6 hours" })).toMatchObject({
        how: "fresh",
      })
      expect(yield* fake.runs.ensure(sync, { maxAge: "1 hour" })).toMatchObject({ how: "started" })
      fake.assertTriggered(sync, 1)
    }),
  )

  it.effect("F2, F4, H6: refs and options are refused as by a real workspace", () =>
    Effect.gen(function* () {
      const fake = make({ otherwise: FakeRuns.success() })
      const other = new SyncRef({ workspace: "erp", vendor: "rudderstack", ids: { connection: "c" } })
      expect(yield* Effect.flip(fake.runs.run(other, wait))).toMatchObject({ code: "retl.wrong-workspace" })
      const wrong = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { sync: "c" } })
      expect(yield* Effect.flip(fake.runs.run(wrong, wait))).toMatchObject({ code: "retl.invalid-request" })
      const invalid = yield* Effect.flip(fake.runs.run(sync, { whenRunning: "maybe" } as never))
      expect(invalid).toMatchObject({ code: "retl.invalid-request" })
      expect(() => make({ workspace: "no name" })).toThrow("Expected a workspace name")
    }),
  )

  it.effect("W2: an interrupt leaves the run, and another wait goes on with it", () =>
    Effect.gen(function* () {
      const fake = make()
      fake.script(sync, FakeRuns.success({ looks: Number.POSITIVE_INFINITY }))
      const triggered = yield* fake.runs.trigger(sync, { whenRunning: "fail" })
      const run = triggered._tag === "Started" ? triggered.run : expect.fail(triggered._tag)
      const fiber = yield* Effect.forkChild(fake.runs.wait(run, { deadline: "10000 hours" }))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      expect((yield* fake.runs.get(run)).status).toBe("running")
    }),
  )
})

describe("its doors", () => {
  it.effect("it is a layer, a workspace of a fleet, and a workspace in promises", () =>
    Effect.gen(function* () {
      const fake = make({ otherwise: FakeRuns.success() })
      const program = Effect.flatMap(Runs, ({ run }) => run(sync, wait))
      expect((yield* Effect.provide(program, fake.layer)).verdict).toBe("complete")

      const fleet = yield* Fleet.make({ crm: fake.workspace })
      const report = yield* fleet.runAll([{ name: "orders", sync }], wait)
      expect(report).toMatchObject({ isGreen: true, jobs: [{ name: "orders", verdict: "complete" }] })
      expect(Duration.toMillis(report.duration)).toBeGreaterThanOrEqual(0)

      yield* Effect.promise(async () => {
        const promised = await openFleet({ crm: fake.open() })
        expect((await promised.run(sync, wait)).verdict).toBe("complete")
        expect(await promised.workspaces.crm.freshness(sync, { warnAfter: "1 day" })).toMatchObject({ _tag: "Fresh" })
        const seen: Array<string> = []
        for await (const run of promised.list(sync)) seen.push(run.ref.run)
        expect(seen).toEqual(["run-3", "run-2", "run-1"])
        await promised.close()
        await expect(promised.run(sync, wait)).rejects.toMatchObject({ reason: new Stopped({ why: "it was closed" }) })
      })
      fake.assertTriggered(sync, 3)
    }),
  )

  it("F7: a signal stops a batch in promises, and onEnd gets the run that goes on", async () => {
    const fake = make({ otherwise: FakeRuns.success() })
    const slow = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection: "slow" } })
    fake.script(slow, FakeRuns.success({ looks: Number.POSITIVE_INFINITY }))
    const controller = new AbortController()
    const ended: Array<readonly [name: string, code: string | undefined, run: boolean]> = []
    await using fleet = await openFleet({ crm: fake.open() })
    const jobs = [
      { name: "orders", sync },
      { name: "slow", sync: slow },
    ]
    const batch = fleet.runAll(jobs, {
      ...wait,
      key: "nightly/2026-11-28",
      deadline: "10000 hours",
      signal: controller.signal,
      onEnd: ({ name, code, run }) => {
        ended.push([name, code, run !== undefined])
        if (name === "orders") controller.abort(new Error("stop"))
      },
    })
    await expect(batch).rejects.toThrow("stop")
    expect(ended).toEqual([
      ["orders", undefined, true],
      ["slow", "retl.interrupted", true],
    ])
  })

  it.effect.each([
    ["segment", { source: "s", model: "m", subscription: "u", destination: "d" }, undefined],
    ["zeotap", { sync: "s" }, undefined],
    ["acme", { pipe: "p" }, ["pipe"]],
  ] as const)("it takes the refs of %s", ([vendor, ids, names]) =>
    Effect.gen(function* () {
      const fake = FakeRuns.make({ workspace: "w", vendor, ...(names && { ids: names }) })
      const ref = new SyncRef({ workspace: "w", vendor, ids })
      fake.script(String(ref), FakeRuns.success())
      expect((yield* fake.runs.run(ref, wait)).verdict).toBe("complete")
    }),
  )
})
