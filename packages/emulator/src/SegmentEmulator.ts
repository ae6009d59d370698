/**
 * Segment's Reverse ETL API and its destinations: starts, statuses, their lists and cancels; models, destinations and
 * their subscriptions, delivery metrics, and the workspace.
 *
 * A sync is a subscription with a model. Its ids are `source`, `model` and `subscription`; a run id is a string of digits.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Configurable, Emulator } from "./Emulator.ts"
import { make as makeEmulator } from "./internal/engine/make.ts"
import { dialect } from "./internal/segment/dialect.ts"
import type { RateLimit } from "./RateLimit.ts"
import { SegmentSwitches } from "./SegmentSwitches.ts"

export interface Options extends CommonOptions<SegmentSwitches> {
  /** @default "us" */
  readonly region?: "us" | "eu"
}

export interface SegmentEmulator extends Emulator, Configurable<SegmentSwitches> {
  readonly vendor: "segment"
}

/** The documented limits a minute: 20 starts, 250 status reads, 5 of each way to write subscriptions. */
export const limits: ReadonlyArray<RateLimit> = [
  { name: "start", operations: ["start"], max: 20, window: "1 minute", level: "endpoint" },
  { name: "get", operations: ["get"], max: 250, window: "1 minute", level: "endpoint" },
  ...(["create", "update", "delete"] as const).map(
    (name): RateLimit => ({ name, operations: [name], max: 5, window: "1 minute", level: "endpoint" }),
  ),
]

/** Not documented beyond "more than 600 a minute". */
const defaultLimits = (["list", "cancel", "identity", "syncs", "sync", "parts", "changePart", "insights"] as const).map(
  (name): RateLimit => ({ name, operations: [name], max: 1000, window: "1 minute", level: "endpoint" }),
)

export const make = (options: Options = {}): Effect.Effect<SegmentEmulator> =>
  makeEmulator(
    {
      vendor: "segment",
      switches: SegmentSwitches,
      dialect: (setting) => dialect(setting, options.region ?? "us"),
      limits: (settings) => (settings.defaultRateLimit === "none" ? limits : [...limits, ...defaultLimits]),
    },
    options,
  )
