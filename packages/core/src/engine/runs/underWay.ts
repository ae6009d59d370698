/** Which of a sync's runs are under way, and which run is the newest. Pure. */
import * as DateTime from "effect/DateTime"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import { isTerminal, type Run } from "../../model/Run.ts"

/**
 * Returns whether a run is under way, which keeps a trigger back. A word that the adapter does not list counts as under
 * way, unless the vendor reports when the run finished: to start beside a run that may be going on is the greater harm.
 */
export const isUnderWay = ({ status, finishedAt }: Run): boolean =>
  status === "unknown" ? finishedAt === undefined : !isTerminal(status)

/** Returns the newest run by the vendor's times, of several the first; runs without a time do not replace another. */
export const newest = (runs: ReadonlyArray<Run>): Run | undefined =>
  runs.reduce<Run | undefined>((best, run) => {
    if (best === undefined) return run
    const [a, b] = [queuedOrStartedAt(best), queuedOrStartedAt(run)]
    return a === undefined || b === undefined || DateTime.isLessThanOrEqualTo(b, a) ? best : run
  }, undefined)
