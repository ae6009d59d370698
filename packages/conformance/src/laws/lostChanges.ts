/** Creates, updates and deletes whose answer is lost: sent once, looked up, and told truly. */

import type { Change } from "@openretl/core/Change"
import type { Sync } from "@openretl/core/Sync"
import { Fault } from "@openretl/emulator"
import type { Ids } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { type ConfiguredLab, changing, indeterminate } from "../internal/configured.ts"
import * as Errors from "../internal/errors.ts"
import * as Wire from "../internal/wire.ts"
import type { Law } from "../Law.ts"

type Kind = "create" | "update" | "delete"
const kinds: ReadonlyArray<Kind> = ["create", "update", "delete"]

const a = (kind: Kind): string => (kind === "update" ? "an update" : `a ${kind}`)

/** Covers the late commits below, whatever the vendor's own is. */
const settles = { workspace: { runAppearsWithin: "3 minutes" } } as const

/** Ways for the answer to be lost after the vendor did what was asked, at once or late. */
const committed = (kind: Kind): ReadonlyArray<readonly [string, Fault.Fault]> => [
  ["the line breaks", Fault.lost(kind, { commits: true })],
  ["a gateway answers 502", Fault.gatewayPage(kind, { status: 502, commits: true })],
  ["a 500 in JSON", Fault.respond(kind, { status: 500, body: '{"error":"oops"}', commits: true })],
  ["a 200 with half of its JSON", Fault.truncated(kind)],
  ["a 200 with an empty body", Fault.emptyBody(kind)],
  ["a 200 with other JSON", Fault.respond(kind, { status: 200, body: '{"ok":true}', commits: true })],
  ["a redirect", Fault.respond(kind, { status: 307, headers: { location: "/elsewhere" }, commits: true })],
  ["no answer at all", Fault.never(kind, { commits: true })],
  ["the line breaks, and it is done 81 s later", Fault.lost(kind, { commits: true, commitAfter: "81 seconds" })],
  ["our deadline ends, and it is done after it", Fault.never(kind, { commits: true, commitAfter: "200 seconds" })],
  ["it is done after 81 s and answered then", Fault.slow(kind, { commitAfter: "81 seconds" })],
]

const uncommitted = (kind: Kind): ReadonlyArray<readonly [string, Fault.Fault]> => [
  ["the line breaks", Fault.lost(kind, { commits: false })],
  ["a gateway answers 502", Fault.gatewayPage(kind)],
  ["no answer at all", Fault.never(kind, { commits: false })],
]

interface Asked {
  readonly parts: Ids
  readonly wanted: Change
  readonly run: Effect.Effect<Sync | undefined, unknown>
  readonly isDone: Effect.Effect<boolean, unknown>
}

/** One change of each kind, what it tells when it goes well, and whether it was done. */
const changeOf = Effect.fnUntraced(function* (testbed: ConfiguredLab, kind: Kind) {
  const { administration } = testbed
  const parts = yield* testbed.emulator.addParts()
  const wanted = testbed.definition(parts)
  const all: Record<Kind, Asked> = {
    create: { parts, wanted, run: administration.create(wanted), isDone: isThere(testbed, parts) },
    update: {
      parts,
      wanted: { enabled: false },
      run: administration.pause(testbed.sync),
      isDone: Effect.map(testbed.really(), (sync) => sync?.state === "paused"),
    },
    delete: {
      parts,
      wanted: {},
      run: Effect.as(administration.delete(testbed.sync), undefined),
      isDone: Effect.map(testbed.really(), (sync) => sync === undefined),
    },
  }
  return all[kind]
})

const isThere = (testbed: ConfiguredLab, parts: Ids) => Effect.map(testbed.over(parts), (made) => made.length > 0)

