/** A workspace over lists of runs, for what reads them: the fence and the look-up. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as BoundedMap from "../../src/driver/BoundedMap.ts"
import type { WorkspaceContext } from "../../src/engine/context.ts"
import * as Shared from "../../src/engine/trigger/shared.ts"
import * as ProcessState from "../../src/journal/ProcessState.ts"
import { RunRef } from "../../src/model/Ref.ts"
import type { RetlError } from "../../src/model/RetlError.ts"
import { Run, type Status } from "../../src/model/Run.ts"
import * as FakeDriver from "./fakeDriver.ts"

export const sync = FakeDriver.sync()

/** A run, with the second of its start; `undefined` for a vendor that does not report it. */
export const run = (id: string, second?: number, status: Status = "succeeded"): Run =>
  new Run({
    ref: new RunRef({ sync, run: id }),
    status,
    vendorStatus: status,
    rows: {},
    native: undefined,
    ...(second !== undefined && { startedAt: FakeDriver.at(1_000 * second) }),
  })

/** So many runs, newest first, one each second, as `r10`, `r9` and so on. */
export const falling = (count: number): ReadonlyArray<Run> =>
  Array.from({ length: count }, (_, index) => run(`r${count - index}`, count - index))

export interface Listing {
  readonly pageSize?: number
  readonly whenBusy?: "refuses"
  /** The vendor's clock at each page, in seconds. */
  readonly clock?: ReadonlyArray<number>
  /** Other parts of the workspace. */
  readonly parts?: Partial<WorkspaceContext>
}

/** A workspace whose vendor lists the runs that `at` returns for a reading, which counts from 1. */
export const listing = (
  at: (reading: number) => ReadonlyArray<Run> | RetlError,
  { pageSize = 10, whenBusy, clock = [], parts = {} }: Listing = {},
) => {
  let reading = 0
  const times: Array<number> = []
  const list: WorkspaceContext["list"] = (_, { cursor }) =>
    Effect.flatMap(DateTime.now, (now) => {
      const from = Number(cursor ?? 0)
      if (from === 0) reading++
      const second = clock[times.length]
      times.push(DateTime.toEpochMillis(now) / 1_000)
      const runs = at(reading)
      if ("_tag" in runs) return Effect.fail(runs)
      return Effect.succeed({
        runs: runs.slice(from, from + pageSize),
        ...(second !== undefined && { asOf: FakeDriver.at(1_000 * second) }),
        ...(from + pageSize < runs.length && { next: String(from + pageSize) }),
      })
    })
  const context: Partial<WorkspaceContext> = {
    list,
    identityOf: String,
    runKeyOf: String,
    description: {
      limits: [],
      whenBusy: whenBusy ?? "unknown",
      runAppearsWithin: Duration.minutes(2),
      readLag: Duration.minutes(1),
      unknownRun: "not-found",
    },
    rateLimit: { whileOpen: (effect: unknown) => effect } as WorkspaceContext["rateLimit"],
    shared: { ...Shared.of(ProcessState.isolated(), {}), ended: BoundedMap.make<string>(10) },
    ...parts,
  }
  return {
    context: context as WorkspaceContext,
    /** When each page was read, in seconds. */
    times,
    readings: () => reading,
  }
}
