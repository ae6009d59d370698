/** Workspaces: refs of others, what a vendor lacks, bad configuration, and fleets. */

import { Cancellation } from "@openretl/core/Cancellation"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Fleet from "@openretl/core/Fleet"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"

/** Every operation that takes a ref. */
const operations = (testbed: Testbed, sync: SyncRef): Readonly<Record<string, Effect.Effect<unknown, unknown>>> => {
  const ref = new RunRef({ sync, run: "some-run" })
  const { runs, current, cancellation, scoped } = testbed
  return {
    trigger: runs.trigger(sync, { whenRunning: "fail" }),
    run: runs.run(sync, { whenRunning: "fail" }),
    get: runs.get(ref),
    list: Stream.runDrain(runs.list(sync)),
    wait: runs.wait(ref),
    watch: Stream.runDrain(runs.watch(ref)),
    check: current.check(sync),
    ...(cancellation && { cancel: cancellation.cancel(ref) }),
    ...(scoped && {
      scoped: scoped.trigger(sync, { whenRunning: "fail", scope: current.capabilities.scopes[0] ?? "full" }),
    }),
  }
}

const strangers: ReadonlyArray<readonly [string, (sync: SyncRef) => SyncRef]> = [
  ["another workspace", ({ vendor, ids }) => new SyncRef({ workspace: "other", vendor, ids })],
  ["another vendor", ({ workspace, ids }) => new SyncRef({ workspace, vendor: "othervendor", ids })],
]

export const workspaces: ReadonlyArray<Law> = [
  ...strangers.map(([whose, made]) =>
    law("F2", `a ref of ${whose} is WrongWorkspace, and nothing is sent`, {}, (testbed) =>
      Effect.gen(function* () {
        for (const [name, operation] of Object.entries(operations(testbed, made(testbed.sync)))) {
          const error = Errors.retl(yield* testbed.failure(operation))
          expect([error.reason._tag, error.delivery], name).toEqual(["WrongWorkspace", "not-sent"])
        }
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
        const open = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
        const { intent } = Errors.indeterminate(open)
        const before = testbed.wire.seen.length
        const error = yield* testbed.failure(testbed.runs.resolve({ ...intent, sync: made(testbed.sync) }))
        expect(Errors.reason(error)).toBe("WrongWorkspace")
        expect(testbed.wire.seen.length).toBe(before)
      }),
    ),
  ),

  law("F2, H6", "a ref with the wrong ids is refused with all that is wrong, and nothing is sent", {}, (testbed) =>
    Effect.gen(function* () {
      const { workspace, vendor } = testbed.sync
      const sync = new SyncRef({ workspace, vendor, ids: { surprise: "1", another: "2" } })
      for (const [name, operation] of Object.entries(operations(testbed, sync))) {
        const { reason } = Errors.retl(yield* testbed.failure(operation))
        const paths = reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path.join(".")) : reason._tag
        const wrong = [...Object.keys(testbed.ids), "surprise", "another"].map((id) => `ids.${id}`)
        expect(paths, name).toEqual(expect.arrayContaining(wrong))
      }
      expect(testbed.wire.seen).toEqual([])
    }),
  ),

  law(
    "F1",
    "in a fleet, what the vendor cannot do is Unsupported before any request, and what it can is done",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const fleet = yield* Fleet.make({ testbed: testbed.workspace })
        const { capabilities } = testbed.current
        expect(fleet.supports(testbed.sync, Runs)).toBe(true)
        expect(fleet.supports(testbed.sync, Cancellation)).toBe(capabilities.cancellation !== false)
        expect(fleet.supports(testbed.sync, ScopedTriggers)).toBe(capabilities.scopes.length > 0)
        const refused: Array<Effect.Effect<unknown, unknown>> = []
        if (capabilities.cancellation === false) refused.push(fleet.cancel(testbed.runRef("some-run")))
        if (capabilities.scopes.length === 0) {
          refused.push(fleet.trigger(testbed.sync, { whenRunning: "fail", scope: "full" }))
          refused.push(fleet.run(testbed.sync, { whenRunning: "fail", scope: "incremental" }))
        }
        for (const operation of refused) {
          const error = Errors.retl(yield* testbed.failure(operation))
          expect([error.reason._tag, error.delivery]).toEqual(["Unsupported", "not-sent"])
        }
        expect(testbed.wire.seen).toEqual([])
        const [scope] = capabilities.scopes
        const finished = yield* testbed.run(fleet.run(testbed.sync, { whenRunning: "fail", ...(scope && { scope }) }))
        expect(finished.verdict).toBe("complete")
        const other = new SyncRef({ workspace: "other", vendor: testbed.sync.vendor, ids: testbed.sync.ids })
        expect(Errors.reason(yield* testbed.failure(fleet.trigger(other, { whenRunning: "fail" })))).toBe(
          "WrongWorkspace",
        )
      }),
  ),

  law("F3", "fanning out goes on when one workspace fails, and says which did", {}, (testbed) =>
    Effect.gen(function* () {
      const broken = yield* testbed.open({ name: "broken", token: Redacted.make("no-such-token") })
      const fleet = yield* Fleet.make({ testbed: testbed.workspace, broken: broken.workspace })
      const program = Effect.gen(function* () {
        const { name } = yield* CurrentWorkspace
        const { run } = yield* Runs
        return yield* run(yield* testbed.refOf(testbed.ids, name), { whenRunning: "fail" })
      })
      const exits = yield* testbed.run(fleet.each(program))
      expect(Exit.isSuccess(exits.testbed) && exits.testbed.value.verdict).toBe("complete")
      expect(Errors.reason(yield* Effect.flip(exits.broken))).toBe("Unauthenticated")
    }),
  ),

  law("F4", "bad configuration fails with every field that is wrong, before any request", {}, (testbed) =>
    Effect.gen(function* () {
      const error = yield* testbed.failure(
        Effect.scoped(
          testbed.open({
            name: "not a name",
            token: Redacted.make(""),
            baseUrl: "ftp://elsewhere.example",
            rateLimitShare: 7,
            resolveWithin: -1,
            runAppearsWithin: Number.POSITIVE_INFINITY,
            closeWithin: "soon" as "1 second",
            statusWords: { DONE: "done" as "succeeded" },
          }),
        ),
      )
      const { reason } = Errors.retl(error)
      const fields = reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path[0]) : []
      const wrong = [
        "name",
        "token",
        "baseUrl",
        "rateLimitShare",
        "resolveWithin",
        "runAppearsWithin",
        "closeWithin",
        "statusWords",
      ]
      expect(fields).toEqual(expect.arrayContaining(wrong))
      expect(testbed.wire.seen).toEqual([])
    }),
  ),

  law("F4", "an empty configuration is refused, not a defect", {}, (testbed) =>
    Effect.gen(function* () {
      const none = undefined as never
      const error = yield* testbed.failure(Effect.scoped(testbed.open({ name: none, token: none, baseUrl: none })))
      const { reason } = Errors.retl(error)
      const fields = reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path[0]) : []
      expect(fields).toEqual(expect.arrayContaining(["name", "token"]))
      expect(testbed.wire.seen).toEqual([])
    }),
  ),
]
