/** Hostile input: ids, echoed tokens, redirects, large bodies, and unknown fields. */

import { RunRef } from "@openretl/core/Ref"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { manyIds } from "../hostile/ids.ts"
import { requestShape } from "../hostile/requestShape.ts"
import { awkwardToken, tokenEchoes } from "../hostile/tokenEchoes.ts"
import { tokenForms } from "../hostile/tokenForms.ts"
import { type Law, law } from "../Law.ts"
import { needsCancellation } from "../Setup.ts"
import type { Testbed } from "../Testbed.ts"
import * as Errors from "../testbed/errors.ts"
import * as Json from "../testbed/json.ts"
import * as Random from "../testbed/random.ts"
import * as Secrets from "../testbed/secrets.ts"
import { startRun } from "./startRun.ts"

/** Every operation on a run or its sync, by name. */
const operationsOn = (testbed: Testbed, ref: RunRef): Readonly<Record<string, Effect.Effect<unknown, unknown>>> => ({
  trigger: testbed.runs.trigger(ref.sync, { whenRunning: "fail" }),
  get: testbed.runs.get(ref),
  list: Stream.runDrain(testbed.runs.list(ref.sync)),
  check: testbed.current.check(ref.sync),
  ...(testbed.cancellation && { cancel: testbed.cancellation.cancel(ref) }),
})

const statuses = [200, 400, 401, 403, 404, 409, 422, 429, 500, 503]

const ordinaryId = "benign-0"

/**
 * Runs an operation, and returns the shapes of its requests with these ids left out. Expects a value or a typed
 * error.
 */
const requestShapesOf = Effect.fnUntraced(function* (
  testbed: Testbed,
  operation: Effect.Effect<unknown, unknown>,
  ids: ReadonlyArray<string>,
) {
  const before = testbed.wire.sent.length
  const result = yield* testbed.result(operation)
  if (Result.isFailure(result)) expect(Errors.isTaggedError(result.failure), String(result.failure)).toBe(true)
  return testbed.wire.sent.slice(before).map(({ request }) => requestShape(request, ids))
})

