import { type Emitted, problems } from "@openretl/conformance/Telemetry"
import { expect, it } from "vitest"
import { run } from "./support/processes.ts"

interface Value {
  readonly stringValue?: string
  readonly intValue?: number | string
  readonly doubleValue?: number
  readonly boolValue?: boolean
}

interface Attributed {
  readonly attributes?: ReadonlyArray<{ readonly key: string; readonly value: Value }>
}

interface Traces {
  readonly resourceSpans: ReadonlyArray<{
    readonly scopeSpans: ReadonlyArray<{
      readonly spans: ReadonlyArray<
        Attributed & { readonly name: string; readonly kind: number; readonly links: ReadonlyArray<unknown> }
      >
    }>
  }>
}

interface Metrics {
  readonly resourceMetrics: ReadonlyArray<{
    readonly scopeMetrics: ReadonlyArray<{
      readonly metrics: ReadonlyArray<
        { readonly name: string; readonly unit: string } & {
          readonly [kind in "sum" | "gauge" | "histogram"]?: { readonly dataPoints: ReadonlyArray<Attributed> }
        }
      >
    }>
  }>
}

interface Logs {
  readonly resourceLogs: ReadonlyArray<{
    readonly scopeLogs: ReadonlyArray<{
      readonly logRecords: ReadonlyArray<Attributed & { readonly body: Value; readonly severityText: string }>
    }>
  }>
}

const kinds = { sum: "counter", gauge: "gauge", histogram: "histogram" } as const

const attributesOf = ({ attributes = [] }: Attributed): ReadonlyMap<string, unknown> =>
  new Map(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue,
    ]),
  )

/** Returns the attributes without those that the exporter adds. */
const without = (attributed: Attributed, ...names: ReadonlyArray<string>): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...attributesOf(attributed)].filter(([name]) => !names.includes(name)))

/** Returns what a collector got, from its lines of a path and a body. */
const received = (out: string): Emitted => {
  const bodies = (path: string) =>
    out
      .split("\n")
      .filter((line) => line.startsWith(`${path} `))
      .map((line): unknown => JSON.parse(line.slice(path.length)))
  const traces = bodies("/v1/traces") as ReadonlyArray<Traces>
  const metrics = bodies("/v1/metrics") as ReadonlyArray<Metrics>
  const logs = bodies("/v1/logs") as ReadonlyArray<Logs>
  return {
    spans: traces
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        name: span.name,
        kind: span.kind === 3 ? "client" : "internal",
        attributes: attributesOf(span),
        links: span.links.length,
      })),
    series: metrics
      .flatMap(({ resourceMetrics }) => resourceMetrics)
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics)
      .flatMap((metric) =>
        (["sum", "gauge", "histogram"] as const).flatMap((kind) =>
          (metric[kind]?.dataPoints ?? []).map((point) => ({
            name: metric.name,
            kind: kinds[kind],
            unit: metric.unit,
            attributes: without(point, "unit"),
          })),
        ),
      ),
    lines: logs
      .flatMap(({ resourceLogs }) => resourceLogs)
      .flatMap(({ scopeLogs }) => scopeLogs)
      .flatMap(({ logRecords }) => logRecords)
      .map((record) => ({
        message: record.body.stringValue ?? "",
        level: record.severityText,
        annotations: without(record, "effect.fiberId"),
      })),
  }
}

it("O1: a collector receives what the contract says, of a run and of a failure", { timeout: 60_000 }, async (test) => {
  const { exit, out, err } = await run(test, "telemetry.ts")
  expect({ exit, err }).toEqual({ exit: 0, err: "" })
  const emitted = received(out)
  expect(problems(emitted)).toEqual([])
  const spans = emitted.spans.map(({ name, attributes }) => [name, attributes.get("openretl.sync.name")])
  expect(spans).toContainEqual(["Runs.run", "orders"])
  expect(spans).toContainEqual(["Runs.run", "unknown"])
  expect(emitted.spans.map(({ attributes }) => attributes.get("http.response.status_code"))).toContain(429)
  expect(new Set(emitted.series.map(({ name }) => name))).toEqual(
    new Set([
      "openretl.run.duration",
      "openretl.rows",
      "openretl.triggers",
      "openretl.requests",
      "openretl.polls",
      "openretl.detection.delay",
      "openretl.rate_limit.wait",
      "openretl.journal.open",
    ]),
  )
  expect(emitted.lines.map(({ message }) => message)).toContain("A run has ended")
})