/** What a create says is true: the sync is the one that was made, and no more enabled than it is to be. */
export const tellsTruly = Effect.fnUntraced(function* (testbed: ConfiguredLab, parts: Ids, sync: Sync | undefined) {
  const own = (yield* testbed.over(parts)).filter(({ callIndex }) => callIndex !== undefined)
  expect(own.length, "A1: made once").toBe(1)
  const refs = yield* Effect.forEach(own, ({ ids }) => testbed.refOf(ids))
  expect(String(sync?.ref), "A1: a success names the sync that was made").toBe(String(refs[0]))
})

export const lostChanges: ReadonlyArray<Law> = [
  ...kinds.flatMap((kind) =>
    committed(kind).map(([how, fault]) =>
      changing(
        "A1",
        `${a(kind)} is done and its answer is lost (${how}): it is found, and was sent once`,
        settles,
        (testbed) =>
          Effect.gen(function* () {
            const { parts, run, isDone } = yield* changeOf(testbed, kind)
            yield* testbed.emulator.addFaults(fault)
            const sync = yield* testbed.run(run, "1 hour")
            expect(yield* testbed.count(kind), "A1: one request").toBe(1)
            expect(yield* isDone).toBe(true)
            if (kind === "create") yield* tellsTruly(testbed, parts, sync)
            else expect(sync?.state).toBe(kind === "update" ? "paused" : undefined)
          }),
      ),
    ),
  ),

  ...kinds.flatMap((kind) =>
    uncommitted(kind).map(([how, fault]) =>
      changing(
        "A1",
        `${a(kind)} is not done and its answer is lost (${how}): nobody says that it is`,
        settles,
        (testbed) =>
          Effect.gen(function* () {
            const { wanted, run, isDone } = yield* changeOf(testbed, kind)
            yield* testbed.emulator.addFaults(fault)
            const error = indeterminate(yield* testbed.failure(run, "1 hour"))
            expect([error.operation, error.candidates]).toEqual([kind, []])
            expect(error.wanted).toMatchObject(wanted)
            expect(error.sync && String(error.sync)).toBe(kind === "create" ? undefined : String(testbed.sync))
            expect(Errors.retl(error.error).delivery).toBe("unknown")
            expect(yield* testbed.count(kind), "A1: one request").toBe(1)
            expect(yield* isDone).toBe(false)
            yield* testbed.run(run, "1 hour")
            expect(yield* isDone, "the caller looked, and asked again").toBe(true)
          }),
      ),
    ),
  ),

  ...kinds.map((kind) =>
    changing("A1", `${a(kind)} that provably never left is sent again, and done once`, {}, (testbed) =>
      Effect.gen(function* () {
        const { parts, run, isDone } = yield* changeOf(testbed, kind)
        yield* testbed.emulator.addFaults(Fault.unreachable(kind, { times: 2 }))
        const sync = yield* testbed.run(run)
        expect(yield* testbed.count(kind)).toBe(3)
        expect(yield* isDone).toBe(true)
        if (kind === "create") yield* tellsTruly(testbed, parts, sync)
      }),
    ),
  ),

  ...kinds.map((kind) =>
    changing("A1, B2", `a 429 to ${a(kind)} is waited out, and it is done once`, { isCrowded: true }, (testbed) =>
      Effect.gen(function* () {
        const { run, isDone } = yield* changeOf(testbed, kind)
        yield* testbed.emulator.addFaults(Fault.tooManyRequests(kind, { retryAfter: "20" }))
        yield* testbed.run(run)
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
      `${a(kind)} that the vendor refuses is refused: nothing is looked for or sent again`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const { run, isDone } = yield* changeOf(testbed, kind)
          yield* testbed.emulator.addFaults(Fault.respond(kind, { status: 403, body: '{"error":"no"}' }))
          const error = Errors.retl(yield* testbed.failure(run))
          expect([error.reason._tag, error.delivery]).toEqual(["PermissionDenied", "refused"])
          const at = (yield* testbed.emulator.calls).findIndex(({ operation }) => operation === kind)
          expect((yield* testbed.emulator.calls).slice(at + 1)).toEqual([])
          expect(yield* isDone).toBe(false)
        }),
    ),
  ),

  ...kinds.flatMap((kind) =>
    ([60, undefined] as const).map((seconds) =>
      changing(
        "A1",
        `the answer to ${a(kind)} is lost, and reads fail ${seconds === undefined ? "from then on" : `for ${seconds} s`}`,
        settles,
        (testbed) =>
          Effect.gen(function* () {
            const { parts, run, isDone } = yield* changeOf(testbed, kind)
            yield* testbed.emulator.addFaults(Fault.lost(kind, { commits: true }))
            yield* unreadableAfter(testbed, seconds)
            const ended = yield* Effect.result(yield* testbed.exit(run, "2 hours"))
            expect(yield* testbed.count(kind), "A1: one request").toBe(1)
            expect(yield* isDone).toBe(true)
            if (Result.isFailure(ended)) {
              expect(seconds, "A1: reads that work again are used").toBe(undefined)
              indeterminate(ended.failure)
              return
            }
            expect(seconds, "A1: nothing is guessed").toBe(60)
            if (kind === "create") yield* tellsTruly(testbed, parts, ended.success)
          }),
      ),
    ),
  ),

  changing(
    "A1",
    "what is there cannot be read before a change: nothing is sent, and the error says so",
    {},
    (testbed) =>
      Effect.gen(function* () {
        for (const kind of kinds) {
          const { run, isDone } = yield* changeOf(testbed, kind)
          const always = { times: Number.POSITIVE_INFINITY, status: 503 }
          yield* testbed.emulator.addFaults(...reads.map((operation) => Fault.gatewayPage(operation, always)))
          const ended = yield* Effect.result(yield* testbed.exit(run))
          yield* testbed.emulator.clearFaults
          // A vendor whose creates are told by their answers alone may need no look before.
          if (Result.isSuccess(ended)) expect([kind, yield* isDone]).toEqual(["create", true])
          else {
            const error = Errors.retl(ended.failure)
            expect([error.reason._tag, error.delivery], kind).toEqual(["Unavailable", "not-sent"])
            expect(yield* testbed.count(kind), kind).toBe(0)
          }
        }
      }),
  ),

  ...(
    [
      ["after ours", { commits: true }, "5 seconds"],
      ["before ours, which comes late", { commits: true, commitAfter: "81 seconds" }, "2 seconds"],
    ] as const
  ).map(([when, how, delay]) =>
    changing(
      "A1",
      `a create is lost, and a stranger makes one like it ${when}: none is taken by guess`,
      settles,
      (testbed) =>
        Effect.gen(function* () {
          const parts = yield* testbed.emulator.addParts()
          yield* testbed.emulator.addFaults(Fault.lost("create", how))
          const stranger = Effect.delay(
            testbed.emulator.addSync({ parts, name: "Made by the suite", state: "paused" }),
            delay,
          )
          const [ended, theirs] = yield* testbed.run(
            Effect.all([Effect.result(testbed.administration.create(testbed.definition(parts))), stranger], {
              concurrency: "unbounded",
            }),
            "1 hour",
          )
          expect(yield* testbed.count("create")).toBe(1)
          const own = (yield* testbed.over(parts)).filter(({ callIndex }) => callIndex !== undefined)
          if (own.length === 0)
            return yield* testbed.skip("the vendor has one sync over the same parts, the stranger's")
          if (Result.isSuccess(ended)) return yield* tellsTruly(testbed, parts, ended.success)
          const error = indeterminate(ended.failure)
          const all = yield* Effect.forEach(yield* testbed.over(parts), ({ ids }) => testbed.refOf(ids))
          expect(new Set(error.candidates.map(String))).toEqual(new Set(all.map(String)))
          const sync = yield* testbed.really(yield* testbed.refOf(theirs))
          expect(sync?.state, "the stranger's is as it was").toBe("paused")
        }),
    ),
  ),

  changing(
    "A1, A2",
    "a create is lost and not done, and a stranger's fires by itself: it is left alone",
    settles,
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        yield* testbed.emulator.addFaults(Fault.lost("create", { commits: false }))
        const theirs = { parts, name: "Made by the suite", schedule: { every: "30 minutes" } } as const
        const [ended, ids] = yield* testbed.run(
          Effect.all(
            [
              Effect.result(testbed.administration.create(testbed.definition(parts))),
              Effect.delay(testbed.emulator.addSync(theirs), "5 seconds"),
            ],
            { concurrency: "unbounded" },
          ),
          "1 hour",
        )
        indeterminate(Result.isFailure(ended) ? ended.failure : undefined)
        const sync = yield* testbed.really(yield* testbed.refOf(ids))
        expect([sync?.state, sync?.nextFire !== undefined]).toEqual(["enabled", true])
        expect(yield* testbed.count("update")).toBe(0)
      }),
  ),

  ...([true, false] as const).map((commits) =>
    changing(
      "A1",
      `two creates of the same at once, the first answer lost (${commits ? "done" : "not done"}): none has the other's`,
      settles,
      (testbed) =>
        Effect.gen(function* () {
          const parts = yield* testbed.emulator.addParts()
          yield* testbed.emulator.addFaults(Fault.lost("create", { commits }))
          const create = Effect.result(testbed.administration.create(testbed.definition(parts)))
          const ended = yield* testbed.run(Effect.all([create, create], { concurrency: "unbounded" }), "2 hours")
          expect(yield* testbed.count("create")).toBeLessThanOrEqual(2)
          const refs = ended.flatMap((one) => (Result.isSuccess(one) ? [String(one.success.ref)] : []))
          expect(new Set(refs).size, "A1: each has its own").toBe(refs.length)
          expect(refs.length).toBeGreaterThanOrEqual(1)
          const all = yield* Effect.forEach(yield* testbed.over(parts), ({ ids }) => testbed.refOf(ids))
          expect(refs.slice().sort(), "A1: what is there is told, and nothing else").toEqual(all.map(String).sort())
        }),
    ),
  ),

  changing(
    "A1",
    "one that was made a moment ago and shows late is not taken for the next, whose answer is lost",
    { emulator: { readLag: "40 seconds" }, workspace: { runAppearsWithin: 0 } },
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        const first = yield* testbed.run(testbed.administration.create(testbed.definition(parts)), "1 hour")
        yield* testbed.emulator.addFaults(Fault.lost("create", { commits: false }))
        const error = indeterminate(
          yield* testbed.failure(testbed.administration.create(testbed.definition(parts)), "1 hour"),
        )
        expect(error.candidates.map(String)).not.toContain(String(first.ref))
      }),
  ),

  changing(
    "A1",
    "a lost change is found although reads lag behind",
    { ...settles, emulator: { readLag: "40 seconds" } },
    (testbed) =>
      Effect.gen(function* () {
        for (const kind of kinds) {
          const { parts, run, isDone } = yield* changeOf(testbed, kind)
          yield* testbed.emulator.addFaults(Fault.lost(kind, { commits: true }))
          const sync = yield* testbed.run(run, "1 hour")
          expect(yield* isDone, kind).toBe(true)
          expect(yield* testbed.count(kind), kind).toBe(1)
          if (kind === "create") yield* tellsTruly(testbed, parts, sync)
        }
      }),
  ),
]

const reads = ["syncs", "sync", "parts"] as const

/** From the first write on, no read is answered, for so long or for good. */
const unreadableAfter = (testbed: ConfiguredLab, seconds: number | undefined) =>
  Effect.map(testbed.emulator.now, () => {
    let wroteAt: number | undefined
    const until = () => (wroteAt === undefined ? 0 : wroteAt + (seconds ?? Number.POSITIVE_INFINITY) * 1_000)
    testbed.wire.instead = (request) => {
      const at = testbed.wire.seen.at(-1)?.at ?? 0
      if (Wire.isWrite(request)) wroteAt ??= at
      else if (at < until()) return Effect.succeed(Wire.response(503, "<html>down</html>", {}))
      return undefined
    }
  })
