/**
 * Creates, updates and deletes whose answer is lost: core sends them once, looks them up, and reports what happened.
 */

import type { Change } from "@openretl/core/Change"
import type { Sync } from "@openretl/core/Sync"
import { Fault } from "@openretl/emulator"
import type { Ids } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import { needsChange, needsCreation } from "../../Setup.ts"
import * as Errors from "../../testbed/errors.ts"
import * as Wire from "../../testbed/wire.ts"
import {
  type ConfiguredTestbed,
  changing,
  expectCreatedOnce,
  requireIndeterminate,
  syncName,
} from "./configuredTestbed.ts"

type Kind = "create" | "update" | "delete"
const kinds: ReadonlyArray<Kind> = ["create", "update", "delete"]

const withArticle = (kind: Kind): string => (kind === "update" ? "an update" : `a ${kind}`)

/** A `runAppearsWithin` that is longer than every `commitAfter` below, for every vendor. */
const longRunAppearsWithin = { workspace: { runAppearsWithin: "3 minutes" } } as const

const unbounded = { concurrency: "unbounded" } as const

/** Faults that lose the answer although the vendor makes the change, at once or later. */
const lostAfterChange = (kind: Kind): ReadonlyArray<readonly [string, Fault.Fault]> => [
  ["the connection breaks", Fault.lost(kind, { commits: true })],
  ["a gateway answers 502", Fault.gatewayPage(kind, { status: 502, commits: true })],
  ["a 500 in JSON", Fault.respond(kind, { status: 500, body: '{"error":"oops"}', commits: true })],
  ["a 200 with half of its JSON", Fault.truncated(kind)],
  ["a 200 with an empty body", Fault.emptyBody(kind)],
  ["a 200 with other JSON", Fault.respond(kind, { status: 200, body: '{"ok":true}', commits: true })],
  ["a gateway's page with 403", Fault.gatewayPage(kind, { status: 403, commits: true })],
  ["a gateway's page with 422", Fault.gatewayPage(kind, { status: 422, commits: true })],
  ["a 499", Fault.refuse(kind, { status: 499, commits: true })],
  ["a redirect", Fault.respond(kind, { status: 307, headers: { location: "/elsewhere" }, commits: true })],
  ["no answer at all", Fault.never(kind, { commits: true })],
  ["the connection breaks 81 s before the change", Fault.lost(kind, { commits: true, commitAfter: "81 seconds" })],
  ["the request times out before the change", Fault.never(kind, { commits: true, commitAfter: "200 seconds" })],
  ["the answer comes after 81 s", Fault.slow(kind, { commitAfter: "81 seconds" })],
]

/** Faults that lose the answer and change nothing. */
const lostWithoutChange = (kind: Kind): ReadonlyArray<readonly [string, Fault.Fault]> => [
  ["the connection breaks", Fault.lost(kind, { commits: false })],
  ["a gateway answers 502", Fault.gatewayPage(kind)],
  ["a gateway's page with 403", Fault.gatewayPage(kind, { status: 403 })],
  ["no answer at all", Fault.never(kind, { commits: false })],
]

interface ChangeCase {
  /** The parts of the sync that a create makes. */
  readonly parts: Ids
  readonly wanted: Change
  readonly change: Effect.Effect<Sync | undefined, unknown>
  /** Whether the vendor has made the change. */
  readonly isDone: Effect.Effect<boolean, unknown>
}

/** Returns a change of this kind; an update and a delete change the testbed's sync. */
const changeCase = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, kind: Kind) {
  const { administration } = testbed
  const parts = yield* testbed.emulator.addParts()
  const wanted = testbed.definition(parts)
  const cases: Record<Kind, ChangeCase> = {
    create: {
      parts,
      wanted,
      change: administration.create(wanted, { exclusive: true }),
      isDone: Effect.map(testbed.syncsOver(parts), (syncs) => syncs.length > 0),
    },
    update: {
      parts,
      wanted: { enabled: false },
      change: administration.pause(testbed.sync),
      isDone: Effect.map(testbed.actualSync(), (sync) => sync?.state === "paused"),
    },
    delete: {
      parts,
      wanted: {},
      change: Effect.as(administration.delete(testbed.sync), undefined),
      isDone: Effect.map(testbed.actualSync(), (sync) => sync === undefined),
    },
  }
  return cases[kind]
})

