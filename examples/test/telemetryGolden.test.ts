/** What an operator sees of the demo's seven syncs, in virtual time. `npx vitest -u` writes the golden file anew. */
import { type Emitted, problems } from "@openretl/conformance/Telemetry"
import * as Fleet from "@openretl/core/Fleet"
import * as ProcessState from "@openretl/core/ProcessState"
import * as Telemetry from "@openretl/core/Telemetry"
import { Transport } from "@openretl/core/Transport"
import { Fault, RoutingTransport, RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import { RudderStack } from "@openretl/rudderstack"
import { Segment } from "@openretl/segment"
import { Zeotap } from "@openretl/zeotap"
import { Context, DateTime, Effect, Fiber, Layer, Logger, Metric, Random, Redacted, References, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { expect, it } from "vitest"

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

const segmentRef = ({ source = "", model = "", subscription = "" }: Ids) =>
  Segment.syncRef("marketing", { source, model, subscription })

/** Runs the demo's seven syncs against emulators in memory, an hour of virtual time at the most. */
const night = Effect.gen(function* () {
  yield* TestClock.setTime(start)
  const time = { speed: 10, latency: "300 millis", stopTakes: "10 seconds" } as const
  const segment = yield* SegmentEmulator.make({ seed: 11, ...time })
  const rudderstack = yield* RudderStackEmulator.make({ seed: 12, region: "eu", ...time })
  const zeotap = yield* ZeotapEmulator.make({ seed: 13, ...time })
  const add = (emulator: Emulator, plan: RunPlan) =>
    Effect.tap(emulator.addSync(), (ids) => emulator.script(ids, [plan]))
  const orders = yield* add(rudderstack, { duration: "40 seconds", rows: { succeeded: 12_480 } })
  const refunds = yield* add(rudderstack, { duration: "50 seconds", rows: { succeeded: 11_988, failed: 12 } })
  const invoices = yield* add(rudderstack, { duration: "70 seconds", rows: { succeeded: 3_071 } })
  const leads = yield* add(segment, {
    duration: "30 seconds",
    ends: "failed",
    error: { text: "The destination refused the credentials.", code: "DESTINATION_AUTH" },
  })
  const audience = yield* add(segment, { queued: "5 seconds", duration: "2 minutes", rows: { succeeded: 640 } })
  const profiles = yield* add(zeotap, { queued: "10 seconds", duration: "40 seconds", rows: { succeeded: 8_200 } })
  const loyalty = yield* add(zeotap, { duration: "50 seconds", rows: { succeeded: 49_940, failed: 60 } })
  yield* rudderstack.addFaults(
    Fault.lost("start", { commits: true, sync: invoices }),
    Fault.tooManyRequests("get", { retryAfter: "3 seconds", sync: orders }),
    Fault.truncated("list", { sync: refunds }),
  )
  const times = { runAppearsWithin: "2 seconds", resolveWithin: "4 seconds", writeTimeout: "10 seconds" } as const
  const refs = {
    "orders-to-crm": yield* RudderStack.syncRef("finance-eu", { connection: orders["connection"] ?? "" }),
    "refunds-to-ads": yield* RudderStack.syncRef("finance-eu", { connection: refunds["connection"] ?? "" }),
    "invoices-to-erp": yield* RudderStack.syncRef("finance-eu", { connection: invoices["connection"] ?? "" }),
    "leads-to-crm": yield* segmentRef(leads),
    "audience-to-ads": yield* segmentRef(audience),
    "profiles-to-email": yield* Zeotap.syncRef("loyalty", { sync: profiles["sync"] ?? "" }),
    "loyalty-to-app": yield* Zeotap.syncRef("loyalty", { sync: loyalty["sync"] ?? "" }),
  }
  const program = Effect.gen(function* () {
    const fleet = yield* Fleet.make({
      marketing: yield* Segment.workspace({
        ...{ name: "marketing", region: "us", token: Redacted.make(segment.token), ...times },
      }),
      "finance-eu": yield* RudderStack.workspace({
        ...{ name: "finance-eu", region: "eu", token: Redacted.make(rudderstack.token), ...times },
        defaultScope: "incremental",
      }),
      loyalty: yield* Zeotap.workspace({
        ...{ name: "loyalty", workspaceId: zeotap.workspace.id, token: Redacted.make(zeotap.token), ...times },
      }),
    })
    const options = { key: "nightly/2026-11-28", whenRunning: "wait", policy: { maxFailedRatio: 0.01 } } as const
    const jobs = Object.entries(refs).map(([name, ref]) => {
      const run = fleet.run(ref, options)
      const cancelled = Effect.gen(function* () {
        const { trigger, cancel, wait } = fleet
        const result = yield* trigger(ref, { key: options.key, whenRunning: "wait" })
        if (result._tag === "Skipped") return
        yield* Effect.sleep("3 seconds")
        yield* cancel(result.run)
        yield* wait(result.run)
      })
      return Telemetry.named(name)(Effect.exit(name === "audience-to-ads" ? cancelled : run))
    })
    yield* Effect.all(jobs, { concurrency: "unbounded" })
  }).pipe(
    Effect.provideService(Transport, RoutingTransport.make(segment, rudderstack, zeotap)),
    Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
    Effect.scoped,
  )
  const fiber = yield* Effect.forkChild(Effect.delay(program, 1))
  for (let second = 0; second < 3_600 && fiber.pollUnsafe() === undefined; second++) yield* TestClock.adjust("1 second")
  yield* Fiber.join(fiber)
  return {
    tokens: [segment.token, rudderstack.token, zeotap.token],
    names: new Map(Object.entries(refs).map(([name, ref]) => [String(ref), name])),
  }
})

/** Returns an attribute's value as it is shown: refs by the names of their syncs. */
const shown = (value: unknown, names: ReadonlyMap<string, string>): string => {
  const text = Array.isArray(value) ? value.join(" ") : String(value)
  const name = names.get(text)
  if (name !== undefined) return `<sync ${name}>`
  if (text.startsWith("retl1.run.")) return "<run>"
  return text
}

it("O1: spans, metrics and log lines of the demo's seven syncs", { timeout: 60_000 }, async () => {
  const listener = makeListener()
  const { tokens, names } = await Effect.runPromise(
    night.pipe(Effect.provide(listener.layer), Random.withSeed("demo"), Effect.provide(TestClock.layer())),
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
