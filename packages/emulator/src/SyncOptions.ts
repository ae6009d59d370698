/** How a sync is set up without the vendor's API. */
import * as Input from "@openretl/core/driver/Input"
import * as Cron from "effect/Cron"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Ids } from "./Ids.ts"
import { choice } from "./internal/json/choice.ts"
import { DurationInput } from "./internal/json/duration.ts"
import { RunPlan } from "./RunPlan.ts"

/**
 * The state of a sync, whose schedule fires only while it is `enabled`. `error` means that the vendor halted the sync.
 * Segment and RudderStack show only whether a sync is enabled.
 */
export const SyncState = Schema.Literals(["enabled", "paused", "draft", "error"])
export type SyncState = typeof SyncState.Type

const CronExpression = Schema.String.check(
  Schema.makeFilter((text: string) => text.split(/\s+/).length === 5 && Result.isSuccess(Cron.parse(text)), {
    expected: "a cron expression of five fields",
  }),
)

const TimeZone = Schema.String.check(
  Schema.makeFilter((name: string) => Option.isSome(DateTime.zoneMakeNamed(name)), { expected: "an IANA time zone" }),
)

/** A pause between two triggers. Without one, an emulator that catches up with its clock would never be done. */
const Pause = DurationInput.check(
  Schema.makeFilter((every: Duration.Input) => Duration.toMillis(every) >= 1_000, { expected: "at least 1 second" }),
)

const Interval = Schema.Struct({
  every: Pause,
  /** The time until the first tick. @default every */
  first: Input.optional(DurationInput),
})

const CronSchedule = Schema.Struct({
  cron: CronExpression,
  /** An IANA name. @default "UTC" */
  timeZone: Input.optional(TimeZone),
})

/** When a sync fires by itself: at a regular interval, or by a cron expression of five fields. */
export const SyncSchedule = choice(Schema.Union([Interval, CronSchedule]), (value) =>
  Input.field(value, "cron") === undefined ? Interval : CronSchedule,
)
export type SyncSchedule = typeof SyncSchedule.Type

/** Options of a sync that is set up without the vendor's API. */
export const SyncOptions = Schema.Struct({
  /** Ids to use; the others are minted. */
  ids: Input.optional(Ids),
  /** What the sync is made of, from `addParts`. @default new parts */
  parts: Input.optional(Ids),
  /**
   * When the sync fires by itself. A tick during a run is skipped: scheduled runs never overlap.
   *
   * @default never
   */
  schedule: Input.optional(SyncSchedule),
  /** Other users of the account who trigger this sync at random times, `every` so long on average, at least a second. @default none */
  strangers: Input.optional(Schema.Struct({ every: Pause })),
  /** How its runs go that no script plans. @default the emulator's plan */
  plan: Input.optional(RunPlan),
  /** The state at the start. @default "enabled" */
  state: Input.optional(SyncState),
  /** Whether reads show the sync only after the lag of reads, as they do a sync that a stranger creates. @default false */
  isLagged: Input.optional(Schema.Boolean),
  /** The name that the vendor shows. @default "Sync 1" for the first sync, and so on */
  name: Input.optional(Schema.String),
})
export interface SyncOptions extends Schema.Schema.Type<typeof SyncOptions> {}