export const hostileInputLaws: ReadonlyArray<Law> = [
  law("H1", "no id of a run changes where a request goes", {}, (testbed) =>
    Effect.gen(function* () {
      const ordinaryShapes = new Map<string, Set<string>>()
      for (const run of [ordinaryId, ...manyIds(Random.make(1), 30)]) {
        const ref = Result.try(() => testbed.runRef(run))
        // No ref holds an id that is not valid.
        if (Result.isFailure(ref)) continue
        for (const [name, operation] of Object.entries(operationsOn(testbed, ref.success))) {
          if (name !== "get" && name !== "cancel") continue
          const shapes = yield* requestShapesOf(testbed, operation, [run, ...Object.values(testbed.ids)])
          if (run === ordinaryId) ordinaryShapes.set(name, new Set(shapes))
          else for (const shape of shapes) expect(ordinaryShapes.get(name), JSON.stringify(run)).toContain(shape)
        }
      }
    }),
  ),

  law("H1", "no id of a sync changes where a request goes, or starts a run", {}, (testbed) =>
    Effect.gen(function* () {
      const ordinaryShapes = new Map<string, Set<string>>()
      for (const id of [ordinaryId, ...manyIds(Random.make(2), 30)]) {
        const ids = Object.fromEntries(Object.keys(testbed.ids).map((name) => [name, id]))
        const sync = yield* Effect.result(testbed.syncRef(ids))
        if (Result.isFailure(sync)) {
          expect(Errors.reasonTag(sync.failure)).toBe("InvalidRequest")
          continue
        }
        for (const [name, operation] of Object.entries(
          operationsOn(testbed, testbed.runRef("some-run", sync.success)),
        )) {
          const shapes = yield* requestShapesOf(testbed, operation, [id, "some-run"])
          if (id === ordinaryId) ordinaryShapes.set(name, new Set(shapes))
          else for (const shape of shapes) expect(ordinaryShapes.get(name), JSON.stringify(id)).toContain(shape)
        }
      }
      expect(yield* testbed.requestCount("start")).toBe(0)
      expect(yield* testbed.actualRuns).toEqual([])
    }),
  ),

  ...tokenEchoes.map(([kind, echo]) =>
    law(
      "H2",
      `a token that the vendor echoes in ${kind} is in no error`,
      { emulator: { token: awkwardToken } },
      (testbed) =>
        Effect.gen(function* () {
          const { token } = testbed.emulator
          const ref = yield* startRun(testbed, { duration: "1 hour" })
          for (const status of statuses) {
            yield* testbed.emulator.addFaults(
              Fault.respond("any", {
                status,
                body: echo(token),
                headers: { "x-request-id": `req-${token}`, "x-vendor-message": token, "retry-after": token },
                times: Number.POSITIVE_INFINITY,
              }),
            )
            const operations = { ...operationsOn(testbed, ref), wait: testbed.runs.wait(ref, { deadline: "2 hours" }) }
            for (const [name, operation] of Object.entries(operations)) {
              const exit = yield* testbed.exit(operation, "3 hours")
              expect(Secrets.find(token, exit), `${name}, ${status}`).toBe(undefined)
            }
            yield* testbed.emulator.clearFaults
          }
        }),
    ),
  ),

  law(
    "H2",
    "no form of a token in the vendor's refusals is in an error",
    { emulator: { token: awkwardToken } },
    (testbed) =>
      Effect.gen(function* () {
        const { token } = testbed.emulator
        const ref = yield* startRun(testbed, { duration: "1 hour" })
        const operations = Object.entries(operationsOn(testbed, ref))
        for (const [at, [form, echoOf]] of Object.entries(tokenForms).entries()) {
          const echo = echoOf(token)
          const error = { type: `no ${echo}`, message: `no access for ${echo}`, field: echo }
          const body = {
            error: error.message,
            message: error.message,
            code: echo,
            details: { [echo]: echo },
            errors: [error],
          }
          for (const status of [400, 403, 500]) {
            const headers = { "x-request-id": echo, "content-type": "application/json" }
            const answer = { status, body: JSON.stringify(body), headers, times: Number.POSITIVE_INFINITY }
            yield* testbed.emulator.addFaults(Fault.respond("any", answer))
            // Each form meets two operations, and each operation many forms.
            for (const [name, operation] of [
              operations[at % operations.length],
              operations[(at + 2) % operations.length],
            ].flatMap((found) => (found === undefined ? [] : [found]))) {
              const exit = yield* testbed.exit(operation, "3 hours")
              expect(Exit.isFailure(exit), `${name} fails`).toBe(true)
              expect(Secrets.find([token, echo], exit), `${form}: ${name}, ${status}`).toBe(undefined)
            }
            yield* testbed.emulator.clearFaults
          }
        }
      }),
  ),

  ...["sync", "test", "running", "succeeded", "id", "a"].map((token) =>
    law("H5", `a token that is the word ${token} changes nothing that is read`, { emulator: { token } }, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { duration: "2 minutes", rows: { succeeded: 8, failed: 0 } })
        yield* testbed.advance("1 minute")
        const running = yield* testbed.run(testbed.runs.get(ref))
        expect([running.status, running.ref.run]).toEqual(["running", ref.run])
        const { run } = yield* testbed.run(testbed.runs.wait(ref))
        expect(run).toMatchObject({ status: "succeeded", rows: { succeeded: 8 } })
        const runs = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))
        expect(runs.map(({ ref, status }) => [ref.run, status])).toEqual([[ref.run, "succeeded"]])
        expect((yield* testbed.actualRuns).map(({ id }) => id)).toEqual([ref.run])
        for (const shown of [running, run, ...runs]) expect(JSON.stringify(shown)).not.toContain("<redacted>")
        yield* testbed.run(testbed.current.check(testbed.sync))
        expect(Errors.reasonTag(yield* testbed.failure(testbed.runs.get(testbed.runRef("unknown-run"))))).toBe(
          "NotFound",
        )
      }),
    ),
  ),

  law("H2", "a token in the vendor's words about a run is removed", { emulator: { token: awkwardToken } }, (testbed) =>
    Effect.gen(function* () {
      const { token } = testbed.emulator
      const ref = yield* startRun(testbed, {
        duration: "1 minute",
        ends: "failed",
        error: { text: `401 for ${token}, ${encodeURIComponent(token)}, ${btoa(`Bearer ${token}`)}`, code: token },
        words: { running: token },
      })
      expect(Secrets.find(token, yield* testbed.run(testbed.runs.get(ref)))).toBe(undefined)
      yield* testbed.advance("5 minutes")
      const finished = yield* testbed.run(testbed.runs.wait(ref))
      expect(finished.run.status).toBe("failed")
      expect(Secrets.find([token, encodeURIComponent(token), btoa(`Bearer ${token}`)], finished)).toBe(undefined)
      expect(finished.run.errorText ?? "401 for <redacted>").toMatch(/^401 for <redacted>/)
    }),
  ),

  law("H2", "the token is in no ref, no entry and no workspace", {}, (testbed) =>
    Effect.gen(function* () {
      const { token } = testbed.emulator
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
      const exit = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      const entries = yield* testbed.entries
      for (const value of [exit, entries, testbed.workspace, testbed.sync, String(testbed.sync)]) {
        expect(Secrets.find(token, value)).toBe(undefined)
      }
    }),
  ),

  ...[301, 302, 303, 307, 308].flatMap((status) =>
    (["list", "get", "start", "cancel"] as const).map((operation) =>
      law(
        "H3",
        `a ${status} to ${operation} is an answer, and core does not follow it`,
        operation === "cancel" ? { needs: needsCancellation } : {},
        (testbed) =>
          Effect.gen(function* () {
            const ref = yield* startRun(testbed, { duration: "1 hour" })
            yield* testbed.emulator.clearCalls
            const location = status % 2 === 0 ? "/elsewhere" : "https://elsewhere.example/"
            yield* testbed.emulator.addFaults(
              Fault.respond(operation, { status, headers: { location }, times: Number.POSITIVE_INFINITY }),
            )
            const other = yield* testbed.addSync()
            const operations = operationsOn(testbed, operation === "start" ? testbed.runRef(ref.run, other.ref) : ref)
            const program = operations[operation === "start" ? "trigger" : operation] ?? Effect.void
            expect(Errors.isTaggedError(yield* testbed.failure(program))).toBe(true)
            expect((yield* testbed.emulator.calls).filter(({ path }) => path.includes("elsewhere"))).toEqual([])
            expect(yield* testbed.requestCount("start")).toBeLessThanOrEqual(1)
            expect(yield* testbed.requestCount("cancel")).toBeLessThanOrEqual(1)
          }),
      ),
    ),
  ),

  law("H4", "a body that is too large is cut off, ends in an error, and is not requested again", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 hour" })
      const body = `{"padding":"${"x".repeat(9 * 1024 * 1024)}"}`
      for (const status of [200, 500]) {
        yield* testbed.emulator.clearCalls
        yield* testbed.emulator.addFaults(Fault.respond("get", { status, body, times: 5 }))
        const error = yield* testbed.failure(testbed.runs.get(ref))
        expect(Errors.reasonTag(error)).toBe("TooLarge")
        expect((yield* testbed.emulator.calls).length).toBe(1)
        yield* testbed.emulator.clearFaults
      }
    }),
  ),

  law("H4", "a long text is shortened wherever core keeps it", {}, (testbed) =>
    Effect.gen(function* () {
      const text = "y".repeat(200_000)
      const ref = yield* startRun(testbed, { duration: "1 minute", ends: "failed", error: { text } })
      yield* testbed.advance("5 minutes")
      const { run } = yield* testbed.run(testbed.runs.wait(ref))
      expect(run.errorText?.length).toBeLessThanOrEqual(2_000)
      const body = JSON.stringify({ error: text, message: text, errors: [{ message: text, type: text }] })
      for (const status of [400, 403, 404, 409, 500]) {
        yield* testbed.emulator.addFaults(Fault.respond("get", { status, body, times: 5 }))
        const error = Errors.requireRetlError(yield* testbed.failure(testbed.runs.get(ref)))
        expect(error.evidence.text?.length ?? 0).toBeLessThanOrEqual(500)
        expect(error.evidence.code?.length ?? 0).toBeLessThanOrEqual(500)
        expect(JSON.stringify(error).length, `HTTP ${status}`).toBeLessThanOrEqual(5_000)
        expect(error.message.length).toBeLessThanOrEqual(5_000)
      }
    }),
  ),

  law("H6", "a request is refused with all its problems at once, before it is sent", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = new RunRef({ sync: testbed.sync, run: "some-run" })
      const list = Stream.runDrain(testbed.runs.list(testbed.sync, { pageSize: 0, maxPages: -1 }))
      const listError = yield* testbed.failure(list)
      expect(Errors.invalidPaths(listError)).toEqual(expect.arrayContaining(["pageSize", "maxPages"]))
      const wait = testbed.runs.wait(ref, {
        deadline: Number.POSITIVE_INFINITY,
        policy: { maxFailedRows: -1, maxFailedRatio: 2 },
      })
      const waitError = yield* testbed.failure(wait)
      expect(Errors.invalidPaths(waitError)).toEqual(
        expect.arrayContaining(["deadline", "policy.maxFailedRows", "policy.maxFailedRatio"]),
      )
      const names = Object.keys(testbed.ids)
      const refError = yield* Effect.flip(testbed.syncRef(Object.fromEntries(names.map((name) => [name, ""]))))
      expect(Errors.invalidPaths(refError)).toEqual(expect.arrayContaining(names.map((name) => `ids.${name}`)))
      expect(testbed.wire.sent).toEqual([])
    }),
  ),

  law("H6", "unknown fields in an answer change nothing", {}, (testbed) =>
    Effect.gen(function* () {
      testbed.wire.rewrite = (response) => Json.mapResponse(response, Json.withUnknownFields)
      const ref = yield* startRun(testbed, { duration: "2 minutes", rows: { succeeded: 8, failed: 2 } })
      yield* testbed.advance("1 minute")
      expect((yield* testbed.run(testbed.runs.get(ref))).status).toBe("running")
      expect((yield* testbed.run(testbed.runs.wait(ref))).run.rows).toMatchObject({
        ...{ succeeded: 8, failed: 2 },
      })
      const runs = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))
      expect(runs.map(({ ref: { run }, status }) => [run, status])).toEqual([[ref.run, "partial"]])
    }),
  ),
]
