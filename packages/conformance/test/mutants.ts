/** Ways in which an adapter, or a workspace, can be broken, each with the law that it breaks. */
import type { WorkspaceOptions } from "@openretl/conformance/Harness"
import { Cancellation } from "@openretl/core/Cancellation"
import type { Driver } from "@openretl/core/driver/Driver"
import * as Reader from "@openretl/core/driver/Reader"
import * as VendorClient from "@openretl/core/driver/VendorClient"
import { judge } from "@openretl/core/Outcome"
import * as Reason from "@openretl/core/Reason"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import { isTerminal } from "@openretl/core/Run"
import { Runs, type Service } from "@openretl/core/Runs"
import { cron, every } from "@openretl/core/Schedule"
import * as Transport from "@openretl/core/Transport"
import * as CoreWorkspace from "@openretl/core/Workspace"
import { RudderStackEmulator } from "@openretl/emulator"
import { Context, Effect, Redacted, Stream } from "effect"
import * as Acme from "./acme.ts"
import { definition } from "./acmeConfiguration.ts"

export const harness = {
  name: "Acme",
  emulator: RudderStackEmulator.make,
  workspace: (_: unknown, options: WorkspaceOptions) => Acme.workspace(options),
  sync: (workspace: string, { connection = "" }: Readonly<Record<string, string>>) =>
    Acme.syncRef(workspace, { connection }),
  administration: {
    workspace: (_: unknown, options: WorkspaceOptions) => Acme.adminWorkspace(options),
    definition,
    schedules: [every("1 hour"), cron("0 6 * * 1")],
  },
}

export interface Mutant {
  readonly law: string
  readonly behavior: string
  readonly harness: typeof harness
}

type Change = NonNullable<Parameters<typeof Acme.workspace>[1]>

const driver = (law: string, what: string, change: Change): Mutant => ({
  law,
  behavior: what,
  harness: { ...harness, workspace: (_, options) => Acme.workspace(options, change) },
})

const runs = (law: string, what: string, change: (...made: Parameters<Change>) => Partial<Driver["runs"]>): Mutant =>
  driver(law, what, (made, http) => ({ ...made, runs: { ...made.runs, ...change(made, http) } }))

/** As if core were broken. */
const service = (
  law: string,
  what: string,
  change: (runs: Service, stop: (run: RunRef) => Effect.Effect<unknown>) => Partial<Service>,
): Mutant => ({
  law,
  behavior: what,
  harness: {
    ...harness,
    workspace: (_, options) =>
      Effect.map(Acme.workspace(options), (workspace) => {
        const own = Context.get(workspace.services, Runs)
        const { cancel } = Context.get(workspace.services, Cancellation)
        const changed = { ...own, ...change(own, (run) => Effect.ignore(cancel(run))) }
        return { ...workspace, services: Context.add(workspace.services, Runs, changed) }
      }),
  },
})

const transport = (law: string, what: string, change: (own: Transport.Service) => Transport.Service): Mutant => ({
  law,
  behavior: what,
  harness: {
    ...harness,
    workspace: (_, options) =>
      Effect.flatMap(Transport.Transport, (own) =>
        Effect.provideService(Acme.workspace(options), Transport.Transport, change(own)),
      ),
  },
})

const anyRuns = Reader.struct({ syncs: Reader.unknown })

const foreign = ({ vendor, ids }: SyncRef) =>
  new SyncRef({ workspace: "testbed", vendor: vendor === "acme" ? vendor : "acme", ids })

