/** What operators see: each call emits what the contract lists, on success and on failure, and nothing of it holds a secret or a row. */

import * as Telemetry from "@openretl/core/Telemetry"
import { calls, type MetricName } from "@openretl/core/Telemetry"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../Law.ts"
import { needsOwnSchedule } from "../Setup.ts"
import type { Emitted, EmittedSpan } from "../Telemetry.ts"
import type { Testbed } from "../Testbed.ts"
import * as Json from "../testbed/json.ts"
import { plantedRow } from "../testbed/listener.ts"
import * as Wire from "../testbed/wire.ts"
import { countFields } from "./runs/fields.ts"
import { startForeignRun } from "./startRun.ts"
import type { Case } from "./telemetry/cases.ts"
import { lineCases } from "./telemetry/lines.ts"
import { partCases } from "./telemetry/parts.ts"
import { runCases } from "./telemetry/runs.ts"
import { syncCases } from "./telemetry/syncs.ts"

const whenRunning = { whenRunning: "fail" } as const

/** Runs a program, however it ends, and returns what was emitted meanwhile; of metrics, all that there are. */
const emittedBy = <A, E>(testbed: Testbed, program: Effect.Effect<A, E>): Effect.Effect<Emitted> =>
  Effect.gen(function* () {
    const before = testbed.emitted()
    yield* testbed.exit(program, "2 days")
    const after = testbed.emitted()
    return {
      spans: after.spans.slice(before.spans.length),
      lines: after.lines.slice(before.lines.length),
      series: after.series,
    }
  })

/** Expects a span with these attributes. */
const expectSpan = ({ spans }: Emitted, name: string, attributes: Readonly<Record<string, unknown>>): void => {
  const shown = spans.filter((span) => span.name === name).map((span) => Object.fromEntries(span.attributes))
  expect(shown, `the spans ${name}`).toContainEqual(expect.objectContaining(attributes))
}

/** Expects a series with these attributes. */
const expectSeries = ({ series }: Emitted, name: MetricName, attributes: Readonly<Record<string, unknown>>): void => {
  const shown = series.filter((one) => one.name === name).map((one) => one.attributes)
  expect(shown, `the series of ${name}`).toContainEqual(expect.objectContaining(attributes))
}

/** Expects a log line with this message. */
const expectLine = ({ lines }: Emitted, message: Telemetry.Message): void => {
  expect(lines.map((line) => line.message)).toContain(message)
}

const requestsOf = ({ spans }: Emitted): ReadonlyArray<EmittedSpan> => spans.filter(({ kind }) => kind === "client")

/** Expects that each request has its span and its log line, and that its kind was counted. */
const expectRequests = (emitted: Emitted): void => {
  const requests = requestsOf(emitted)
  expect(requests.length, "the spans of requests").toBeGreaterThan(0)
  const logged = emitted.lines.filter(({ message }) => message === "A request has ended")
  expect(logged.length, "the log lines of requests").toBe(requests.length)
  for (const { attributes } of requests) {
    const operation = { "openretl.operation": attributes.get("openretl.operation") }
    expectSeries(emitted, "openretl.requests", operation)
    expectSeries(emitted, "openretl.rate_limit.wait", operation)
  }
}

/** The calls that read, by the names of their spans. */
const readsOf = (
  { runs, current, sync, runRef }: Testbed,
  run: string,
): Readonly<Record<string, Effect.Effect<unknown, unknown>>> => ({
  "Runs.get": runs.get(runRef(run)),
  "Runs.list": Stream.runDrain(runs.list(sync)),
  "Runs.freshness": runs.freshness(sync, { warnAfter: "1 hour" }),
  "Runs.wait": runs.wait(runRef(run)),
  "Runs.watch": Stream.runDrain(runs.watch(runRef(run))),
  "Runs.check": runs.check(runRef(run)),
  "CurrentWorkspace.check": current.check(sync),
})

const operationOf = (name: string) =>
  Object.entries(calls).find(([call]) => call === name)?.[1].operation ?? expect.fail(`the contract has no ${name}`)

