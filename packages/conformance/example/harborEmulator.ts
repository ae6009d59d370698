/** An emulator of Harbor, an invented vendor that starts, reads, lists and cancels runs. The kit has everything else. */
import type { Emulator, Options } from "@openretl/emulator/Emulator"
import * as PageRequest from "@openretl/emulator/kit/PageRequest"
import * as Reply from "@openretl/emulator/kit/Reply"
import * as Route from "@openretl/emulator/kit/Route"
import type { Run, Sync } from "@openretl/emulator/kit/Run"
import * as RunState from "@openretl/emulator/kit/RunState"
import { pageOfRuns } from "@openretl/emulator/kit/Sync"
import * as Timestamp from "@openretl/emulator/kit/Timestamp"
import * as Vendor from "@openretl/emulator/kit/Vendor"
import type * as Effect from "effect/Effect"

/** What Harbor's documents leave open. The suite tries every value of every switch. */
export const switches = {
  overlap: {
    fact: "harbor/overlap",
    values: ["refused", "queued", "skipped"],
    default: "refused",
    note: "What a start does while a run of the sync is under way.",
  },
} as const

/** Harbor's words for the status of a run. */
const words = {
  queued: "waiting",
  running: "working",
  stopping: "stopping",
  succeeded: "done",
  failed: "failed",
  cancelled: "stopped",
  skipped: "skipped",
} as const

/** A run in Harbor's answers, as it is at `at`. */
const toBody = (run: Run, at: number) => {
  const isOver = RunState.finishedAt(run) <= at
  const hasStarted = run.startsAt <= at
  const counts = RunState.countsAt(run, at)
  return {
    id: run.id,
    status: RunState.wordAt(run, at, words),
    created_at: Timestamp.isoMillis(run.createdAt),
    started_at: hasStarted ? Timestamp.isoMillis(run.startsAt) : null,
    ended_at: isOver ? Timestamp.isoMillis(RunState.finishedAt(run)) : null,
    rows: hasStarted ? { delivered: counts.succeeded, rejected: counts.failed, selected: counts.total } : null,
    error: RunState.stateAt(run, at) === "ended" ? (run.plan.error ?? null) : null,
  }
}

const refuse = (status: number, message: string) => Reply.json(status, { error: { message } })

/** Creates an emulator of one Harbor account. */
export const make = (options: Options<typeof switches> = {}): Effect.Effect<Emulator> =>
  Vendor.make(
    {
      vendor: "harbor",
      idNames: { sync: ["sync"], parts: [] },
      switches,
      defaultLimits: () => [{ name: "account", operations: "all", requests: 120, window: "1 minute" }],
      makeDialect: ({ world, startRun, stopTakes, currentSwitches }) => {
        const whenBusy = () =>
          (({ refused: "refuses", queued: "queues", skipped: "skips" }) as const)[currentSwitches().overlap]

        const start = (sync: Sync, context: Route.RequestContext) => {
          if (sync.state !== "enabled") return refuse(422, `the sync is ${sync.state}`)
          if (sync.liveRuns.length > 0 && whenBusy() === "refuses") return refuse(409, "a run is under way")
          return Reply.json(201, toBody(startRun(sync, context), context.now))
        }

        /** A route about a sync, which is refused where there is none. */
        const ofSync =
          (operation: Route.Route["operation"], handle: (sync: Sync, context: Route.RequestContext) => Reply.Reply) =>
          (id = ""): Route.Route => {
            const sync = world.syncs.get(id)
            return {
              operation,
              sync,
              handle: (context) => (sync === undefined ? refuse(404, "no such sync") : handle(sync, context)),
            }
          }

        /** A route about a run of a sync. */
        const ofRun = (
          operation: "get" | "cancel",
          id: string | undefined,
          handle: (run: Run, context: Route.RequestContext) => Reply.Reply,
        ) =>
          ofSync(operation, (sync, context) => {
            const run = world.runs.get(id ?? "")
            const isShown = run?.sync === sync && run.createdAt <= (operation === "get" ? context.asOf : context.now)
            return run !== undefined && isShown ? handle(run, context) : refuse(404, "no such run")
          })

        return {
          baseUrl: "https://api.harbor.example",
          refuse,
          whenBusy,
          statusWord: (run, at) => RunState.wordAt(run, at, words),
          routeOf: Route.table({
            "GET /v1/account": () => ({ operation: "identity", handle: () => Reply.json(200, { name: "Harbor" }) }),
            "POST /v1/syncs/{sync}/runs": (_, { sync }) => ofSync("start", start)(sync),
            "GET /v1/syncs/{sync}/runs": ({ query }, { sync }) =>
              ofSync("list", (found, { asOf }) => {
                const page = PageRequest.ofOffset(query, {
                  from: "offset",
                  size: "limit",
                  defaultSize: 20,
                  maxSize: 50,
                })
                if (page === undefined) return refuse(400, "offset or limit is not valid")
                const { runs, total } = pageOfRuns(found, asOf, { isNewestFirst: true, ...page })
                return Reply.json(200, { runs: runs.map((run) => toBody(run, asOf)), total })
              })(sync),
            "GET /v1/syncs/{sync}/runs/{run}": (_, { sync, run: id }) =>
              ofRun("get", id, (run, { asOf }) => Reply.json(200, toBody(run, asOf)))(sync),
            "POST /v1/syncs/{sync}/runs/{run}/cancel": (_, { sync, run: id }) =>
              ofRun("cancel", id, (run, { now }) => {
                if (RunState.finishedAt(run) <= now) return refuse(409, "the run is over")
                RunState.stopRun(run, now, stopTakes)
                return Reply.json(202, toBody(run, now))
              })(sync),
          }),
        }
      },
    },
    options,
  )
