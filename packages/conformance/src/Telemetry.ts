/** What programs emit for operators, and whether it is what the contract of core says. */
import * as Contract from "@openretl/core/Telemetry"

/** A span, as a tracer or a collector has it. */
export interface EmittedSpan {
  readonly name: string
  readonly kind: string
  readonly attributes: ReadonlyMap<string, unknown>
  readonly links: number
}

/** A series of a metric. */
export interface EmittedSeries {
  readonly name: string
  readonly kind: Contract.Metric["kind"] | "other"
  readonly unit: string | undefined
  /** Without the unit. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** What a counter counts, or how many values a histogram has; absent for others, and where it is not known. */
  readonly count?: number
}

/** A log line. */
export interface EmittedLine {
  readonly message: string
  readonly level: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** What a program has emitted. */
export interface Emitted {
  readonly spans: ReadonlyArray<EmittedSpan>
  readonly series: ReadonlyArray<EmittedSeries>
  readonly lines: ReadonlyArray<EmittedLine>
}

/** Returns everything in which what was emitted differs from the contract, each once, in one sentence. */
export const problems = ({ spans, series, lines }: Emitted): ReadonlyArray<string> => [
  ...new Set([...spans.flatMap(spanProblems), ...series.flatMap(seriesProblems), ...lines.flatMap(lineProblems)]),
]

const has = <A extends object>(record: A, name: string): name is keyof A & string => Object.hasOwn(record, name)

/** Returns what the contract says of a span; `undefined` where it has no such span. */
const spanOf = ({ name, kind, attributes }: EmittedSpan): Contract.Span | undefined => {
  if (has(Contract.calls, name)) return Contract.calls[name]
  if (has(Contract.parts, name)) return Contract.parts[name]
  const isRequest =
    kind === "client" && name === `${attributes.get("http.request.method")} ${attributes.get("url.template")}`
  return isRequest ? Contract.request : undefined
}

const spanProblems = (span: EmittedSpan): ReadonlyArray<string> => {
  const { name, kind, attributes, links } = span
  const expected = spanOf(span)
  if (expected === undefined) return [`span ${name}: not in the contract`]
  const operation = has(Contract.calls, name) ? Contract.calls[name].operation : undefined
  return [
    ...(kind === expected.kind ? [] : [`span ${name}: expected the kind ${expected.kind}, found ${kind}`]),
    ...(links <= (name === "openretl.poll" ? Contract.maxLinks : 0) ? [] : [`span ${name}: found ${links} links`]),
    ...(operation === undefined || attributes.get("openretl.operation") === operation
      ? []
      : [`span ${name}: expected the operation ${operation}`]),
    ...nameProblems(`span ${name}`, expected, attributes.keys()),
    ...[...attributes].flatMap(([attribute, value]) => valueProblems(`span ${name}`, "spans", attribute, value)),
  ]
}

const seriesProblems = ({ name, kind, unit, attributes }: EmittedSeries): ReadonlyArray<string> => {
  if (!has(Contract.metrics, name)) return [`metric ${name}: not in the contract`]
  const expected: Contract.Metric = Contract.metrics[name]
  return [
    ...(kind === expected.kind ? [] : [`metric ${name}: expected a ${expected.kind}, found a ${kind}`]),
    ...(unit === expected.unit ? [] : [`metric ${name}: expected the unit ${expected.unit}, found ${unit}`]),
    ...nameProblems(`metric ${name}`, expected, Object.keys(attributes)),
    ...Object.entries(attributes).flatMap(([attribute, value]) =>
      valueProblems(`metric ${name}`, "metrics", attribute, value),
    ),
  ]
}

const lineProblems = ({ message, level, annotations }: EmittedLine): ReadonlyArray<string> => {
  if (!has(Contract.lines, message)) return [`log line "${message}": not in the contract`]
  const expected: Contract.LogLine = Contract.lines[message]
  const names = { attributes: expected.annotations, optional: expected.optional }
  return [
    ...(level === expected.level ? [] : [`log line "${message}": expected ${expected.level}, found ${level}`]),
    ...nameProblems(`log line "${message}"`, names, Object.keys(annotations)),
  ]
}

/** Returns which names are missing, and which are too many. */
const nameProblems = (
  what: string,
  { attributes, optional }: { readonly attributes: ReadonlyArray<string>; readonly optional: ReadonlyArray<string> },
  actual: Iterable<string>,
): ReadonlyArray<string> => {
  const names = new Set(actual)
  return [
    ...attributes.filter((name) => !names.has(name)).map((name) => `${what}: expected ${name}`),
    ...[...names]
      .filter((name) => !attributes.includes(name) && !optional.includes(name))
      .map((name) => `${what}: found ${name}`),
  ]
}

const valueProblems = (
  what: string,
  place: "spans" | "metrics",
  name: string,
  value: unknown,
): ReadonlyArray<string> => {
  if (!has(Contract.attributes, name)) return []
  const { on, values }: Contract.Attribute = Contract.attributes[name]
  if (!on.includes(place)) return [`${what}: ${name} is not for ${place}`]
  if (typeof values === "string" || values.includes(String(value))) return []
  return [`${what}: ${name} has no value ${String(value)}`]
}
