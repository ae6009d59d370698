/** Workspaces: refs of other workspaces, what a vendor cannot do, bad configuration, and fleets. */

import { Cancellation } from "@openretl/core/Cancellation"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Fleet from "@openretl/core/Fleet"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import * as Answers from "../testbed/answers.ts"
import * as Errors from "../testbed/errors.ts"
import { unknownId } from "./unknownId.ts"

/** Every operation that takes a ref, by name. */
const operationsOn = (testbed: Testbed, sync: SyncRef): Readonly<Record<string, Effect.Effect<unknown, unknown>>> => {
  const ref = new RunRef({ sync, run: "some-run" })
  const { runs, current, cancellation, scoped } = testbed
  return {
    trigger: runs.trigger(sync, { whenRunning: "fail" }),
    run: runs.run(sync, { whenRunning: "fail" }),
    get: runs.get(ref),
    list: Stream.runDrain(runs.list(sync)),
    wait: runs.wait(ref),
    watch: Stream.runDrain(runs.watch(ref)),
    resume: runs.resume({ sync, key: "nightly" }),
    check: current.check(sync),
    ...(cancellation && { cancel: cancellation.cancel(ref) }),
    ...(scoped && {
      scoped: scoped.trigger(sync, { whenRunning: "fail", scope: current.capabilities.scopes[0] ?? "full" }),
    }),
  }
}

const foreignRefs: ReadonlyArray<readonly [string, (sync: SyncRef) => SyncRef]> = [
  ["another workspace", ({ vendor, ids }) => new SyncRef({ workspace: "other", vendor, ids })],
  ["another vendor", ({ workspace, ids }) => new SyncRef({ workspace, vendor: "othervendor", ids })],
]

