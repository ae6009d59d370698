/** What a vendor's schedules can say, as data: an adapter publishes it, `Schedule` checks and translates against it. */
import type * as Duration from "effect/Duration"

/** A bound and where it comes from, for messages. */
interface Sourced {
  /** Who says so, as in `Segment's documentation`. */
  readonly source: string
}

export interface ScheduleForms {
  /** The vendor's name for people, as in `Segment`. */
  readonly vendor: string
  /** Runs so long apart. Absent: cannot. */
  readonly every?: Sourced & {
    readonly shortest: Duration.Input
    /** Exclusive where `longestIsExcluded`. */
    readonly longest?: Duration.Input
    readonly longestIsExcluded?: boolean
    /** The length is a whole number of these. */
    readonly step: Duration.Input
  }
  /** Days and full hours in a named time zone. Absent: cannot. */
  readonly onDays?: Sourced
  /** Five fields. Absent: cannot. */
  readonly cron?: Sourced & {
    /** Firings lie at least so far apart. */
    readonly shortest?: Duration.Input
    /**
     * `named`: the schedule names its zone. Otherwise the vendor does not say in which zone it reads the expression, and
     * this is what it is taken for.
     */
    readonly timeZone: "named" | { readonly assumed: string }
  }
  /** The other tools whose jobs it can follow, and the ids that name one. */
  readonly jobs?: Readonly<Record<string, ReadonlyArray<string>>>
}
