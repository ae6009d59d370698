/** The metrics: their kinds, units and attributes. */
import type { AttributeName, ValueOf } from "./attributes.ts"

/** What the contract says of a metric. */
export interface Metric {
  /** What it counts or measures, in one sentence. */
  readonly meaning: string
  /** `counter` only rises. */
  readonly kind: "counter" | "histogram" | "gauge"
  /** In the notation of UCUM: `s` is a second, and `{run}` counts runs. */
  readonly unit: string
  /** The attributes of every series. */
  readonly attributes: ReadonlyArray<AttributeName>
  /** Attributes that only some series have. */
  readonly optional: ReadonlyArray<AttributeName>
  /** The upper bounds of the buckets, of a histogram. */
  readonly boundaries?: ReadonlyArray<number>
}

const seconds = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600]

/** Every metric that OpenRETL records, by its name. Each series also has `unit`, where exporters look for it. */
export const metrics = {
  "openretl.run.duration": {
    meaning: "How long runs took, by verdict; `none`: how long a call waited for a run that it has not seen end.",
    kind: "histogram",
    unit: "s",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.run.verdict"],
    optional: ["error.type", "openretl.sync.name"],
    boundaries: [...seconds, 7_200, 14_400, 28_800, 86_400],
  },
  "openretl.rows": {
    meaning: "Rows of runs that ended, by what became of them.",
    kind: "counter",
    unit: "{row}",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.rows.outcome"],
    optional: ["openretl.sync.name"],
  },
  "openretl.triggers": {
    meaning: "Calls that trigger, by how they ended.",
    kind: "counter",
    unit: "{call}",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.trigger.result"],
    optional: ["error.type", "openretl.sync.name"],
  },
  "openretl.requests": {
    meaning: "HTTP requests, by their kind and the class of the answer.",
    kind: "counter",
    unit: "{request}",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.operation", "openretl.status_class"],
    optional: [],
  },
  "openretl.polls": {
    meaning: "Looks at runs that are waited for; one look may be at several runs of a sync.",
    kind: "counter",
    unit: "{poll}",
    attributes: ["openretl.vendor", "openretl.workspace"],
    optional: ["error.type"],
  },
  "openretl.detection.delay": {
    meaning: "How long after its end a wait saw that a run had ended, where the vendor reports when it did.",
    kind: "histogram",
    unit: "s",
    attributes: ["openretl.vendor", "openretl.workspace"],
    optional: [],
    boundaries: seconds,
  },
  "openretl.rate_limit.wait": {
    meaning: "How long requests waited for the rate limit; 0 where it granted them at once.",
    kind: "histogram",
    unit: "s",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.operation"],
    optional: ["error.type"],
    boundaries: [0, 0.1, ...seconds],
  },
  "openretl.journal.open": {
    meaning:
      "Open entries of the workspace that this process knows of: requests of which it is not known what they did.",
    kind: "gauge",
    unit: "{entry}",
    attributes: ["openretl.vendor", "openretl.workspace"],
    optional: [],
  },
  "openretl.freshness.age": {
    meaning: "The age of a named sync's data when they were last looked at. Syncs without a name have no series.",
    kind: "gauge",
    unit: "s",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.sync.name"],
    optional: [],
  },
} as const satisfies Readonly<Record<string, Metric>>

/** The name of a metric. */
export type MetricName = keyof typeof metrics

type Required<Name extends MetricName> = (typeof metrics)[Name]["attributes"][number]
type Optional<Name extends MetricName> = (typeof metrics)[Name]["optional"][number]

/** What every series has of its workspace and its program. */
type Given = "openretl.vendor" | "openretl.workspace" | "openretl.sync.name"

/** The attributes of a metric that are passed when it is recorded. */
export type AttributesOf<Name extends MetricName> = {
  readonly [A in Exclude<Required<Name>, Given>]: ValueOf<A>
} & { readonly [A in Exclude<Optional<Name>, Given>]?: string | undefined }
