/** A vendor in memory for tests of core alone: its runs live on Effect's clock, and every request can be made to fail. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Description, Operation } from "../../src/driver/Description.ts"
import type { CancellationPart, Driver, Page, Snapshot } from "../../src/driver/Driver.ts"
import * as Reason from "../../src/model/Reason.ts"
import { SyncRef, VendorId } from "../../src/model/Ref.ts"
import { RetlError } from "../../src/model/RetlError.ts"
import type { Status } from "../../src/model/Run.ts"

export interface FakeRun {
  readonly id: string
  readonly startedAt: number
  endsAt: number
  /** Until when the run is queued. */
  queuedUntil?: number
  ends: Status
  readonly rows: { readonly succeeded?: number; readonly failed?: number }
  /** What reads count until some time after the end, and the status that they show. */
  early?: { readonly until: number; readonly ends: Status; readonly rows: FakeRun["rows"] }
  vendorStatus?: string
}

export interface Sent {
  readonly operation: Operation
  readonly at: number
}

export const sync = (id = "s1", workspace = "test") => new SyncRef({ workspace, vendor: "fake", ids: { sync: id } })

export const failure = (
  reason: Reason.Reason,
  delivery: RetlError["delivery"],
  evidence: RetlError["evidence"] = {},
): RetlError =>
  new RetlError({
    workspace: "test",
    vendor: "fake",
    operation: "request",
    reason,
    delivery,
    evidence,
    attempts: 1,
    exhausted: false,
  })

export const at = (millis: number) => DateTime.makeUnsafe(millis)

export const lost = failure(new Reason.Network({ code: "ECONNRESET" }), "unknown")
export const down = failure(new Reason.Unavailable(), "unknown", { status: 503 })

/** The ids of a fake sync; `region` is optional. */
export const Ids = Schema.Struct({ sync: VendorId, region: Schema.optionalKey(VendorId) })
export interface Ids extends Schema.Schema.Type<typeof Ids> {}

/** The shape of the fake driver: the parts that it has are what its workspace can do. */
export interface FakeVendor extends Driver<Ids> {
  readonly cancellation: CancellationPart<Ids>
}

let accounts = 0

