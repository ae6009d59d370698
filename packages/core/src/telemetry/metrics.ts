/** The metrics: what they count or measure, and their attributes. */
import type { AttributeName, ValueOf } from "./attributes.ts"
import { type Instrument, instruments } from "./instruments.ts"

/** What the contract says of a metric. */
export interface Metric extends Instrument {
  /** What it counts or measures, in one sentence. */
  readonly meaning: string
  /** The attributes of every series. */
  readonly attributes: ReadonlyArray<AttributeName>
  /** Attributes that only some series have. */
  readonly optional: ReadonlyArray<AttributeName>
}

/** Every metric that OpenRETL records, by its name. Each series also has `unit`, where exporters look for it. */
export const metrics = {
  "openretl.run.duration": {
    meaning: "How long runs took, by verdict; `none`: how long a call waited for a run that it has not seen end.",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.run.verdict"],
    optional: ["error.type", "openretl.sync.name"],
    ...instruments["openretl.run.duration"],
  },
  "openretl.rows": {
    meaning: "Rows of runs that ended, by what became of them.",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.rows.outcome"],
    optional: ["openretl.sync.name"],
    ...instruments["openretl.rows"],
  },
  "openretl.triggers": {
    meaning: "Calls that trigger, by how they ended. Calls whose input is refused do not count.",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.trigger.result"],
    optional: ["error.type", "openretl.sync.name"],
    ...instruments["openretl.triggers"],
  },
  "openretl.requests": {
    meaning: "HTTP requests, by their kind and the class of the answer.",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.operation", "openretl.status_class"],
    optional: [],
    ...instruments["openretl.requests"],
  },
  "openretl.polls": {
    meaning: "Looks at runs that are waited for; one look may be at several runs of a sync.",
    attributes: ["openretl.vendor", "openretl.workspace"],
    optional: ["error.type"],
    ...instruments["openretl.polls"],
  },
  "openretl.detection.delay": {
    meaning: "How long after its end a wait saw that a run had ended, where the vendor reports when it did.",
    attributes: ["openretl.vendor", "openretl.workspace"],
    optional: [],
    ...instruments["openretl.detection.delay"],
  },
  "openretl.rate_limit.wait": {
    meaning: "How long requests waited for the rate limit; 0 where it granted them at once.",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.operation"],
    optional: ["error.type"],
    ...instruments["openretl.rate_limit.wait"],
  },
  "openretl.journal.open": {
    meaning:
      "Open entries of the workspace that this process knows of: requests of which it is not known what they did.",
    attributes: ["openretl.vendor", "openretl.workspace"],
    optional: [],
    ...instruments["openretl.journal.open"],
  },
  "openretl.freshness.age": {
    meaning: "The age of a named sync's data when they were last looked at. Syncs without a name have no series.",
    attributes: ["openretl.vendor", "openretl.workspace", "openretl.sync.name"],
    optional: [],
    ...instruments["openretl.freshness.age"],
  },
} as const satisfies Readonly<Record<keyof typeof instruments, Metric>>

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