export const mutants: ReadonlyArray<Mutant> = [
  runs("T4", "sends a trigger again when its answer is lost", ({ runs: { start } }) => ({
    start: (sync, options) => Effect.retry(start(sync, options), { times: 1 }),
  })),
  runs("T3", "says that no sync has a schedule", () => ({ ownSchedule: () => Effect.succeed("manual" as const) })),
  runs("T6", "always starts a full run", ({ runs: { start } }) => ({
    start: (sync) => start(sync, { scope: "full" }),
  })),
  runs("T7", "stops what runs before it triggers", ({ runs: { start }, cancellation }) => ({
    start: (sync, options) => Effect.andThen(Effect.ignore(cancellation.cancel(sync, "")), start(sync, options)),
  })),
  runs("R3", "takes a word that it does not know for a success", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.map(get(sync, run), (told) => ({
        ...told,
        status: told.status === "unknown" ? "succeeded" : told.status,
      })),
  })),
  runs("R4", "fills absent counts with zero", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.map(get(sync, run), (told) => ({ ...told, rows: { succeeded: 0, failed: 0, ...told.rows } })),
  })),
  runs("R5", "shows an end of a run that goes on", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.map(get(sync, run), (told) =>
        told.startedAt && !isTerminal(told.status) ? { ...told, finishedAt: told.startedAt } : told,
      ),
  })),
  runs("W3", "takes a refused token for an outage", ({ runs: { get } }) => ({
    get: (sync, run) =>
      Effect.mapError(get(sync, run), (error) =>
        error.reason._tag === "Unauthenticated" ? error.with({ reason: new Reason.Unavailable() }) : error,
      ),
  })),
  runs("R1", "never answers a read", () => ({ get: () => Effect.never })),
  runs("L1", "reads the first page only", ({ runs: { list } }) => ({
    list: (sync, query) => Effect.map(list(sync, query), ({ runs }) => ({ runs })),
  })),
  runs("L1", "counts pages from two", ({ runs: { list } }) => ({
    list: (sync, query) => list(sync, { ...query, cursor: query.cursor ?? "2" }),
  })),
  runs("L3", "filters for fewer runs than were asked for", ({ runs: { list } }) => ({
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
        Effect.flatMap(Transport.Transport, (own) =>
          Acme.workspace(options, (made, http) => ({ ...made, runs: { ...made.runs, list: following(http, own) } })),
        ),
    },
  },
  runs("H1", "takes slashes in an id for steps in the path", (_, http) => ({
    get: (sync, run) =>
      Effect.map(
        http.call({
          operation: "get",
          method: "GET",
          path: ["v2", "retl-connections", sync["connection"] ?? "", "syncs", ...run.split("/")].filter(
            (part) => part !== "",
          ),
          answer: anyRuns,
        }),
        () => ({ run, status: "running" as const, vendorStatus: "running", rows: {}, native: undefined }),
      ),
  })),
  runs("H5", "trusts the shape of an answer", (_, http) => ({
    get: (sync, run) =>
      Effect.map(
        http.call({
          operation: "get",
          method: "GET",
          path: ["v2", "retl-connections", sync["connection"] ?? "", "syncs", run],
          answer: Reader.unknown,
        }),
        (answer) => {
          const { status } = answer as { readonly status: string }
          return { run, status: "running" as const, vendorStatus: status.toString(), rows: {}, native: answer }
        },
      ),
  })),
  driver("C1", "asks twice for a run to be stopped", (made) => ({
    ...made,
    cancellation: {
      ...made.cancellation,
      cancel: (sync, run) => Effect.andThen(made.cancellation.cancel(sync, run), made.cancellation.cancel(sync, run)),
    },
  })),
  driver("C2", "says that it stops one run and stops them all", (made) => ({
    ...made,
    cancellation: { ...made.cancellation, stops: "run" },
  })),
  driver("B2", "sends again at once after a 429", (made) => ({
    ...made,
    runs: {
      ...made.runs,
      get: (sync, run) =>
        Effect.retry(made.runs.get(sync, run), { times: 3, while: ({ reason }) => reason._tag === "RateLimited" }),
    },
  })),
  {
    law: "B1",
    behavior: "does not know the vendor's limit",
    harness: {
      ...harness,
      emulator: (options = {}) =>
        RudderStackEmulator.make({
          ...options,
          limits: [{ name: "all", operations: "all", max: 60, window: "1 minute", level: "token" }],
        }),
    },
  },
  {
    law: "H2",
    behavior: "tells the token in its errors",
    harness: {
      ...harness,
      workspace: (_, options) =>
        Acme.workspace(options, (made, http) => ({
          ...made,
          runs: {
            ...made.runs,
            get: (sync, run) =>
              Effect.catch(made.runs.get(sync, run), ({ operation, reason, delivery }) =>
                Effect.fail(http.error(operation, reason, delivery, { text: tokenOf(options) })),
              ),
          },
        })),
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
            classify: () => ({ reason: new Reason.Unavailable() }),
          }),
          (http) => CoreWorkspace.make({ defaultScope: "incremental", ...options }, Acme.driver(http)),
        ),
    },
  },
  transport("H3", "follows redirects", (own) => ({
    send: (request) =>
      Effect.flatMap(own.send(request), (answer) => {
        const { location } = answer.headers
        return location === undefined
          ? Effect.succeed(answer)
          : own.send({ ...request, url: new URL(location, request.url).href })
      }),
  })),
  transport("H4", "reads bodies without a bound", (own) => ({
    send: (request) => own.send({ ...request, maxBytes: Number.MAX_SAFE_INTEGER }),
  })),
  service("T4", "triggers again when it is not known whether a run has started", ({ trigger }) => ({
    trigger: (sync, options) => Effect.retry(trigger(sync, options), { times: 1 }),
  })),
  service("T5", "triggers whatever is under way", ({ trigger }) => ({
    trigger: (sync) => trigger(sync, { whenRunning: "wait" }),
  })),
  service("T8", "forgets intents", () => ({ intents: Effect.succeed([]) })),
  service("W1", "waits for ever", ({ wait }) => ({
    wait: (ref, options) => wait(ref, { ...options, deadline: "10000 days" }),
  })),
  service("W2", "stops the run when its waiter leaves", ({ wait }, stop) => ({
    wait: (ref, options) => Effect.onInterrupt(wait(ref, options), () => stop(ref)),
  })),
  service("W4", "polls for each waiter by itself", ({ wait, get }) => ({
    wait: (ref, options) =>
      Effect.flatMap(Effect.andThen(get(ref), wait(ref, options)), (finished) => Effect.as(get(ref), finished)),
  })),
  service("W6", "has a policy of its own", ({ run, wait }) => ({
    run: (sync, { policy: _, ...options }) => run(sync, options),
    wait: (ref, options) => Effect.map(wait(ref, options), ({ run: seen }) => ({ run: seen, ...judge(seen) })),
  })),
  service("F2", "takes a ref of any workspace for its own", ({ get, list }) => ({
    get: (ref) => get(new RunRef({ sync: foreign(ref.sync), run: ref.run })),
    list: (sync, options) => list(foreign(sync), options),
  })),
  service("L1", "reads all pages before the first run is shown", ({ list }) => ({
    list: (sync, options) => Stream.fromIterableEffect(Stream.runCollect(list(sync, options))),
  })),
]

