/** What holds for all waits of a workspace. */
/** What a workspace and its vendor say about all waits. */
export interface Rules {
  /** How long after a run's end its counts may change, in milliseconds. */
  readonly countsSettleWithin: number
  /** The delay that costs as much as a look, in seconds. */
  readonly lookCost: number
  /** Whether somebody tells of every change of a run (`notice`), so that looks are only a net. */
  readonly areHintsExpected: boolean
}