/** Creates a fake vendor: an account at an address of its own, so that no two share a sync. */
export const make = (options: { readonly description?: Partial<Description>; readonly pageSize?: number } = {}) => {
  const runs = new Map<string, Array<FakeRun>>()
  const sent: Array<Sent> = []
  const trouble: Array<(operation: Operation, at: number) => Effect.Effect<void, RetlError> | undefined> = []
  const pageSize = options.pageSize ?? 100
  const outages: Array<(operation: Operation, at: number) => Effect.Effect<never, RetlError> | undefined> = []
  let minted = 0

  const of = (id: string) => {
    const runsOfSync = runs.get(id) ?? []
    runs.set(id, runsOfSync)
    return runsOfSync
  }

  const begin = (
    id: string,
    at: number,
    how: { readonly lasts?: number; readonly ends?: Status; readonly rows?: FakeRun["rows"] } = {},
  ) => {
    const run: FakeRun = {
      id: `r${++minted}`,
      startedAt: at,
      endsAt: at + (how.lasts ?? 60_000),
      ends: how.ends ?? "succeeded",
      rows: how.rows ?? { succeeded: 10, failed: 0 },
    }
    of(id).push(run)
    return run
  }

  const snapshot = (run: FakeRun, now: number): Snapshot<FakeRun> => {
    const hasEnded = now >= run.endsAt
    const { ends, rows } = run.early !== undefined && now < run.early.until ? run.early : run
    const status = hasEnded ? ends : now < (run.queuedUntil ?? 0) ? "queued" : "running"
    return {
      run: run.id,
      status: run.vendorStatus === undefined ? status : "unknown",
      vendorStatus: run.vendorStatus ?? status,
      startedAt: DateTime.makeUnsafe(run.startedAt),
      ...(hasEnded && { finishedAt: DateTime.makeUnsafe(run.endsAt) }),
      rows: hasEnded ? rows : {},
      native: run,
    }
  }

  /** Notes one request, and answers it with the trouble that a test has set up for it, or else with `answer`. */
  const request = <A>(operation: Operation, answer: (now: number) => Effect.Effect<A, RetlError>) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      sent.push({ operation, at: now })
      for (const [index, make] of trouble.entries()) {
        const failure = make(operation, now)
        if (failure !== undefined) {
          trouble.splice(index, 1)
          return Effect.andThen(
            failure,
            Effect.suspend(() => answer(now)),
          )
        }
      }
      for (const make of outages) {
        const failure = make(operation, now)
        if (failure !== undefined) return failure
      }
      return answer(now)
    })

  let plan: Parameters<typeof begin>[2] = {}
  let startAnswer: ((now: number, id: string) => Effect.Effect<string, RetlError>) | undefined
  let ownSchedule: "manual" | "scheduled" | "unknown" = "manual"

  const driver: FakeVendor = {
    spec: "openretl/2",
    vendor: "fake",
    baseUrl: `https://${++accounts}.fake.example`,
    ids: Ids,
    description: {
      limits: [],
      whenBusy: "unknown",
      runAppearsWithin: "2 minutes",
      readLag: "1 minute",
      unknownRun: "not-found",
      ...options.description,
    },
    runs: {
      start: ({ sync: id }) =>
        request("start", (now) => {
          return startAnswer === undefined ? Effect.succeed(begin(id, now, plan).id) : startAnswer(now, id)
        }),
      get: ({ sync: id }, run) =>
        request("get", (now) => {
          const visibleRun = of(id).find((other) => other.id === run && other.startedAt <= now)
          return visibleRun === undefined
            ? Effect.fail(failure(new Reason.NotFound({ what: "run" }), "refused", { status: 404 }))
            : Effect.succeed(snapshot(visibleRun, now))
        }),
      list: ({ sync: id }, { cursor }) =>
        request("list", (now) => {
          const all = of(id)
            .filter(({ startedAt }) => startedAt <= now)
            .sort((a, b) => b.startedAt - a.startedAt)
          const from = Number(cursor ?? 0)
          const page: Page<FakeRun> = {
            runs: all.slice(from, from + pageSize).map((run) => snapshot(run, now)),
            ...(from + pageSize < all.length && { next: String(from + pageSize) }),
          }
          return Effect.succeed(page)
        }),
      ownSchedule: () => request("schedule", () => Effect.succeed(ownSchedule)),
    },
    cancellation: {
      stops: "run",
      cancel: ({ sync: id }, run) =>
        request("cancel", (now) => {
          const cancelledRun = of(id).find((other) => other.id === run)
          if (cancelledRun === undefined || now >= cancelledRun.endsAt) return Effect.succeed("finished" as const)
          cancelledRun.endsAt = now + 5_000
          cancelledRun.ends = "failed"
          return Effect.succeed("requested" as const)
        }),
    },
    check: () => request("check", () => Effect.succeed({ shown: "it is there" })),
  }

  return {
    driver,
    sent,
    begin,
    runsOf: of,
    count: (operation: Operation) => sent.filter((call) => call.operation === operation).length,
    /** Makes the next request of this kind fail, once the given number of others have passed. */
    fail: (operation: Operation, error: RetlError, times = 1) => {
      for (let i = 0; i < times; i++) {
        trouble.push((actual) => (actual === operation ? Effect.fail(error) : undefined))
      }
    },
    /** Delays the answer to the next request of this kind, from then on. */
    delay: (operation: Operation, millis: number, from = 0) => {
      trouble.push((actual, at) => (actual === operation && at >= from ? Effect.sleep(millis) : undefined))
    },
    /** Makes all requests of this kind fail that are sent from then until then. */
    failBetween: (operation: Operation, error: RetlError, from: number, until: number) => {
      outages.push((actual, at) => (actual === operation && at >= from && at < until ? Effect.fail(error) : undefined))
    },
    /** Answers no request of this kind any more. */
    hang: (operation: Operation) => {
      outages.push((actual) => (actual === operation ? Effect.never : undefined))
    },
    setPlan: (next: Parameters<typeof begin>[2]) => {
      plan = next
    },
    onStart: (answer: (now: number, id: string) => Effect.Effect<string, RetlError>) => {
      startAnswer = answer
    },
    setSchedule: (next: typeof ownSchedule) => {
      ownSchedule = next
    },
  }
}

export type Fake = ReturnType<typeof make>