const tokenOf = ({ token }: WorkspaceOptions): string =>
  Redacted.isRedacted(token) ? String(Redacted.value(token)) : ""

/** A page whose cursor is the vendor's own link. */
const following =
  (http: VendorClient.VendorClient, own: Transport.Service): Driver["runs"]["list"] =>
  (sync, { cursor }) => {
    const { origin, pathname } = new URL(cursor ?? "https://api.rudderstack.com")
    const page = {
      operation: "list",
      method: "GET",
      path:
        cursor === undefined
          ? ["v2", "retl-connections", sync["connection"] ?? "", "syncs"]
          : pathname.slice(1).split("/"),
      query: { per_page: 5 },
      answer: Reader.struct({ paging: Reader.struct({ next: Reader.optional(Reader.string) }) }),
    } as const
    const settings = { workspace: "testbed", vendor: "acme", baseUrl: origin, token: Redacted.make("leaked") }
    const client =
      cursor === undefined
        ? Effect.succeed(http)
        : VendorClient.make({ ...settings, classify: () => ({ reason: new Reason.Unavailable() }) })
    return Effect.provideService(client, Transport.Transport, own).pipe(
      Effect.flatMap(({ call }) => call(page)),
      Effect.map(({ paging: { next = "" } }) => ({ runs: [], ...(URL.canParse(next) && { next }) })),
    )
  }
