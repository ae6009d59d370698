/**
 * What a vendor's schedules can express, as data. Each adapter publishes one; `Schedule` checks and translates against
 * it.
 *
 * It is a type without a schema: adapters write it in code, and nothing decodes or stores it.
 */
import type * as Duration from "effect/Duration"

/** A form, and where its bounds come from. */
interface Sourced {
  /** Who documents it, such as `Segment's documentation`. Messages quote it. */
  readonly source: string
}

/** The forms of a vendor's schedules. Every vendor has `Manual`; an absent form is one that the vendor lacks. */
export interface ScheduleForms {
  /** The vendor's name for people, such as `Segment`. */
  readonly vendor: string
  /** Fixed intervals between runs. */
  readonly every?: Sourced & {
    /** The shortest allowed interval, inclusive. */
    readonly shortest: Duration.Input
    /** The longest allowed interval, inclusive unless `longestIsExcluded`. Defaults to no bound. */
    readonly longest?: Duration.Input
    /** Whether `longest` itself is too long. @default false */
    readonly longestIsExcluded?: boolean
    /** An interval is a whole number of these. */
    readonly step: Duration.Input
  }
  /** Days of the week with full hours, in a named time zone. */
  readonly onDays?: Sourced
  /** Cron expressions of five fields. */
  readonly cron?: Sourced & {
    /** The smallest allowed distance between two firings. Defaults to no bound. */
    readonly shortest?: Duration.Input
    /**
     * `named`: a schedule has to name its zone. Otherwise the vendor stores no zone and does not document in
     * which zone it reads the expression; `assumed` is the IANA name of the zone in which core reads it.
     */
    readonly timeZone: "named" | { readonly assumed: string }
  }
  /** The tools whose jobs a sync can follow, each with the names of the ids that a job has there. */
  readonly jobs?: Readonly<Record<string, ReadonlyArray<string>>>
}