export const workspaceLaws: ReadonlyArray<Law> = [
  ...foreignRefs.map(([place, foreignRef]) =>
    law("F2", `a call with a ref of ${place} fails with WrongWorkspace and sends nothing`, {}, (testbed) =>
      Effect.gen(function* () {
        for (const [name, operation] of Object.entries(operationsOn(testbed, foreignRef(testbed.sync)))) {
          const error = Errors.requireRetlError(yield* testbed.failure(operation))
          expect([error.reason._tag, error.delivery], name).toEqual(["WrongWorkspace", "not-sent"])
        }
        yield* testbed.run(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
        const [entry] = yield* testbed.entries
        if (entry === undefined) return expect.fail("the journal has no entry")
        const before = testbed.wire.sent.length
        const foreignEntry = { ...entry, sync: foreignRef(testbed.sync) }
        const { resolve, resume, settle } = testbed.runs
        for (const operation of [resolve(foreignEntry), resume(foreignEntry), settle(foreignEntry, "not-started")]) {
          const error = yield* testbed.failure<unknown, unknown, never>(operation)
          expect(Errors.reasonTag(error)).toBe("WrongWorkspace")
        }
        expect(testbed.wire.sent.length).toBe(before)
      }),
    ),
  ),

  law("F2, H6", "a ref with wrong ids is refused with every wrong id, and nothing is sent", {}, (testbed) =>
    Effect.gen(function* () {
      const { workspace, vendor } = testbed.sync
      const sync = new SyncRef({ workspace, vendor, ids: { surprise: "1", another: "2" } })
      const expectedPaths = [...Object.keys(testbed.ids), "surprise", "another"].map((id) => `ids.${id}`)
      for (const [name, operation] of Object.entries(operationsOn(testbed, sync))) {
        const paths = Errors.invalidPaths(yield* testbed.failure(operation))
        expect(paths, name).toEqual(expect.arrayContaining(expectedPaths))
      }
      expect(testbed.wire.sent).toEqual([])
    }),
  ),

  law(
    "F1",
    "a fleet refuses what the vendor cannot do as Unsupported before any request, and does what the vendor can do",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const fleet = yield* Fleet.make({ testbed: testbed.workspace })
        const { capabilities } = testbed.current
        expect(fleet.supports(testbed.sync, Runs)).toBe(true)
        expect(fleet.supports(testbed.sync, Cancellation)).toBe(capabilities.cancellation !== false)
        expect(fleet.supports(testbed.sync, ScopedTriggers)).toBe(capabilities.scopes.length > 0)
        const unsupported: Array<Effect.Effect<unknown, unknown>> = []
        if (capabilities.cancellation === false) unsupported.push(fleet.cancel(testbed.runRef("some-run")))
        if (capabilities.scopes.length === 0) {
          unsupported.push(fleet.trigger(testbed.sync, { whenRunning: "fail", scope: "full" }))
          unsupported.push(fleet.run(testbed.sync, { whenRunning: "fail", scope: "incremental" }))
        }
        for (const operation of unsupported) {
          const error = Errors.requireRetlError(yield* testbed.failure(operation))
          expect([error.reason._tag, error.delivery]).toEqual(["Unsupported", "not-sent"])
        }
        expect(testbed.wire.sent).toEqual([])
        const [scope] = capabilities.scopes
        const finished = yield* testbed.run(fleet.run(testbed.sync, { whenRunning: "fail", ...(scope && { scope }) }))
        expect(finished.verdict).toBe("complete")
        const foreignSync = new SyncRef({ workspace: "other", vendor: testbed.sync.vendor, ids: testbed.sync.ids })
        const error = yield* testbed.failure(fleet.trigger(foreignSync, { whenRunning: "fail" }))
        expect(Errors.reasonTag(error)).toBe("WrongWorkspace")
      }),
  ),

  law("F3", "a program over a fleet goes on when one workspace fails, and reports which one failed", {}, (testbed) =>
    Effect.gen(function* () {
      const broken = yield* testbed.open({ name: "broken", token: Redacted.make("no-such-token") })
      const fleet = yield* Fleet.make({ testbed: testbed.workspace, broken: broken.workspace })
      const program = Effect.gen(function* () {
        const { name } = yield* CurrentWorkspace
        const { run } = yield* Runs
        return yield* run(yield* testbed.syncRef(testbed.ids, name), { whenRunning: "fail" })
      })
      const exits = yield* testbed.run(fleet.each(program))
      expect(Exit.isSuccess(exits.testbed) && exits.testbed.value.verdict).toBe("complete")
      expect(Errors.reasonTag(yield* Effect.flip(exits.broken))).toBe("Unauthenticated")
    }),
  ),

  law("F4", "a bad configuration is refused with every wrong field, before any request", {}, (testbed) =>
    Effect.gen(function* () {
      const options = {
        name: "not a name",
        token: Redacted.make(""),
        baseUrl: "ftp://elsewhere.example",
        rateLimitShare: 7,
        resolveWithin: -1,
        runAppearsWithin: Number.POSITIVE_INFINITY,
        closeWithin: "soon" as "1 second",
        statusWords: { DONE: "done" as "succeeded" },
      }
      const error = yield* testbed.failure(Effect.scoped(testbed.open(options)))
      expect(Errors.invalidFields(error)).toEqual(expect.arrayContaining(Object.keys(options)))
      expect(testbed.wire.sent).toEqual([])
    }),
  ),

  law("F4", "an empty configuration is refused, without a defect", {}, (testbed) =>
    Effect.gen(function* () {
      const nothing = undefined as never
      const options = { name: nothing, token: nothing, baseUrl: nothing }
      const error = yield* testbed.failure(Effect.scoped(testbed.open(options)))
      expect(Errors.invalidFields(error)).toEqual(expect.arrayContaining(["name", "token"]))
      expect(testbed.wire.sent).toEqual([])
    }),
  ),

  law(
    "F6",
    "a check succeeds only where the token is good and reaches the sync, and sends reads alone",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const { check } = testbed.current
        const ids = Object.fromEntries(Object.entries(testbed.ids).map(([name, id]) => [name, unknownId(id)]))
        const missing = yield* testbed.syncRef(ids)
        for (const checked of [check(), check(testbed.sync)]) {
          const [{ shown, identity }, answers] = yield* Answers.during(testbed, testbed.run(checked))
          expect(answers.bodies.length, "the requests of one check").toBe(1)
          expect(shown.length, "what the check has verified, in one sentence").toBeGreaterThan(0)
          if (identity !== undefined) expect(answers.haveText(identity.id), "the vendor names the identity").toBe(true)
        }
        expect(Errors.reasonTag(yield* testbed.failure(check(missing)))).toBe("NotFound")
        yield* testbed.emulator.rotateToken
        for (const checked of [check(), check(testbed.sync)]) {
          expect(Errors.reasonTag(yield* testbed.failure(checked))).toBe("Unauthenticated")
        }
        expect(yield* testbed.writes).toEqual([])
      }),
  ),
]
