/** Drivers that read runs wrongly: statuses, times, rows, texts, and which runs there are. */
import { isTerminal } from "@openretl/core/Run"
import { DateTime, Effect } from "effect"
import { expect } from "vitest"
import { acme, segment, zeotap } from "./adapters.ts"
import { inLocalTime, listedRuns, pages, readRuns, rows, runs, statusAs, without } from "./change.ts"
import { breaking, type DriverMutant } from "./driverMutant.ts"

const severalRuns = "of several runs of a sync, each read and the list show each as it is"
const waitingRun = "a run that waits is queued and has no start"
const stoppedRun = "a run that a person stopped is cancelled"
const longList = "a list of more runs than a page has"

const statuses: ReadonlyArray<DriverMutant> = [
  ...breaking(
    severalRuns,
    [zeotap, "takes the vendor's success for a run that was skipped", statusAs("succeeded", "skipped")],
    [zeotap, "takes the vendor's success for a cancelled run", statusAs("succeeded", "cancelled")],
    [segment, "takes the vendor's success for a partial one", statusAs("succeeded", "partial")],
    [segment, "takes a partial success for a failure", statusAs("partial", "failed")],
    [zeotap, "takes the vendor's failure for a cancelled run", statusAs("failed", "cancelled")],
    [acme, "takes the vendor's failure for a partial success", statusAs("failed", "partial")],
    [
      zeotap,
      "has its own word for the vendor's",
      readRuns((run) => (run.status === "unknown" ? run : { ...run, vendorStatus: run.status })),
    ],
  ),
  ...breaking(
    stoppedRun,
    [zeotap, "takes a cancelled run for a failed one", statusAs("cancelled", "failed")],
    [zeotap, "takes a cancelled run for a skipped one", statusAs("cancelled", "skipped")],
    [segment, "takes a cancelled run for a success", statusAs("cancelled", "succeeded")],
    [segment, "does not list the word for a cancelled run", statusAs("cancelled", "unknown")],
  ),
  ...breaking("the vendor's word for a success of some rows is partial", [
    segment,
    "takes the word for a partial success for a success",
    statusAs("partial", "succeeded"),
  ]),
  ...breaking(
    waitingRun,
    [zeotap, "takes a run that waits for one at work", statusAs("queued", "running")],
    [zeotap, "does not list the word for a run that waits", statusAs("queued", "unknown")],
    [
      zeotap,
      "believes the start of a run that waits",
      readRuns((run) => (run.status === "queued" && run.queuedAt ? { ...run, startedAt: run.queuedAt } : run)),
    ],
  ),
  ...breaking(
    "a run can be read right after its trigger",
    [zeotap, "takes a run at work for one that waits", statusAs("running", "queued")],
    [acme, "takes a run at work for one that is being cancelled", statusAs("running", "cancelling")],
  ),
]

const times: ReadonlyArray<DriverMutant> = [
  ...breaking(
    severalRuns,
    [zeotap, "does not read when a run was created", readRuns((run) => without(run, "queuedAt"))],
    [
      zeotap,
      "takes the creation of a run for its start",
      readRuns((run) => (run.queuedAt && run.startedAt ? { ...run, startedAt: run.queuedAt } : run)),
    ],
    [zeotap, "does not read when a run started", readRuns((run) => without(run, "startedAt"))],
    [acme, "does not read when a run ended", readRuns((run) => without(run, "finishedAt"))],
    [
      acme,
      "takes the start of a run for its end",
      readRuns((run) => (run.finishedAt && run.startedAt ? { ...run, finishedAt: run.startedAt } : run)),
    ],
    [
      zeotap,
      "reads the creation of a run in local time",
      readRuns((run) => (run.queuedAt ? { ...run, queuedAt: inLocalTime(run.queuedAt) } : run)),
    ],
    [
      acme,
      "reads starts and ends in local time",
      readRuns((run) => ({
        ...run,
        ...(run.startedAt && { startedAt: inLocalTime(run.startedAt) }),
        ...(run.finishedAt && { finishedAt: inLocalTime(run.finishedAt) }),
      })),
    ],
    [
      acme,
      "reads starts in local time in lists alone",
      listedRuns((run) => (run.startedAt ? { ...run, startedAt: inLocalTime(run.startedAt) } : run)),
    ],
  ),
  ...breaking(
    "a run of anybody that delivered its rows counts, from its start until warnAfter (the vendor's clock is 3 hours ahead)",
    [
      zeotap,
      "returns an old time for the vendor's clock",
      pages((page) => ({ ...page, ...(page.asOf && { asOf: DateTime.subtract(page.asOf, { hours: 3 }) }) })),
    ],
  ),
  ...breaking("a run that began 10 seconds before the request", [
    acme,
    "does not read the vendor's clock",
    pages((page) => without(page, "asOf")),
  ]),
]

