/** How long the past runs of a sync took: it tells when a run is likely to end. */
import * as DateTime from "effect/DateTime"
import type { SyncRef } from "../../model/Ref.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Lengths } from "./rhythm.ts"

/** The most past runs that count. */
const maxLengths = 20

/** Returns how long a run took that ended by itself; `undefined` where its vendor does not report it. */
export const lengthOf = ({ status, startedAt, finishedAt }: Run): number | undefined => {
  if (!isTerminal(status) || status === "failed" || status === "cancelled") return undefined
  if (startedAt === undefined || finishedAt === undefined) return undefined
  const seconds = Math.round((DateTime.toEpochMillis(finishedAt) - DateTime.toEpochMillis(startedAt)) / 1_000)
  return seconds > 0 && Number.isSafeInteger(seconds) ? seconds : undefined
}

/** Returns the lengths of the newest of these runs. */
const lengthsOf = (runs: ReadonlyArray<Run>): Lengths =>
  runs
    .flatMap((run) => {
      const seconds = lengthOf(run)
      return seconds === undefined || run.startedAt === undefined
        ? []
        : [{ seconds, startedAt: DateTime.toEpochMillis(run.startedAt) }]
    })
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, maxLengths)
    .map(({ seconds }) => seconds)
    .sort((a, b) => a - b)

/** Notes what a list of a sync's runs tells. */
export const note = (context: WorkspaceContext, sync: SyncRef, runs: ReadonlyArray<Run>): void => {
  context.shared.lengths.set(context.identityOf(sync), lengthsOf(runs))
}

/** Returns what this process knows of a sync; `undefined` where it has read no list. */
export const known = (context: WorkspaceContext, sync: SyncRef): Lengths | undefined =>
  context.shared.lengths.get(context.identityOf(sync))
