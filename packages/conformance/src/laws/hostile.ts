/** Hostile input: ids, echoed tokens, redirects, huge bodies. */

import { RunRef } from "@openretl/core/Ref"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { echoes, hostileIds, isTyped, randomId, shape } from "../internal/hostileInput.ts"
import * as Json from "../internal/json.ts"
import * as Random from "../internal/random.ts"
import * as Secrets from "../internal/secrets.ts"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import { start } from "./runs.ts"

/** Every operation on a run of a sync, each with how it ended. */
const everything = (testbed: Testbed, ref: RunRef): Readonly<Record<string, Effect.Effect<unknown, unknown>>> => ({
  trigger: testbed.runs.trigger(ref.sync, { whenRunning: "fail" }),
  get: testbed.runs.get(ref),
  list: Stream.runDrain(testbed.runs.list(ref.sync)),
  check: testbed.current.check(ref.sync),
  ...(testbed.cancellation && { cancel: testbed.cancellation.cancel(ref) }),
})

const statuses = [200, 400, 401, 403, 404, 409, 422, 429, 500, 503]

export const hostile: ReadonlyArray<Law> = [
  law("H1", "no id of a run changes where a request goes", {}, (testbed) =>
    Effect.gen(function* () {
      const random = Random.make(1)
      const benign = "benign-0"
      const paths = new Map<string, Set<string>>()
      const known = [...Object.values(testbed.ids)]
      for (const run of [benign, ...hostileIds, ...Array.from({ length: 30 }, () => randomId(random))]) {
        const ref = Result.try(() => testbed.runRef(run))
        // An id that cannot be one makes no ref.
        if (Result.isFailure(ref)) continue
        for (const [name, operation] of Object.entries(everything(testbed, ref.success))) {
          if (name !== "get" && name !== "cancel") continue
          const before = testbed.wire.seen.length
          const ended = yield* Effect.result(yield* testbed.exit(operation))
          if (Result.isFailure(ended)) expect(isTyped(ended.failure), String(ended.failure)).toBe(true)
          const shapes = testbed.wire.seen.slice(before).map(({ request }) => shape(request, [run, ...known]))
          if (run === benign) paths.set(name, new Set(shapes))
          else for (const one of shapes) expect(paths.get(name), JSON.stringify(run)).toContain(one)
        }
      }
    }),
  ),

  law("H1", "no id of a sync changes where a request goes, and none starts a run elsewhere", {}, (testbed) =>
    Effect.gen(function* () {
      const random = Random.make(2)
      const benign = "benign-0"
      const paths = new Map<string, Set<string>>()
      for (const id of [benign, ...hostileIds, ...Array.from({ length: 30 }, () => randomId(random))]) {
        const ids = Object.fromEntries(Object.keys(testbed.ids).map((name) => [name, id]))
        const made = yield* Effect.result(testbed.refOf(ids))
        if (Result.isFailure(made)) {
          expect(Errors.reason(made.failure)).toBe("InvalidRequest")
          continue
        }
        for (const [name, operation] of Object.entries(everything(testbed, testbed.runRef("some-run", made.success)))) {
          const before = testbed.wire.seen.length
          const ended = yield* Effect.result(yield* testbed.exit(operation))
          if (Result.isFailure(ended)) expect(isTyped(ended.failure), String(ended.failure)).toBe(true)
          const shapes = testbed.wire.seen.slice(before).map(({ request }) => shape(request, [id, "some-run"]))
          if (id === benign) paths.set(name, new Set(shapes))
          else for (const one of shapes) expect(paths.get(name), JSON.stringify(id)).toContain(one)
        }
      }
      expect(yield* testbed.count("start")).toBe(0)
      expect(yield* testbed.truth).toEqual([])
    }),
  ),

  ...echoes.map(([how, echo]) =>
    law(
      "H2",
      `the vendor echoes the token in ${how}: it is in no error`,
      { emulator: { token: "sk/live+9f8e7d6c5b4a==" } },
      (testbed) =>
        Effect.gen(function* () {
          const { token } = testbed.emulator
          const ref = yield* start(testbed, { duration: "1 hour" })
          for (const status of statuses) {
            yield* testbed.emulator.addFaults(
              Fault.respond("any", {
                status,
                body: echo(token),
                headers: { "x-request-id": `req-${token}`, "x-vendor-message": token, "retry-after": token },
                times: Number.POSITIVE_INFINITY,
              }),
            )
            const operations = { ...everything(testbed, ref), wait: testbed.runs.wait(ref, { deadline: "2 hours" }) }
            for (const [name, operation] of Object.entries(operations)) {
              const ended = yield* testbed.exit(operation, "3 hours")
              expect(Secrets.find(token, ended), `${name}, ${status}`).toBe(undefined)
            }
            yield* testbed.emulator.clearFaults
          }
        }),
    ),
  ),

  law(
    "H2",
    "the token in what a run says of itself is cut out",
    { emulator: { token: "sk/live+9f8e7d6c5b4a==" } },
    (testbed) =>
      Effect.gen(function* () {
        const { token } = testbed.emulator
        const ref = yield* start(testbed, {
          duration: "1 minute",
          ends: "failed",
          error: { text: `401 for ${token}`, code: token },
          words: { running: token },
        })
        expect(Secrets.find(token, yield* testbed.run(testbed.runs.get(ref)))).toBe(undefined)
        yield* testbed.pass("5 minutes")
        const finished = yield* testbed.run(testbed.runs.wait(ref))
        expect(finished.run.status).toBe("failed")
        expect(Secrets.find(token, finished)).toBe(undefined)
      }),
  ),

  law("H2", "the token is in no ref, no intent and no workspace", {}, (testbed) =>
    Effect.gen(function* () {
      const { token } = testbed.emulator
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
      const ended = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      const records = yield* testbed.store.all("testbed")
      for (const value of [ended, records, testbed.workspace, testbed.sync, String(testbed.sync)]) {
        expect(Secrets.find(token, value)).toBe(undefined)
      }
    }),
  ),

  ...[301, 302, 303, 307, 308].flatMap((status) =>
    (["list", "get", "start", "cancel"] as const).map((operation) =>
      law(
        "H3",
        `a ${status} to ${operation} is an answer, never followed`,
        {
          needs: ({ cancellation }) =>
            operation === "cancel" && cancellation === false ? "the vendor cannot cancel a run" : undefined,
        },
        (testbed) =>
          Effect.gen(function* () {
            const ref = yield* start(testbed, { duration: "1 hour" })
            yield* testbed.emulator.clearCalls
            const location = status % 2 === 0 ? "/elsewhere" : "https://elsewhere.example/"
            yield* testbed.emulator.addFaults(
              Fault.respond(operation, { status, headers: { location }, times: Number.POSITIVE_INFINITY }),
            )
            const other = yield* testbed.addSync()
            const all = everything(testbed, operation === "start" ? testbed.runRef(ref.run, other.ref) : ref)
            const error = yield* testbed.failure(all[operation === "start" ? "trigger" : operation] ?? Effect.void)
            expect(isTyped(error)).toBe(true)
            expect((yield* testbed.emulator.calls).filter(({ path }) => path.includes("elsewhere"))).toEqual([])
            expect(yield* testbed.count("start")).toBeLessThanOrEqual(1)
            expect(yield* testbed.count("cancel")).toBeLessThanOrEqual(1)
          }),
      ),
    ),
  ),

  law("H4", "a body without end is cut off, and ends in an error", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "1 hour" })
      const body = `{"padding":"${"x".repeat(9 * 1024 * 1024)}"}`
      for (const status of [200, 500]) {
        yield* testbed.emulator.addFaults(Fault.respond("get", { status, body, times: 5 }))
        const error = Errors.retl(yield* testbed.failure(testbed.runs.get(ref)))
        expect(["Network", "UnexpectedResponse", "Unavailable"]).toContain(error.reason._tag)
      }
    }),
  ),

  law("H4", "a long text is cut short wherever it is kept", {}, (testbed) =>
    Effect.gen(function* () {
      const long = "y".repeat(200_000)
      const ref = yield* start(testbed, { duration: "1 minute", ends: "failed", error: { text: long } })
      yield* testbed.pass("5 minutes")
      const { run } = yield* testbed.run(testbed.runs.wait(ref))
      expect(run.errorText?.length).toBeLessThanOrEqual(2_000)
      const body = JSON.stringify({ error: long, message: long, errors: [{ message: long, type: long }] })
      for (const status of [400, 403, 404, 409, 500]) {
        yield* testbed.emulator.addFaults(Fault.respond("get", { status, body, times: 5 }))
        const error = Errors.retl(yield* testbed.failure(testbed.runs.get(ref)))
        expect(error.evidence.text?.length ?? 0).toBeLessThanOrEqual(500)
        expect(error.evidence.code?.length ?? 0).toBeLessThanOrEqual(500)
        expect(JSON.stringify(error).length, `HTTP ${status}`).toBeLessThanOrEqual(5_000)
        expect(error.message.length).toBeLessThanOrEqual(5_000)
      }
    }),
  ),

  law("H6", "everything that is wrong with a request is told at once, before any is sent", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = new RunRef({ sync: testbed.sync, run: "some-run" })
      const problems = (error: unknown) => {
        const { reason } = Errors.retl(error)
        return reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path.join(".")) : reason._tag
      }
      const list = Stream.runDrain(testbed.runs.list(testbed.sync, { pageSize: 0, maxPages: -1 }))
      expect(problems(yield* testbed.failure(list))).toEqual(expect.arrayContaining(["pageSize", "maxPages"]))
      const wait = testbed.runs.wait(ref, {
        deadline: Number.POSITIVE_INFINITY,
        policy: { maxFailedRows: -1, maxFailedRatio: 2 },
      })
      expect(problems(yield* testbed.failure(wait))).toEqual(
        expect.arrayContaining(["deadline", "policy.maxFailedRows", "policy.maxFailedRatio"]),
      )
      const wrong = yield* Effect.result(
        testbed.refOf(Object.fromEntries(Object.keys(testbed.ids).map((name) => [name, ""]))),
      )
      expect(Result.isFailure(wrong) && problems(wrong.failure)).toEqual(
        expect.arrayContaining(Object.keys(testbed.ids).map((name) => `ids.${name}`)),
      )
      expect(testbed.wire.seen).toEqual([])
    }),
  ),

  law("H6", "fields that nobody knows change nothing in how answers are read", {}, (testbed) =>
    Effect.gen(function* () {
      const news = { surprise: { deep: [1, null, "x"] }, anotherOne: null }
      testbed.wire.changed = (response) =>
        Json.inResponse(response, (json) =>
          Json.transform(json, (value) =>
            typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, ...news } : value,
          ),
        )
      const ref = yield* start(testbed, { duration: "2 minutes", rows: { succeeded: 8, failed: 2 } })
      yield* testbed.pass("1 minute")
      expect((yield* testbed.run(testbed.runs.get(ref))).status).toBe("running")
      expect((yield* testbed.run(testbed.runs.wait(ref))).run.rows).toEqual({ succeeded: 8, failed: 2 })
      const listed = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))
      expect(listed.map(({ ref: found, status }) => [found.run, status])).toEqual([[ref.run, "partial"]])
    }),
  ),
]
