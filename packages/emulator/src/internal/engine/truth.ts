/** The real states of runs and syncs, as the emulator's controls show them. */
import type { TruthRun, TruthSync } from "../../Emulator.ts"
import type { CompleteDialect } from "../../kit/Dialect.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { countsSettleAt, finishedAt, realCountsAt, stateAt } from "../../kit/RunState.ts"

export const truthOfRun = (dialect: CompleteDialect, run: Run, now: number): TruthRun => {
  const finish = finishedAt(run)
  return {
    id: run.id,
    origin: run.origin,
    ...(run.call !== undefined && { callIndex: run.call.index }),
    createdAt: run.createdAt,
    ...(run.startsAt <= now && { startedAt: run.startsAt }),
    ...(finish <= now && { finishedAt: finish }),
    status: dialect.statusWord(run, now),
    rows: realCountsAt(run, now),
    ...(finish <= now && { countsSettleAt: countsSettleAt(run) }),
    ...(run.scope !== undefined && { scope: run.scope }),
    ...(run.isSkipped && { skipped: true as const }),
    ...(stateAt(run, now) === "stopped" && { stopped: true as const }),
  }
}

export const truthOfSync = (sync: Sync): TruthSync => ({
  ids: sync.ids,
  parts: sync.parts,
  name: sync.name,
  state: sync.state,
  ...(sync.schedule !== undefined && { schedule: sync.schedule }),
  ...(Number.isFinite(sync.nextFire) && { nextFire: sync.nextFire }),
  ...(sync.call !== undefined && { callIndex: sync.call.index }),
})