const refsOver = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, parts: Ids) {
  const refs = yield* Effect.forEach(yield* testbed.syncsOver(parts), ({ ids }) => testbed.syncRef(ids))
  return refs.map(String)
})

export const lostChangeLaws: ReadonlyArray<Law> = [
  ...kinds.flatMap((kind) =>
    lostAfterChange(kind).map(([trouble, fault]) =>
      changing(
        "A1",
        `${withArticle(kind)} whose answer is lost (${trouble}) is found and was sent once`,
        { ...longRunAppearsWithin, ...needsChange(kind) },
        (testbed) =>
          Effect.gen(function* () {
            const { parts, change, isDone } = yield* changeCase(testbed, kind)
            yield* testbed.emulator.addFaults(fault)
            const sync = yield* testbed.run(change, "1 hour")
            expect(yield* testbed.requestCount(kind), "A1: one request").toBe(1)
            expect(yield* isDone).toBe(true)
            if (kind === "create") yield* expectCreatedOnce(testbed, parts, sync)
            else expect(sync?.state).toBe(kind === "update" ? "paused" : undefined)
          }),
      ),
    ),
  ),

  ...kinds.flatMap((kind) =>
    lostWithoutChange(kind).map(([trouble, fault]) =>
      changing(
        "A1",
        `${withArticle(kind)} that is lost (${trouble}) and changed nothing is indeterminate`,
        { ...longRunAppearsWithin, ...needsChange(kind) },
        (testbed) =>
          Effect.gen(function* () {
            const { wanted, change, isDone } = yield* changeCase(testbed, kind)
            yield* testbed.emulator.addFaults(fault)
            const error = requireIndeterminate(yield* testbed.failure(change, "1 hour"))
            expect([error.operation, error.candidates]).toEqual([kind, []])
            expect(error.wanted).toMatchObject(wanted)
            expect(error.sync && String(error.sync)).toBe(kind === "create" ? undefined : String(testbed.sync))
            expect(Errors.requireRetlError(error.error).delivery).toBe("unknown")
            expect(yield* testbed.requestCount(kind), "A1: one request").toBe(1)
            expect(yield* isDone).toBe(false)
            yield* testbed.run(change, "1 hour")
            expect(yield* isDone, "the caller can repeat the change").toBe(true)
          }),
      ),
    ),
  ),

  ...kinds.map((kind) =>
    changing(
      "A1",
      `${withArticle(kind)} that provably never left is sent again, and done once`,
      needsChange(kind),
      (testbed) =>
        Effect.gen(function* () {
          const { parts, change, isDone } = yield* changeCase(testbed, kind)
          yield* testbed.emulator.addFaults(Fault.unreachable(kind, { times: 2 }))
          const sync = yield* testbed.run(change)
          expect(yield* testbed.requestCount(kind)).toBe(3)
          expect(yield* isDone).toBe(true)
          if (kind === "create") yield* expectCreatedOnce(testbed, parts, sync)
        }),
    ),
  ),

  ...kinds.map((kind) =>
    changing(
      "A1, B2",
      `${withArticle(kind)} waits out a 429, and is done once`,
      { isCrowded: true, ...needsChange(kind) },
      (testbed) =>
        Effect.gen(function* () {
          const { change, isDone } = yield* changeCase(testbed, kind)
          yield* testbed.emulator.addFaults(Fault.tooManyRequests(kind, { retryAfter: "20 seconds" }))
          yield* testbed.run(change)
          const [first, second, ...more] = (yield* testbed.emulator.calls).filter(({ operation }) => operation === kind)
          expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(20_000)
          expect(more).toEqual([])
          expect(yield* isDone).toBe(true)
        }),
    ),
  ),

  ...kinds.map((kind) =>
    changing(
      "A1",
      `${withArticle(kind)} that the vendor refuses is neither looked up nor sent again`,
      needsChange(kind),
      (testbed) =>
        Effect.gen(function* () {
          const { change, isDone } = yield* changeCase(testbed, kind)
          yield* testbed.emulator.addFaults(Fault.refuse(kind, { status: 403 }))
          const error = Errors.requireRetlError(yield* testbed.failure(change))
          expect([error.reason._tag, error.delivery]).toEqual(["PermissionDenied", "refused"])
          const calls = yield* testbed.emulator.calls
          const index = calls.findIndex(({ operation }) => operation === kind)
          expect(calls.slice(index + 1)).toEqual([])
          expect(yield* isDone).toBe(false)
        }),
    ),
  ),

  ...kinds.map((kind) =>
    changing(
      "A1",
      `${withArticle(kind)} whose answer is lost is found once reads work again`,
      { ...longRunAppearsWithin, ...needsChange(kind) },
      (testbed) =>
        Effect.gen(function* () {
          const { parts, change, isDone } = yield* changeCase(testbed, kind)
          yield* testbed.emulator.addFaults(Fault.lost(kind, { commits: true }))
          refuseReadsAfterWrite(testbed, 60)
          const sync = yield* testbed.run(change, "2 hours")
          expect(yield* testbed.requestCount(kind), "A1: one request").toBe(1)
          expect(yield* isDone).toBe(true)
          if (kind === "create") yield* expectCreatedOnce(testbed, parts, sync)
        }),
    ),
  ),

  ...kinds.map((kind) =>
    changing(
      "A1",
      `${withArticle(kind)} whose answer is lost is indeterminate while no read works`,
      { ...longRunAppearsWithin, ...needsChange(kind) },
      (testbed) =>
        Effect.gen(function* () {
          const { change, isDone } = yield* changeCase(testbed, kind)
          yield* testbed.emulator.addFaults(Fault.lost(kind, { commits: true }))
          refuseReadsAfterWrite(testbed, Number.POSITIVE_INFINITY)
          requireIndeterminate(yield* testbed.failure(change, "2 hours"))
          expect(yield* testbed.requestCount(kind), "A1: one request").toBe(1)
          expect(yield* isDone).toBe(true)
        }),
    ),
  ),

  ...kinds.map((kind) =>
    changing(
      "A1",
      `${withArticle(kind)} ends not-sent when the reads that precede it fail`,
      needsChange(kind),
      (testbed) =>
        Effect.gen(function* () {
          const { change, isDone } = yield* changeCase(testbed, kind)
          const always = { times: Number.POSITIVE_INFINITY, status: 503 }
          const reads = (["syncs", "sync", "parts"] as const).map((operation) => Fault.gatewayPage(operation, always))
          yield* testbed.emulator.addFaults(...reads)
          const result = yield* testbed.result(change)
          // A vendor whose answer to a create says enough may need no read before it.
          if (Result.isSuccess(result)) return expect([kind, yield* isDone]).toEqual(["create", true])
          const error = Errors.requireRetlError(result.failure)
          expect([error.reason._tag, error.delivery]).toEqual(["Unavailable", "not-sent"])
          expect(yield* testbed.requestCount(kind)).toBe(0)
        }),
    ),
  ),

  ...(
    [
      ["after the lost one", { commits: true }, "5 seconds"],
      ["before the lost one", { commits: true, commitAfter: "81 seconds" }, "2 seconds"],
    ] as const
  ).map(([order, fault, delay]) =>
    changing(
      "A1",
      `a lost create does not return a sync that another client makes over the same parts (${order})`,
      { ...longRunAppearsWithin, needs: needsCreation },
      (testbed) =>
        Effect.gen(function* () {
          const parts = yield* testbed.emulator.addParts()
          yield* testbed.emulator.addFaults(Fault.lost("create", fault))
          const create = Effect.result(testbed.administration.create(testbed.definition(parts)))
          const addForeignSync = testbed.emulator.addSync({ parts, name: syncName, state: "paused" })
          const [result, foreignIds] = yield* testbed.run(
            Effect.all([create, Effect.delay(addForeignSync, delay)], unbounded),
            "1 hour",
          )
          expect(yield* testbed.requestCount("create")).toBe(1)
          const created = (yield* testbed.syncsOver(parts)).filter(({ callIndex }) => callIndex !== undefined)
          if (created.length === 0) {
            return yield* testbed.skip("the vendor has one sync over the same parts, and it is the other client's")
          }
          if (Result.isSuccess(result)) return yield* expectCreatedOnce(testbed, parts, result.success)
          const error = requireIndeterminate(result.failure)
          expect(new Set(error.candidates.map(testbed.textOf))).toEqual(new Set(yield* refsOver(testbed, parts)))
          const foreignSync = yield* testbed.actualSync(yield* testbed.syncRef(foreignIds))
          expect(foreignSync?.state, "the other client's sync is unchanged").toBe("paused")
        }),
    ),
  ),

  changing(
    "A1, A2",
    "a lost create that made nothing leaves another client's scheduled sync alone",
    { ...longRunAppearsWithin, needs: needsCreation },
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        yield* testbed.emulator.addFaults(Fault.lost("create", { commits: false }))
        const create = Effect.result(testbed.administration.create(testbed.definition(parts)))
        const addForeignSync = testbed.emulator.addSync({ parts, name: syncName, schedule: { every: "30 minutes" } })
        const [result, foreignIds] = yield* testbed.run(
          Effect.all([create, Effect.delay(addForeignSync, "5 seconds")], unbounded),
          "1 hour",
        )
        requireIndeterminate(Result.isFailure(result) ? result.failure : undefined)
        const foreignSync = yield* testbed.actualSync(yield* testbed.syncRef(foreignIds))
        expect([foreignSync?.state, foreignSync?.nextFire !== undefined]).toEqual(["enabled", true])
        expect(yield* testbed.requestCount("update")).toBe(0)
      }),
  ),

  ...([true, false] as const).map((commits) =>
    changing(
      "A1",
      `two equal creates at once, the first one lost (${commits ? "done" : "not done"}), return different syncs`,
      { ...longRunAppearsWithin, needs: needsCreation },
      (testbed) =>
        Effect.gen(function* () {
          const parts = yield* testbed.emulator.addParts()
          yield* testbed.emulator.addFaults(Fault.lost("create", { commits }))
          const exclusive = testbed.administration.create(testbed.definition(parts), { exclusive: true })
          const create = Effect.result(exclusive)
          const results = yield* testbed.run(Effect.all([create, create], unbounded), "2 hours")
          expect(yield* testbed.requestCount("create")).toBeLessThanOrEqual(2)
          const refs = results.filter(Result.isSuccess).map(({ success }) => testbed.textOf(success.ref))
          expect(new Set(refs).size, "A1: no sync is returned twice").toBe(refs.length)
          expect(refs.length).toBeGreaterThanOrEqual(1)
          const actualRefs = yield* refsOver(testbed, parts)
          expect(refs.toSorted(), "A1: every sync that exists is returned").toEqual(actualRefs.sort())
        }),
    ),
  ),

  changing(
    "A1",
    "a lost create does not return the sync of an earlier create that reads show late",
    { needs: needsCreation, emulator: { readLag: "40 seconds" }, workspace: { runAppearsWithin: 0 } },
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        const create = testbed.administration.create(testbed.definition(parts))
        const earlier = yield* testbed.run(create, "1 hour")
        yield* testbed.emulator.addFaults(Fault.lost("create", { commits: false }))
        const error = requireIndeterminate(yield* testbed.failure(create, "1 hour"))
        expect(error.candidates.map(testbed.textOf)).not.toContain(testbed.textOf(earlier.ref))
      }),
  ),

  ...kinds.map((kind) =>
    changing(
      "A1",
      `${withArticle(kind)} whose answer is lost is found although reads lag`,
      { ...longRunAppearsWithin, ...needsChange(kind), emulator: { readLag: "40 seconds" } },
      (testbed) =>
        Effect.gen(function* () {
          // Reads show the testbed's sync from then on.
          yield* testbed.advance("1 minute")
          const { parts, change, isDone } = yield* changeCase(testbed, kind)
          yield* testbed.emulator.addFaults(Fault.lost(kind, { commits: true }))
          const sync = yield* testbed.run(change, "1 hour")
          expect(yield* isDone).toBe(true)
          expect(yield* testbed.requestCount(kind)).toBe(1)
          if (kind === "create") yield* expectCreatedOnce(testbed, parts, sync)
        }),
    ),
  ),
]

/** Answers 503 to every read in the first `seconds` after the first write. */
const refuseReadsAfterWrite = (testbed: ConfiguredTestbed, seconds: number): void => {
  let firstWriteAt: number | undefined
  testbed.wire.intercept = (request) => {
    const at = testbed.wire.sent.at(-1)?.at ?? 0
    if (Wire.isWrite(request)) firstWriteAt ??= at
    else if (firstWriteAt !== undefined && at < firstWriteAt + seconds * 1_000) {
      return Effect.succeed(Wire.response(503, "<html>down</html>", {}))
    }
    return undefined
  }
}
