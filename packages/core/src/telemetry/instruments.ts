/** What recording a metric takes. `metrics.ts` says what each is for: a program that only runs syncs does without those texts. */

/** What recording a metric takes. */
export interface Instrument {
  /** `counter` only rises. */
  readonly kind: "counter" | "histogram" | "gauge"
  /** In the notation of UCUM: `s` is a second, and `{run}` counts runs. */
  readonly unit: string
  /** The upper bounds of the buckets, of a histogram. */
  readonly boundaries?: ReadonlyArray<number>
  /** Whether its series have `openretl.sync.name`: where the sync has a name, or always, so that other syncs have none. */
  readonly named?: "optional" | "always"
}

const seconds = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600]

/** How each metric is recorded. */
export const instruments = {
  "openretl.run.duration": {
    kind: "histogram",
    unit: "s",
    boundaries: [...seconds, 7_200, 14_400, 28_800, 86_400],
    named: "optional",
  },
  "openretl.rows": { kind: "counter", unit: "{row}", named: "optional" },
  "openretl.triggers": { kind: "counter", unit: "{call}", named: "optional" },
  "openretl.requests": { kind: "counter", unit: "{request}" },
  "openretl.polls": { kind: "counter", unit: "{poll}" },
  "openretl.detection.delay": { kind: "histogram", unit: "s", boundaries: seconds },
  "openretl.rate_limit.wait": { kind: "histogram", unit: "s", boundaries: [0, 0.1, ...seconds] },
  "openretl.journal.open": { kind: "gauge", unit: "{entry}" },
  "openretl.freshness.age": { kind: "gauge", unit: "s", named: "always" },
} as const satisfies Readonly<Record<string, Instrument>>
