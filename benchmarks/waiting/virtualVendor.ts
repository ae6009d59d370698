/** A vendor in memory whose runs live on Effect's clock. It counts the requests that it receives. */
import { type Driver, type Snapshot, spec } from "@openretl/core/driver/Driver"
import { NotFound } from "@openretl/core/Reason"
import { SyncRef, VendorId } from "@openretl/core/Ref"
import { RetlError } from "@openretl/core/RetlError"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const vendor = "virtual"

const Ids = Schema.Struct({ sync: VendorId })
interface Ids extends Schema.Schema.Type<typeof Ids> {}

/** Returns the ref of a sync in a workspace of this vendor. */
export const syncRef = (workspace: string, sync: string): SyncRef => new SyncRef({ workspace, vendor, ids: { sync } })

export interface VirtualRun {
  readonly id: string
  readonly startedAt: number
  readonly endsAt: number
  /** How often this run was read by itself. */
  reads: number
}

let vendors = 0

/** Creates a vendor at an address of its own, so that no two share a sync. */
export const make = () => {
  const syncs = new Map<string, Map<string, VirtualRun>>()
  const requests = { get: 0, list: 0 }
  /** How long the next run of a sync takes, in milliseconds. */
  const nextDurations = new Map<string, number>()

  /** Starts a run that takes `duration` milliseconds. */
  const startRun = (sync: string, duration: number): Effect.Effect<VirtualRun> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const runs = syncs.get(sync) ?? new Map<string, VirtualRun>()
      const run = { id: `r${runs.size + 1}`, startedAt: now, endsAt: now + duration, reads: 0 }
      syncs.set(sync, runs.set(run.id, run))
      return run
    })

  /** Adds runs of a sync that ended before the present, one after the other. */
  const addPast = (sync: string, durations: ReadonlyArray<number>): Effect.Effect<void> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const runs = syncs.get(sync) ?? new Map<string, VirtualRun>()
      let endsAt = now
      for (const duration of durations) {
        const run = { id: `r${runs.size + 1}`, startedAt: endsAt - duration, endsAt, reads: 0 }
        syncs.set(sync, runs.set(run.id, run))
        endsAt = run.startedAt - 60_000
      }
    })

  const driver: Driver<Ids> = {
    spec,
    vendor,
    baseUrl: `https://${++vendors}.virtual.example`,
    ids: Ids,
    description: {
      limits: [],
      whenBusy: "unknown",
      runAppearsWithin: "2 minutes",
      readLag: "1 minute",
      unknownRun: "not-found",
    },
    runs: {
      start: ({ sync }) => Effect.map(startRun(sync, nextDurations.get(sync) ?? 0), ({ id }) => id),
      get: ({ sync }, id) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          requests.get++
          const run = syncs.get(sync)?.get(id)
          if (run === undefined) return Effect.fail(notFound)
          run.reads++
          return Effect.succeed(snapshot(run, now))
        }),
      list: ({ sync }) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          requests.list++
          const runs = Array.from(syncs.get(sync)?.values() ?? [])
          return { runs: runs.sort((a, b) => b.startedAt - a.startedAt).map((run) => snapshot(run, now)) }
        }),
    },
    check: () => Effect.succeed({ shown: "the virtual vendor answers" }),
  }

  return {
    driver,
    startRun,
    addPast,
    requests,
    /** Sets how long the next run of a sync takes that a trigger starts, in milliseconds. */
    planRun: (sync: string, duration: number) => {
      nextDurations.set(sync, duration)
    },
    runOf: (sync: string, id: string) => syncs.get(sync)?.get(id),
  }
}

const notFound = new RetlError({
  workspace: "bench",
  vendor,
  operation: "get",
  reason: new NotFound({ what: "run" }),
  delivery: "refused",
  evidence: {},
  attempts: 1,
  exhausted: false,
})

const snapshot = ({ id, startedAt, endsAt }: VirtualRun, now: number): Snapshot => ({
  run: id,
  status: now >= endsAt ? "succeeded" : "running",
  vendorStatus: now >= endsAt ? "succeeded" : "running",
  startedAt: DateTime.makeUnsafe(startedAt),
  ...(now >= endsAt && { finishedAt: DateTime.makeUnsafe(endsAt) }),
  rows: {},
  native: undefined,
})
