/**
 * Emulates Segment's API of Reverse ETL and of destinations: starts, statuses, lists and cancels of runs; models,
 * destinations and their subscriptions; delivery metrics; the workspace.
 *
 * A sync is a subscription with a model. Its ids are `source`, `model` and `subscription`. A run id is a string of
 * digits.
 */
import type * as Effect from "effect/Effect"
import type { Options as CommonOptions, Emulator, SwitchControls } from "./Emulator.ts"
import { makeDialect } from "./internal/segment/dialect.ts"
import * as Vendor from "./kit/Vendor.ts"
import type { RateLimit } from "./RateLimit.ts"
import { SegmentSwitches } from "./SegmentSwitches.ts"

/** Options of a Segment emulator. */
export interface Options extends CommonOptions<SegmentSwitches> {
  /** The region of the account; it decides the base URL. @default "us" */
  readonly region?: "us" | "eu"
}

/** An emulator of one Segment account. */
export interface SegmentEmulator extends Emulator, SwitchControls<SegmentSwitches> {
  readonly vendor: "segment"
}

/** The documented limits: 20 starts, 250 status reads, and 5 creates, updates and deletes of subscriptions a minute. */
export const limits: ReadonlyArray<RateLimit> = [
  { name: "start", operations: ["start"], requests: 20, window: "1 minute" },
  { name: "get", operations: ["get"], requests: 250, window: "1 minute" },
  ...(["create", "update", "delete"] as const).map(
    (name): RateLimit => ({ name, operations: [name], requests: 5, window: "1 minute" }),
  ),
]

/** The limits of the other endpoints, each for itself. Segment documents only "more than 600 a minute". */
const undocumentedLimits = (
  ["list", "cancel", "identity", "syncs", "sync", "parts", "changePart", "insights"] as const
).map((name): RateLimit => ({ name, operations: [name], requests: 1000, window: "1 minute" }))

/** The names of the ids. */
export const idNames: Emulator["idNames"] = {
  sync: ["source", "model", "subscription"],
  parts: ["source", "model", "destination", "action"],
}

/** Creates an emulator of one Segment account, whose time starts at the clock's. */
export const make = (options: Options = {}): Effect.Effect<SegmentEmulator> =>
  Vendor.make(
    {
      vendor: "segment",
      idNames,
      switches: SegmentSwitches,
      makeDialect: (context) => makeDialect(context, options.region ?? "us"),
      defaultLimits: (settings) => (settings.defaultRateLimit === "none" ? limits : [...limits, ...undocumentedLimits]),
    },
    options,
  )
