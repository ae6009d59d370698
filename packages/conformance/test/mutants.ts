/** Mutants of a workspace that only runs syncs: each breaks one law. */
import type { AdministrationHarness, Harness, WorkspaceOptions } from "@openretl/conformance/Harness"
import { Cancellation } from "@openretl/core/Cancellation"
import * as Adapter from "@openretl/core/driver/Adapter"
import type { Driver, RunsPart, Snapshot } from "@openretl/core/driver/Driver"
import * as VendorClient from "@openretl/core/driver/VendorClient"
import { judge } from "@openretl/core/Outcome"
import * as Reason from "@openretl/core/Reason"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import { RetlError } from "@openretl/core/RetlError"
import { isTerminal } from "@openretl/core/Run"
import { Runs, type Service } from "@openretl/core/Runs"
import * as Transport from "@openretl/core/Transport"
import * as Workspace from "@openretl/core/Workspace"
import { RudderStackEmulator, type RudderStackSwitches } from "@openretl/emulator"
import { Context, Effect, Redacted, Schema, Stream } from "effect"
import * as Acme from "./acme.ts"
import { administration } from "./acmeAdministration.ts"

/** Returns the options with a scope for triggers that name none. */
export const withScope = (options: WorkspaceOptions): Acme.Options => ({ defaultScope: "incremental", ...options })

/** The harness of an adapter that configures syncs. */
export interface AcmeHarness extends Harness<typeof RudderStackSwitches> {
  readonly administration: AdministrationHarness
}

/** The harness of the adapter without a mutation. */
export const harness: AcmeHarness = {
  name: "Acme",
  emulator: RudderStackEmulator.make,
  workspace: (_, options) => Acme.workspace(withScope(options)),
  sync: (workspace, { connection = "" }) => Acme.syncRef(workspace, { connection }),
  administration,
}

export interface Mutant {
  /** The law that the mutant breaks. */
  readonly law: string
  /** Completes "a mutant that". */
  readonly behavior: string
  readonly harness: AcmeHarness
}

/** Returns the driver that replaces the adapter's. */
type Change = (driver: Acme.AcmeDriver, http: VendorClient.VendorClient) => Driver<Acme.Ids, Acme.Execution>

/** Opens a workspace over another driver than the adapter's. */
const openWorkspace = (options: WorkspaceOptions, change: Change) => {
  const driver = (http: VendorClient.VendorClient) => change(Acme.driver(http), http)
  return Adapter.make({ ...Acme.parts, native: Acme.Execution, driver }).workspace(withScope(options))
}

/** Creates a mutant with another driver. */
const driverMutant = (law: string, behavior: string, change: Change): Mutant => ({
  law,
  behavior,
  harness: { ...harness, workspace: (_, options) => openWorkspace(options, change) },
})

/** Creates a mutant with other functions in the driver's `runs`. */
const runsMutant = (
  law: string,
  behavior: string,
  change: (...original: Parameters<Change>) => Partial<RunsPart<Acme.Ids, Acme.Execution>>,
): Mutant =>
  driverMutant(law, behavior, (driver, http) => ({ ...driver, runs: { ...driver.runs, ...change(driver, http) } }))

/** Creates a mutant of core: with other functions in the service `Runs`. */
const serviceMutant = (
  law: string,
  behavior: string,
  change: (runs: Service, stop: (run: RunRef) => Effect.Effect<unknown>) => Partial<Service>,
): Mutant => ({
  law,
  behavior,
  harness: {
    ...harness,
    workspace: (_, options) =>
      Effect.map(Acme.workspace(withScope(options)), (workspace) => {
        const original = Context.get(workspace.services, Runs)
        const { cancel } = Context.get(workspace.services, Cancellation)
        const mutated = { ...original, ...change(original, (run) => Effect.ignore(cancel(run))) }
        return { ...workspace, services: Context.add(workspace.services, Runs, mutated) }
      }),
  },
})

/** Creates a mutant with another transport. */
const transportMutant = (
  law: string,
  behavior: string,
  change: (original: Transport.Service) => Transport.Service,
): Mutant => ({
  law,
  behavior,
  harness: {
    ...harness,
    workspace: (_, options) =>
      Effect.flatMap(Transport.Transport, (original) =>
        Effect.provideService(Acme.workspace(withScope(options)), Transport.Transport, change(original)),
      ),
  },
})

