/** The page of the telemetry contract, from its data. */
import * as Telemetry from "@openretl/core/Telemetry"

type Table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>) => string

const code = (name: string) => `\`${name}\``
const codes = (names: ReadonlyArray<string>) => names.map(code).join(", ")

/** How spans stand in each other, for the calls that have the most of them. */
const tree = [
  "Runs.run",
  "├─ openretl.turn.wait            another call of this process is at work on the sync",
  "├─ openretl.lease.wait           another process is at work on the sync",
  "├─ openretl.rate_limit.wait      the rate limit does not grant the trigger at once",
  "├─ openretl.fence                the runs right before the trigger",
  "│  ├─ openretl.rate_limit.wait",
  "│  └─ GET /v2/retl-connections/{connection}/syncs",
  "├─ POST /v2/retl-connections/{connection}/start",
  "├─ openretl.look_up              only where its answer was lost",
  "│  └─ GET /v2/retl-connections/{connection}/syncs",
  "└─ openretl.poll                 again and again, until the run has ended",
  "   └─ GET /v2/retl-connections/{connection}/syncs/{sync}",
]

const valuesText = ({ values }: Telemetry.Attribute): string => {
  if (values === "bounded") return "as many as you configure"
  return values === "unbounded" ? "any" : codes(values)
}

/** The page, from a function that makes a table. */
export const telemetryPage = (table: Table): string => {
  const { attributes, metrics, calls, parts, request, lines, annotations } = Telemetry
  return [
    "# Telemetry",
    "",
    "`npm run docs` prints this page from `@openretl/core/Telemetry`, which has all of it as data; do not edit it. The edition of the",
    `contract is ${code(Telemetry.edition)}: within it, names, units and meanings stay. All of it comes on success and on failure, also`,
    "on an interrupt. Nothing of it holds a token or a row, and no text of the vendor's but a status that looks like a word.",
    "",
    "Core emits through Effect's `Tracer`, `Metric` and `Logger`. Without a tracer it builds no attributes, and reads have no spans.",
    "Provide an exporter where the program begins, as [this nightly](./fleets.md#a-nightly-that-exports-its-telemetry) does. The promises",
    "of `open` have none, and export nothing.",
    "",
    "<!-- examples/telemetry.ts#exporter -->",
    "<!-- /examples/telemetry.ts#exporter -->",
    "",
    "Effect's default logger writes lines from the level `Info` on to standard output. A program whose output another program",
    'reads provides another logger, or `References.MinimumLogLevel` with `"Warn"`.',
    "",
    "## Names of syncs",
    "",
    'Metrics have no ids. Name a sync to find it there: `Telemetry.named("crm-contacts")(runs.run(sync, options))`. Each name makes',
    "series of its own, so take names from your configuration.",
    "",
    "## Metrics",
    "",
    "Each series has a vendor and a workspace. Exporters take the unit from an attribute `unit`, which every series has.",
    "",
    table(
      ["Metric", "Kind", "Unit", "Meaning", "Attributes besides vendor and workspace"],
      Object.entries(metrics).map(([name, metric]: readonly [string, Telemetry.Metric]) => [
        code(name),
        metric.kind,
        code(metric.unit),
        metric.meaning,
        [
          ...metric.attributes.slice(2).map(code),
          ...metric.optional.map((attribute) => `${code(attribute)} (some)`),
        ].join(", "),
      ]),
    ),
    "",
    "## Spans",
    "",
    "The span of a call is a child of whatever span your program has. A part of a call, and a request, is a child of its call:",
    "",
    "```text",
    ...tree,
    "```",
    "",
    `A poll may serve several waits. It is a child of one, and has links to all, at most ${Telemetry.maxLinks}. The names of requests follow`,
    "OpenTelemetry's conventions for HTTP clients: the method and the route, never an id.",
    "",
    table(
      ["Span", "Lasts as long as", "Attributes", "Some also have"],
      [...Object.entries(calls), ...Object.entries(parts), ["METHOD /route", request] as const].map(
        ([name, span]: readonly [string, Telemetry.Span]) => [
          code(name),
          span.meaning,
          codes(span.attributes),
          codes(span.optional),
        ],
      ),
    ),
    "",
    "## Attributes",
    "",
    table(
      ["Attribute", "Meaning", "On", "Values"],
      Object.entries(attributes).map(([name, attribute]: readonly [string, Telemetry.Attribute]) => [
        code(name),
        attribute.meaning,
        attribute.on,
        valuesText(attribute),
      ]),
    ),
    "",
    "## Log lines",
    "",
    table(
      ["Message", "Level", "Annotations", "Some also have"],
      Object.entries(lines).map(([message, line]: readonly [string, Telemetry.LogLine]) => [
        message,
        line.level,
        codes(line.annotations),
        codes(line.optional),
      ]),
    ),
    "",
    table(
      ["Annotation", "Meaning"],
      Object.entries(annotations).map(([name, meaning]) => [code(name), meaning]),
    ),
    "",
  ].join("\n")
}