const counts: ReadonlyArray<DriverMutant> = [
  ...breaking(
    severalRuns,
    [
      acme,
      "reads failed rows as invalid ones",
      rows(({ failed, ...read }) => ({ ...read, ...(failed !== undefined && { invalid: failed }) })),
    ],
    [acme, "does not read failed rows", rows((read) => without(read, "failed"))],
    [
      acme,
      "counts failed rows as delivered too",
      rows(({ succeeded, failed = 0, ...read }) => ({
        ...read,
        failed,
        ...(succeeded !== undefined && { succeeded: succeeded + failed }),
      })),
    ],
    [
      acme,
      "swaps delivered and failed rows",
      rows(({ succeeded: failed, failed: succeeded, ...read }) => ({
        ...read,
        ...(succeeded !== undefined && { succeeded }),
        ...(failed !== undefined && { failed }),
      })),
    ],
    [
      segment,
      "counts delivered rows as deleted too",
      rows((read) => ({ ...read, ...(read.succeeded !== undefined && { deleted: read.succeeded }) })),
    ],
    [
      segment,
      "counts failed rows as invalid too",
      rows((read) => ({ ...read, ...(read.failed !== undefined && { invalid: read.failed }) })),
    ],
    [zeotap, "invents unaccounted rows", rows((read) => ({ ...read, unaccounted: 3 }))],
    [acme, "leaves the rows out of lists", listedRuns((run) => ({ ...run, rows: {} }))],
    [
      acme,
      "rounds large counts",
      rows((read) => ({ ...read, ...(read.succeeded !== undefined && { succeeded: Math.fround(read.succeeded) }) })),
    ],
  ),
  ...breaking(
    "rows that the vendor counts neither as delivered nor as failed",
    [segment, "does not read how many rows there were to deliver", rows((read) => without(read, "total", "addsUp"))],
    [
      segment,
      "takes the delivered rows for all that there were to deliver",
      rows((read) => ({ ...read, ...(read.succeeded !== undefined && { total: read.succeeded, addsUp: "unknown" }) })),
    ],
    [
      segment,
      "says without proof that the counts do not add up",
      rows((read) => (read.addsUp === undefined ? read : { ...read, addsUp: "no" })),
    ],
  ),
  ...breaking("the counts of a run under way are those of its answers", [
    segment,
    "invents 0 rows for a run that the vendor has not counted",
    rows((read, { status }) => (isTerminal(status) ? read : { succeeded: 0, failed: 0, ...read })),
  ]),
  ...breaking("runs are triggered and read correctly with countersWhileRunning=zero", [
    zeotap,
    "takes the vendor's 0 before the end for a count",
    rows((read, { status }) => (isTerminal(status) ? read : { succeeded: 0, failed: 0, ...read })),
  ]),
]

const texts: ReadonlyArray<DriverMutant> = breaking(
  severalRuns,
  [zeotap, "does not read the error of a run", readRuns((run) => without(run, "errorText"))],
  [zeotap, "leaves the errors out of lists", listedRuns((run) => without(run, "errorText"))],
  [zeotap, "has an error for each run", readRuns((run) => ({ errorText: "none", ...run }))],
  [segment, "does not read the code of an error", readRuns((run) => without(run, "errorCode"))],
  [zeotap, "says that the schedule starts all runs", readRuns((run) => ({ ...run, startedBy: "schedule" }))],
  [acme, "keeps nothing of the vendor's payload", readRuns((run) => ({ ...run, native: {} }))],
)

const whichRun: ReadonlyArray<DriverMutant> = [
  ...breaking(severalRuns, [
    acme,
    "takes the first entry of the list for the wanted run",
    runs(({ list }) => ({
      get: (sync, run) =>
        Effect.map(list(sync, {}), ({ runs: [first] }) =>
          first === undefined ? expect.fail("the list is empty") : { ...first, run },
        ),
    })),
  ]),
  ...breaking(
    "a list has every run once, over pages of any size",
    [zeotap, "leaves out the last run", pages((page) => ({ ...page, runs: page.runs.slice(0, 44) }))],
    [acme, "shows the runs of a page in another order", pages((page) => ({ ...page, runs: page.runs.toReversed() }))],
  ),
  ...breaking(
    longList,
    [segment, "drops each page after the first", pages((page, { cursor }) => (cursor ? { ...page, runs: [] } : page))],
    [segment, "ends the list at the first page", pages((page) => without(page, "next"))],
    [
      acme,
      "drops the last run of a page",
      pages((page) => (page.next === undefined ? page : { ...page, runs: page.runs.slice(0, -1) })),
    ],
    [
      acme,
      "says of a whole list that there may be more",
      pages((page) => (page.next === undefined ? { ...page, mayHaveMore: true } : page)),
    ],
  ),
  ...breaking("a filter by time returns exactly the wanted runs", [
    acme,
    "leaves out the run at the bound of a filter",
    pages((page, { startedAfter }) => ({
      ...page,
      runs: page.runs.filter(
        ({ startedAt }) => !(startedAfter && startedAt && DateTime.isLessThanOrEqualTo(startedAt, startedAfter)),
      ),
    })),
  ]),
  ...breaking("a filter by one or several statuses", [
    acme,
    "leaves runs under way out of lists",
    pages((page) => ({ ...page, runs: page.runs.filter(({ status }) => isTerminal(status)) })),
  ]),
]

export const runMutants: ReadonlyArray<DriverMutant> = [...statuses, ...times, ...counts, ...texts, ...whichRun]