/** An answer with runs, or what a path that leads elsewhere gives in their place. */
const AnyRuns = Schema.Struct({ syncs: Schema.Unknown })

const runningSnapshot = (run: string, vendorStatus = "running"): Snapshot<Acme.Execution> => ({
  run,
  status: "running",
  vendorStatus,
  rows: {},
  native: { id: run, status: vendorStatus },
})

const runPath = ({ connection }: Acme.Ids, ...steps: ReadonlyArray<string>) => [
  ...Acme.root,
  connection,
  "syncs",
  ...steps,
]

/** Returns the ref as one of the testbed's workspace. */
const asTestbedRef = ({ ids }: SyncRef) => new SyncRef({ workspace: "testbed", vendor: "acme", ids })

export const mutants: ReadonlyArray<Mutant> = [
  runsMutant("T4", "sends a trigger again when its answer is lost", ({ runs: { start } }) => ({
    start: (sync, options) => Effect.retry(start(sync, options), { times: 1 }),
  })),
  ...(["queues", "skips"] as const).map((whenBusy) =>
    driverMutant("T1", `claims that the vendor ${whenBusy} a trigger that it refuses`, (driver) => ({
      ...driver,
      description: { ...driver.description, whenBusy },
    })),
  ),
  ...(["concurrent", "queued"] as const).map(
    (overlap): Mutant => ({
      law: "T1",
      behavior: `claims that the vendor refuses a trigger that it accepts (overlap=${overlap})`,
      harness: {
        ...harness,
        emulator: ({ switches, ...options }) =>
          RudderStackEmulator.make({ ...options, switches: { overlap, ...switches } }),
      },
    }),
  ),
  runsMutant("T3", "reports that no sync has a schedule", () => ({
    ownSchedule: () => Effect.succeed("manual" as const),
  })),
  runsMutant("T6", "always starts a full run", ({ runs: { start } }) => ({
    start: (sync) => start(sync, { scope: "full" }),
  })),
  runsMutant("T7", "stops the sync's run before it triggers", ({ runs: { start }, cancellation }) => ({
    start: (sync, options) => Effect.andThen(Effect.ignore(cancellation.cancel(sync)), start(sync, options)),
  })),
  runsMutant("R3", "takes an unlisted word for a success", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.map(get(sync, run), (snapshot) => ({
        ...snapshot,
        status: snapshot.status === "unknown" ? "succeeded" : snapshot.status,
      })),
  })),
  runsMutant("R4", "fills absent counts with zero", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.map(get(sync, run), (snapshot) => ({
        ...snapshot,
        rows: { succeeded: 0, failed: 0, ...snapshot.rows },
      })),
  })),
  runsMutant("R5", "gives a running run an end", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.map(get(sync, run), (snapshot) =>
        snapshot.startedAt && !isTerminal(snapshot.status) ? { ...snapshot, finishedAt: snapshot.startedAt } : snapshot,
      ),
  })),
  runsMutant("W3", "takes a refused token for an outage", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.mapError(get(sync, run), (error) =>
        error.reason._tag === "Unauthenticated" ? error.with({ reason: new Reason.Unavailable() }) : error,
      ),
  })),
  runsMutant("R1", "reads another run than the requested one", ({ runs: { get } }) => ({
    get: (sync, run) => Effect.map(get(sync, run), (snapshot) => ({ ...snapshot, run: `${run}-2` })),
  })),
  runsMutant("R1", "never answers a read", () => ({ get: () => Effect.never })),
  runsMutant("L1", "reads the first page only", ({ runs: { list } }) => ({
    list: (sync, query) => Effect.map(list(sync, query), ({ runs }) => ({ runs })),
  })),
  runsMutant("L1", "counts pages from two", ({ runs: { list } }) => ({
    list: (sync, query) => list(sync, { ...query, cursor: query.cursor ?? "2" }),
  })),
  runsMutant("L3", "applies a filter too strictly", ({ runs: { list } }) => ({
    list: (sync, query) =>
      Effect.map(list(sync, query), (page) => ({
        ...page,
        runs: page.runs.filter(({ status }) => query.statuses?.includes(status) ?? true),
      })),
  })),
  {
    law: "L4",
    behavior: "follows the link to the next page",
    harness: {
      ...harness,
      workspace: (_, options) =>
        Effect.flatMap(Transport.Transport, (transport) =>
          openWorkspace(options, (driver, http) => ({
            ...driver,
            runs: { ...driver.runs, list: followingNext(http, transport) },
          })),
        ),
    },
  },
  runsMutant("H1", "takes slashes in an id for steps in the path", (_, http) => ({
    get: (sync, run) => {
      const path = runPath(sync, ...run.split("/")).filter((part) => part !== "")
      return Effect.as(http.call({ operation: "get", method: "GET", path, answer: AnyRuns }), runningSnapshot(run))
    },
  })),
  runsMutant("H5", "trusts the shape of an answer", (_, http) => ({
    get: (sync, run) => {
      const read = http.call({ operation: "get", method: "GET", path: runPath(sync, run), answer: Schema.Unknown })
      return Effect.map(read, (answer) => {
        const { status } = answer as { readonly status: string }
        return runningSnapshot(run, status.toString())
      })
    },
  })),
  driverMutant("C1", "sends a cancel twice", (driver) => ({
    ...driver,
    cancellation: {
      ...driver.cancellation,
      cancel: (sync) => Effect.andThen(driver.cancellation.cancel(sync), driver.cancellation.cancel(sync)),
    },
  })),
  driverMutant("C2", "claims that a cancel stops one run when it stops every run of the sync", (driver) => ({
    ...driver,
    cancellation: { ...driver.cancellation, stops: "run" },
  })),
  runsMutant("B2", "sends a read again at once after a 429", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.retry(get(sync, run), { times: 3, while: ({ reason }) => reason._tag === "RateLimited" }),
  })),
  driverMutant("B5", "does not hand on the account of its client", ({ account: _, ...driver }) => driver),
  {
    law: "B1",
    behavior: "does not know the vendor's rate limit",
    harness: {
      ...harness,
      emulator: (options) =>
        RudderStackEmulator.make({
          ...options,
          limits: [{ name: "all", operations: "all", requests: 60, window: "1 minute" }],
        }),
    },
  },
  {
    law: "H2",
    behavior: "shows the token in its errors",
    harness: {
      ...harness,
      workspace: (_, options) =>
        openWorkspace(options, (driver) => ({
          ...driver,
          runs: {
            ...driver.runs,
            get: (sync, run) =>
              Effect.mapError(
                driver.runs.get(sync, run),
                (error) => new RetlError({ ...error, evidence: { text: tokenOf(options) } }),
              ),
          },
        })),
    },
  },
  {
    law: "H2",
    behavior: "does not say how to cut the token out of a run",
    harness: {
      ...harness,
      workspace: (_, options) => openWorkspace(options, ({ redact: _, ...driver }) => driver),
    },
  },
  {
    law: "F4",
    behavior: "does not check its configuration",
    harness: {
      ...harness,
      workspace: (_, options) =>
        Effect.flatMap(
          VendorClient.make({
            workspace: options.name,
            vendor: "acme",
            baseUrl: options.baseUrl ?? "",
            token: options.token,
            classify: () => ({ reason: new Reason.Unavailable(), isVendorsForm: true }),
          }),
          (http) => Workspace.make(withScope(options), Acme.driver(http)),
        ),
    },
  },
  transportMutant("H3", "follows redirects", ({ send }) => ({
    send: (request) =>
      Effect.flatMap(send(request), (answer) => {
        const { location } = answer.headers
        return location === undefined
          ? Effect.succeed(answer)
          : send({ ...request, url: new URL(location, request.url).href })
      }),
  })),
  transportMutant("H4", "reads bodies of any size", ({ send }) => ({
    send: (request) => send({ ...request, maxBytes: Number.MAX_SAFE_INTEGER }),
  })),
  serviceMutant("T4", "triggers again after an indeterminate trigger", ({ trigger }) => ({
    trigger: (sync, options) => Effect.retry(trigger(sync, options), { times: 1 }),
  })),
  serviceMutant("T5", "ignores whenRunning", ({ trigger }) => ({
    trigger: (sync) => trigger(sync, { whenRunning: "wait" }),
  })),
  serviceMutant("T8", "forgets entries", () => ({ pending: Effect.succeed([]) })),
  serviceMutant("T10", "ignores keys", ({ trigger, run }) => ({
    trigger: (sync, { key: _, ...options }) => trigger(sync, options),
    run: (sync, { key: _, ...options }) => run(sync, options),
  })),
  serviceMutant("T11", "triggers a run for each who wants fresh data", ({ run }) => ({
    ensure: (sync, { policy }) => run(sync, { whenRunning: "wait", ...(policy && { policy }) }),
  })),
  serviceMutant("T12", "names no run when a wait fails", ({ run }) => ({
    run: (sync, options) =>
      Effect.catchTag(run(sync, options), ["RetlError", "WaitDeadlineExceeded"], ({ _tag }) => Effect.die(_tag)),
  })),
  serviceMutant("T13", "settles nothing", () => ({ settle: () => Effect.void })),
  serviceMutant("W1", "waits past the deadline", ({ wait }) => ({
    wait: (ref, options) => wait(ref, { ...options, deadline: "10000 days" }),
  })),
  serviceMutant("W2", "cancels the run when its wait is interrupted", ({ wait }, stop) => ({
    wait: (ref, options) => Effect.onInterrupt(wait(ref, options), () => stop(ref)),
  })),
  serviceMutant("W4", "polls for each waiter separately", ({ wait, get }) => ({
    wait: (ref, options) =>
      Effect.flatMap(Effect.andThen(get(ref), wait(ref, options)), (finished) => Effect.as(get(ref), finished)),
  })),
  serviceMutant("W6", "ignores the caller's policy", ({ run, wait }) => ({
    run: (sync, { policy: _, ...options }) => run(sync, options),
    wait: (ref, options) => Effect.map(wait(ref, options), ({ run }) => ({ run, ...judge(run) })),
  })),
  serviceMutant("N1", "takes every accepted run for fresh", ({ freshness }) => ({
    freshness: (sync, options) =>
      Effect.map(freshness(sync, options), (result) =>
        result._tag === "Stale" ? { ...result, _tag: "Fresh" } : result,
      ),
  })),
  serviceMutant("F2", "accepts a ref of any workspace", ({ get, list }) => ({
    get: (ref) => get(new RunRef({ sync: asTestbedRef(ref.sync), run: ref.run })),
    list: (sync, options) => list(asTestbedRef(sync), options),
  })),
  serviceMutant("L1", "reads all pages before it emits the first run", ({ list }) => ({
    list: (sync, options) => Stream.fromIterableEffect(Stream.runCollect(list(sync, options))),
  })),
]