/** What makes everything of the contract come: a test holds it against the contract. */
export const telemetryCases: ReadonlyArray<Case> = [...runCases, ...partCases, ...lineCases, ...syncCases]

export const telemetryLaws: ReadonlyArray<Law> = [
  ...telemetryCases.map(({ law }) => law),

  law("O1", "a run that succeeds has its spans, metrics and log lines", {}, (testbed) =>
    Effect.gen(function* () {
      const emitted = yield* emittedBy(testbed, Telemetry.named("orders")(testbed.runs.run(testbed.sync, whenRunning)))
      expectSpan(emitted, "Runs.run", {
        "openretl.sync.name": "orders",
        "openretl.sync.ref": testbed.sync.toString(),
        "openretl.run.ref": expect.any(String),
        "openretl.entry.id": expect.any(String),
        "openretl.trigger.result": "started",
        "openretl.how": "started",
        "openretl.run.status": "succeeded",
        "openretl.run.verdict": "complete",
      })
      expectSpan(emitted, "openretl.fence", {})
      expectSpan(emitted, "openretl.poll", {})
      expectRequests(emitted)
      for (const { attributes } of requestsOf(emitted)) {
        expect(String(attributes.get("http.response.status_code"))).toMatch(/^2\d\d$/)
      }
      const name = { "openretl.sync.name": "orders" }
      expectSeries(emitted, "openretl.triggers", { ...name, "openretl.trigger.result": "started" })
      expectSeries(emitted, "openretl.run.duration", { ...name, "openretl.run.verdict": "complete" })
      expectSeries(emitted, "openretl.rows", { ...name, "openretl.rows.outcome": "succeeded" })
      expectSeries(emitted, "openretl.requests", { "openretl.operation": "start", "openretl.status_class": "2xx" })
      expectSeries(emitted, "openretl.polls", {})
      expectSeries(emitted, "openretl.journal.open", {})
      expectLine(emitted, "A trigger has ended")
      expectLine(emitted, "A run has ended")
    }),
  ),

  law("O1", "reads have their spans and requests, on success and where the token is refused", {}, (testbed) =>
    Effect.gen(function* () {
      const run = yield* startForeignRun(testbed, { duration: "1 minute" })
      yield* testbed.advance("10 minutes")
      for (const [name, read] of Object.entries(readsOf(testbed, run))) {
        const emitted = yield* emittedBy(testbed, Telemetry.named("orders")(read))
        expectSpan(emitted, name, { "openretl.operation": operationOf(name) })
        expectRequests(emitted)
      }
      expectSeries(testbed.emitted(), "openretl.freshness.age", { "openretl.sync.name": "orders" })
      yield* testbed.emulator.rotateToken
      for (const [name, read] of Object.entries(readsOf(testbed, run))) {
        const emitted = yield* emittedBy(testbed, read)
        // A check that the rate limit grants no request returns that at once.
        const error = name === "Runs.check" ? expect.stringMatching(/^retl\./) : "retl.unauthenticated"
        expectSpan(emitted, name, { "error.type": error })
        if (name === "Runs.check") continue
        expectRequests(emitted)
        for (const { attributes } of requestsOf(emitted))
          expect(attributes.get("error.type")).toBe("retl.unauthenticated")
        if (name === "Runs.wait" || name === "Runs.watch") {
          const none = { "openretl.run.verdict": "none", "error.type": "retl.unauthenticated" }
          expectSeries(emitted, "openretl.run.duration", none)
        }
      }
    }),
  ),

  law("O1", "a trigger that is refused, and one that is interrupted, count as such", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.deny(["start"])
      const refused = yield* emittedBy(testbed, testbed.runs.run(testbed.sync, whenRunning))
      expectSpan(refused, "Runs.run", { "openretl.trigger.result": "refused", "error.type": "retl.permission-denied" })
      expectSeries(refused, "openretl.triggers", { "error.type": "retl.permission-denied" })
      expectSeries(refused, "openretl.requests", { "openretl.operation": "start", "openretl.status_class": "4xx" })
      expectLine(refused, "A trigger has ended")
      yield* testbed.emulator.deny([])
      yield* testbed.emulator.addFaults(Fault.never("list", { commits: false }))
      const call = yield* testbed.begin(testbed.runs.trigger(testbed.sync, whenRunning))
      yield* testbed.advance("5 seconds")
      yield* call.stop
      expectSpan(testbed.emitted(), "Runs.trigger", {
        "openretl.trigger.result": "interrupted",
        "error.type": "interrupted",
      })
      expectSeries(testbed.emitted(), "openretl.triggers", { "openretl.trigger.result": "interrupted" })
    }),
  ),

  law("O1", "a lost answer has its look-up, and a warning", { needs: needsOwnSchedule }, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
      const emitted = yield* emittedBy(testbed, testbed.runs.trigger(testbed.sync, whenRunning))
      expectSpan(emitted, "Runs.trigger", { "openretl.trigger.result": "adopted" })
      expectSpan(emitted, "openretl.look_up", {})
      expectSeries(emitted, "openretl.requests", { "openretl.operation": "start", "openretl.status_class": "none" })
      expectLine(emitted, "The answer to a trigger was lost: core looks up what became of it")
      expectLine(emitted, "A run was adopted")
    }),
  ),

  law("O1, H2", "nothing emitted holds a token or a row, whatever the vendor says", {}, (testbed) =>
    Effect.gen(function* () {
      const run = yield* startForeignRun(testbed, { duration: "1 minute" })
      const text = `row ${plantedRow} of ${testbed.emulator.token}`
      const body = JSON.stringify({ error: text, message: text, errors: [{ type: text, message: text }] })
      for (const status of [400, 404, 422, 500]) {
        testbed.wire.intercept = () => Effect.succeed(Wire.response(status, body))
        for (const read of Object.values(readsOf(testbed, run))) {
          yield* testbed.exit(Effect.timeoutOption(read, "10 minutes"), "1 hour")
        }
        yield* testbed.exit(testbed.runs.run(testbed.sync, { ...whenRunning, key: `occasion ${status}` }), "1 hour")
      }
      // What `invariants.ts` searches.
      expect(testbed.emitted().spans.length).toBeGreaterThan(0)
    }),
  ),

  law(
    "O1, H2",
    "nothing emitted of runs that end well or fail holds a token or a row of their answers",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const text = `row ${plantedRow} of ${testbed.emulator.token}`
        let planted = 0
        testbed.wire.rewrite = (response) =>
          Json.mapResponse(response, (json) => {
            const changed = plantInto(json, text)
            planted += changed.planted
            return changed.json
          })
        yield* testbed.emulator.script(testbed.ids, [
          { duration: "1 minute" },
          { duration: "1 minute", ends: "failed", error: { text, code: text } },
          { duration: "1 minute", words: { running: plantedRow, ended: text } },
        ])
        for (const policy of [{}, { maxFailedRatio: 0.5 }, {}]) {
          yield* testbed.exit(testbed.runs.run(testbed.sync, { ...whenRunning, policy }), "2 days")
          yield* testbed.advance("1 hour")
        }
        for (const { id } of yield* testbed.actualRuns) {
          for (const read of Object.values(readsOf(testbed, id))) {
            yield* testbed.exit(Effect.timeoutOption(Telemetry.named("orders")(read), "10 minutes"), "1 hour")
          }
        }
        expect(planted, "the values that were planted").toBeGreaterThan(0)
        // What `invariants.ts` searches.
        expectSeries(testbed.emitted(), "openretl.triggers", { "openretl.trigger.result": "started" })
      }),
  ),
]

/** Plants a text into counts, into fields that explain, and into a field that no adapter reads, at every depth. */
const plantInto = (json: Json.Json, text: string): { readonly json: Json.Json; readonly planted: number } => {
  let planted = 0
  const changed = Json.transform(json, (value, path) => {
    const name = path.at(-1) ?? ""
    const isText = (value === null || typeof value === "string") && /error|message|reason|detail/i.test(name)
    if (isText || (typeof value === "number" && countFields.test(name))) {
      planted++
      return text
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value
    planted++
    return { ...value, row: { email: text } }
  })
  return { json: changed, planted }
}
