/** What an operator sees of the demo's syncs, in virtual time. `npx vitest -u` writes the golden file anew. */
import * as Journal from "@openretl/core/Journal"
import * as ProcessState from "@openretl/core/ProcessState"
import { Transport } from "@openretl/core/Transport"
import { Fault, RoutingTransport } from "@openretl/emulator"
import { Context, DateTime, Effect, Fiber, Layer, Logger, Metric, Random, References, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { expect, it } from "vitest"
import { type Emitted, problems } from "../../conformance/src/Telemetry.ts"
import * as Configuration from "../src/Configuration.ts"
import * as Stage from "../src/internal/demo/stage.ts"
import { tasksOf } from "../src/internal/demo/tasks.ts"
import * as Program from "../src/internal/tasks/program.ts"

const start = Date.UTC(2026, 10, 28, 2)

/** Creates what hears everything that a program emits. */
const makeListener = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const lines: Array<{
    readonly at: number
    readonly level: string
    readonly message: string
    readonly annotations: Readonly<Record<string, unknown>>
  }> = []
  const registry: Metric.MetricRegistry = new Map()
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  const logger = Logger.make(({ message, logLevel, fiber, date }) => {
    const text = String([message].flat()[0])
    // The test clock logs, too.
    if (text.includes("test clock")) return
    lines.push({
      at: date.getTime(),
      level: logLevel,
      message: text,
      annotations: fiber.getRef(References.CurrentLogAnnotations),
    })
  })
  const layer = Layer.mergeAll(
    Logger.layer([logger]),
    Layer.succeed(References.MinimumLogLevel, "Debug"),
    Layer.succeed(Tracer.Tracer, tracer),
    Layer.succeed(Metric.MetricRegistry, registry),
  )
  return { spans, lines, series: () => Metric.snapshotUnsafe(Context.make(Metric.MetricRegistry, registry)), layer }
}

/** Runs the demonstration on emulators in memory, an hour of virtual time at the most, with a 429 and a cut page besides. */
const demonstration = Effect.gen(function* () {
  yield* TestClock.setTime(start)
  const stage = yield* Stage.make({ isServed: false })
  const { "orders-to-crm": orders, "refunds-to-ads": refunds } = stage.syncs
  yield* orders?.emulator.addFaults(
    Fault.tooManyRequests("get", { retryAfter: "3 seconds", sync: orders.ids }),
    Fault.truncated("list", { sync: refunds?.ids ?? {} }),
  ) ?? Effect.void
  const emulators = new Set(Object.values(stage.syncs).map(({ emulator }) => emulator))
  const configuration = yield* Configuration.decode(stage.document, { env: stage.env })
  const program = Effect.gen(function* () {
    const fleet = yield* configuration.open(Journal.memory())
    yield* Program.run({ fleet, tasks: tasksOf(configuration, stage) }, () => {})
  }).pipe(
    Effect.provideService(Transport, RoutingTransport.make(...emulators)),
    Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
    Effect.scoped,
  )
  const fiber = yield* Effect.forkChild(Effect.delay(program, 1))
  for (let second = 0; second < 3_600 && fiber.pollUnsafe() === undefined; second++) yield* TestClock.adjust("1 second")
  yield* Fiber.join(fiber)
  return {
    tokens: Object.values(stage.env),
    names: new Map(configuration.syncs.map(({ name, ref }) => [String(ref), name])),
  }
}).pipe(Effect.scoped)

/** Returns an attribute's value as it is shown: refs by the names of their syncs. */
const shown = (value: unknown, names: ReadonlyMap<string, string>): string => {
  const text = Array.isArray(value) ? value.join(" ") : String(value)
  const name = names.get(text)
  if (name !== undefined) return `<sync ${name}>`
  if (text.startsWith("retl1.run.")) return "<run>"
  return text
}

it("O1: spans, metrics and log lines of the demo's syncs", { timeout: 60_000 }, async () => {
  const listener = makeListener()
  const { tokens, names } = await Effect.runPromise(
    demonstration.pipe(Effect.provide(listener.layer), Random.withSeed("demo"), Effect.provide(TestClock.layer())),
  )
  const { spans, lines } = listener
  const series = listener.series()
  const kinds = {
    Counter: "counter",
    Histogram: "histogram",
    Gauge: "gauge",
    Frequency: "other",
    Summary: "other",
  } as const
  const emitted: Emitted = {
    spans: spans.map(({ name, kind, attributes, links }) => ({ name, kind, attributes, links: links.length })),
    series: series.map(({ id: name, type, attributes: { unit, ...attributes } = {} }) => ({
      ...{ name, kind: kinds[type], unit, attributes },
    })),
    lines,
  }
  expect(problems(emitted)).toEqual([])

  const childrenOf = Map.groupBy(spans, ({ parent }) => (parent._tag === "Some" ? parent.value.spanId : ""))
  const seconds = (nanos: bigint) => (Number(nanos / 1_000_000n) / 1_000).toFixed(3)
  const attributesText = (attributes: Iterable<readonly [string, unknown]>) =>
    [...attributes]
      .filter(
        ([name]) =>
          !["openretl.vendor", "unit", "server.address", "url.template", "http.request.method"].includes(name),
      )
      .map(
        ([name, value]) =>
          `${name.replace("openretl.", "")}=${name === "openretl.entry.id" ? "<entry>" : shown(value, names)}`,
      )
      .join(" ")
  const treeOf = (span: Tracer.NativeSpan, indent: string): ReadonlyArray<string> => {
    const { status } = span
    const length = status._tag === "Ended" ? seconds(status.endTime - status.startTime) : "?"
    return [
      `${indent}${span.name} ${length} s  ${attributesText(span.attributes)}`,
      ...(childrenOf.get(span.spanId) ?? []).flatMap((child) => treeOf(child, `${indent}  `)),
    ]
  }
  const text = [
    "# Spans",
    ...(childrenOf.get("") ?? []).flatMap((span) => treeOf(span, "")),
    "",
    "# Metrics",
    ...series
      .map(({ id, attributes = {}, state }) => {
        const values =
          "sum" in state
            ? `count ${state.count} sum ${state.sum.toFixed(3)}`
            : "count" in state
              ? state.count
              : "value" in state
                ? state.value
                : ""
        return `${id} ${attributesText(Object.entries(attributes))}: ${values}`
      })
      .toSorted(),
    "",
    "# Log lines",
    ...lines
      .filter(({ level }) => level !== "Debug")
      .map(
        ({ at, level, message, annotations }) =>
          `${DateTime.formatIso(DateTime.makeUnsafe(at)).slice(11, 23)} ${level} ${message}  ${Object.entries(
            annotations,
          )
            .map(([name, value]) => `${name}=${name === "entry" ? "<entry>" : shown(value, names)}`)
            .join(" ")}`,
      ),
    "",
  ].join("\n")
  for (const token of tokens) expect(text).not.toContain(token)
  expect(text).toContain("http.response.status_code=429")
  expect(text).toContain("openretl.look_up")
  expect(text).toContain("error.type=retl.unexpected-response")
  await expect(text).toMatchFileSnapshot("golden/telemetry.txt")
})