const tokenOf = ({ token }: WorkspaceOptions): string =>
  Redacted.isRedacted(token) ? String(Redacted.value(token)) : ""

/** Lists runs with the vendor's `next` link as the cursor. */
const followingNext =
  (http: VendorClient.VendorClient, transport: Transport.Service): RunsPart<Acme.Ids, Acme.Execution>["list"] =>
  (sync, { cursor }) => {
    const { origin, pathname } = new URL(cursor ?? "https://api.rudderstack.com")
    const page = {
      operation: "list",
      method: "GET",
      path: cursor === undefined ? runPath(sync) : pathname.slice(1).split("/"),
      query: { per_page: 5 },
      answer: Schema.Struct({ paging: Schema.Struct({ next: Schema.optionalKey(Schema.String) }) }),
    } as const
    const settings = { workspace: "testbed", vendor: "acme", baseUrl: origin, token: Redacted.make("leaked") }
    const client =
      cursor === undefined
        ? Effect.succeed(http)
        : VendorClient.make({
            ...settings,
            classify: () => ({ reason: new Reason.Unavailable(), isVendorsForm: true }),
          })
    return Effect.provideService(client, Transport.Transport, transport).pipe(
      Effect.flatMap(({ call }) => call(page)),
      Effect.map(({ paging: { next = "" } }) => ({ runs: [], ...(URL.canParse(next) && { next }) })),
    )
  }
