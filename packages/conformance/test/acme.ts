/**
 * A small adapter for Acme, an invented vendor whose API is the one that `RudderStackEmulator` emulates. It passes the
 * suite, and `mutants.ts` changes it. `acmeConfiguration.ts` adds what configures syncs.
 */
import * as Adapter from "@openretl/core/driver/Adapter"
import type { Driver, Snapshot } from "@openretl/core/driver/Driver"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import { VendorId } from "@openretl/core/Ref"
import { isTerminal, type Rows, type Status } from "@openretl/core/Run"
import { Effect, Schema } from "effect"

/** The options of a workspace. */
export const Options = Schema.Struct({
  ...CoreOptions.fields,
  ...CoreOptions.connectionFields,
  /** What a run covers if its trigger names no scope. */
  defaultScope: CoreOptions.ScopeOf(["incremental", "full"]),
})
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** The ids that name a sync. */
export const Ids = Schema.Struct({ connection: VendorId })
export interface Ids extends Schema.Schema.Type<typeof Ids> {}

const Total = Wire.object({ total: Wire.count })

/** A run in Acme's answers. */
export const Execution = Schema.Struct({
  id: VendorId,
  status: Schema.String,
  startedAt: Wire.text,
  finishedAt: Wire.text,
  error: Wire.text,
  metrics: Wire.object({ succeeded: Total, failed: Total, changed: Total }),
})
export interface Execution extends Schema.Schema.Type<typeof Execution> {}

const ExecutionPage = Schema.Struct({
  syncs: Wire.entries(Execution),
  paging: Wire.object({ next: Wire.text, total: Wire.count }),
})
const Started = Schema.Struct({ syncId: VendorId })
const Connection = Schema.Struct({ schedule: Wire.object({ type: Wire.text }) })
const AnyObject = Schema.Record(Schema.String, Schema.Unknown)

/** What Acme's words for the status of a run mean. */
const statusWords = new Map<string, Status>([
  ["running", "running"],
  ["succeeded", "succeeded"],
  ["failed", "failed"],
])

/** Before the end, 0 may stand for "not counted yet", and the rows to deliver are not known. */
const toRows = (metrics: Execution["metrics"], hasEnded: boolean): Rows => {
  const [succeeded, failed, total] = [metrics?.succeeded?.total, metrics?.failed?.total, metrics?.changed?.total]
  const isCounted = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  return {
    ...(isCounted(succeeded) && { succeeded }),
    ...(isCounted(failed) && { failed }),
    ...(hasEnded && total !== undefined && { total, addsUp: "unknown" }),
  }
}

const toSnapshot = (execution: Execution): Snapshot<Execution> => {
  const status = statusWords.get(execution.status) ?? "unknown"
  const startedAt = Wire.time(execution.startedAt)
  const finishedAt = isTerminal(status) ? Wire.endTime(execution.finishedAt, startedAt) : undefined
  const errorText = isTerminal(status) ? Wire.errorText(execution.error) : undefined
  return {
    run: execution.id,
    status,
    vendorStatus: execution.status,
    rows: toRows(execution.metrics, isTerminal(status)),
    native: execution,
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
    ...(errorText !== undefined && { errorText }),
  }
}

const decodeRefusal = Wire.orUndefined(Schema.Struct({ error: Wire.text }))

const classify = (answer: VendorClient.Answer): VendorClient.Classified | undefined => {
  if (answer.status < 300) return undefined
  const refusal = decodeRefusal(answer.json)
  const text = refusal?.error ?? Wire.plainLine(answer.text)
  return { reason: reasonOf(answer, text), isVendorsForm: refusal !== undefined, text }
}

const reasonOf = ({ operation, status, headers }: VendorClient.Answer, text: string): Reason.Reason => {
  const retryAfter = Wire.retryAfter(headers)
  switch (status) {
    case 401:
      return new Reason.Unauthenticated()
    case 403:
      return new Reason.PermissionDenied()
    case 404:
      return new Reason.NotFound({ what: "unknown" })
    case 409:
      return operation === "start" ? new Reason.AlreadyRunning({}) : new Reason.Conflict()
    case 429:
      return new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter })
  }
  if (status >= 500 || status === 408) return new Reason.Unavailable()
  return /disabled/.test(text)
    ? new Reason.NotTriggerable({ state: "disabled" })
    : new Reason.InvalidRequest({ issues: [{ path: [], message: text || `HTTP ${status}` }] })
}

/** The path of Acme's connections. */
export const root = ["v2", "retl-connections"]

const pageOf = (cursor = "1") => (/^[1-9]\d{0,5}$/.test(cursor) ? Number(cursor) : 1)

/** Makes the driver over a client. */
export const driver = (http: VendorClient.VendorClient) =>
  ({
    spec: "openretl/2",
    vendor: "acme",
    baseUrl: http.baseUrl,
    account: http.account,
    redact: http.redact,
    ids: Ids,
    description: {
      limits: [],
      whenBusy: "refuses",
      runAppearsWithin: "2 minutes",
      readLag: "1 minute",
      unknownRun: "server-error",
    },
    scopes: ["incremental", "full"],
    runs: {
      start: ({ connection }, { scope }) => {
        const path = [...root, { connection }, "start"]
        const start = { operation: "start", method: "POST", path, body: { syncType: scope }, answer: Started } as const
        return Effect.map(http.call(start), ({ syncId }) => syncId)
      },
      get: ({ connection }, run) => {
        const path = [...root, { connection }, "syncs", { run }]
        return Effect.map(http.call({ operation: "get", method: "GET", path, answer: Execution }), toSnapshot)
      },
      list: ({ connection }, { cursor, size = 100 }) => {
        const path = [...root, { connection }, "syncs"]
        const query = { page: pageOf(cursor), per_page: Math.min(100, size) }
        const list = { operation: "list", method: "GET", path, query, answer: ExecutionPage } as const
        return Effect.map(http.callDated(list), ({ value: { syncs, paging }, date }) => ({
          runs: syncs.map(toSnapshot),
          ...((paging?.next ?? "") !== "" && { next: String(query.page + 1) }),
          ...(paging?.total !== undefined && { total: paging.total }),
          ...(date && { asOf: date }),
        }))
      },
      ownSchedule: ({ connection }) => {
        const path = [...root, { connection }]
        const read = http.call({ operation: "schedule", method: "GET", path, answer: Connection })
        return Effect.map(read, ({ schedule }) => (schedule?.type === "manual" ? "manual" : "unknown"))
      },
    },
    cancellation: {
      stops: "sync",
      cancel: ({ connection }) => {
        const path = [...root, { connection }, "stop"]
        return Effect.as(http.call({ operation: "cancel", method: "POST", path }), "requested")
      },
    },
    check: (sync?: Ids) => {
      const path = sync === undefined ? root : [...root, { connection: sync.connection }, "syncs"]
      const call = http.call({ operation: "check", method: "GET", path, answer: AnyObject })
      const read = Effect.as(call, { shown: "The token reads runs." })
      return Effect.catchIf(
        read,
        // Without a sync, the check reads the list of connections, which may be closed to this token.
        ({ reason }) => sync === undefined && (reason._tag === "PermissionDenied" || reason._tag === "NotFound"),
        () => Effect.succeed({ shown: "The token is good." }),
      )
    },
  }) satisfies Driver<Ids, Execution>

/** The driver, with exactly the parts that Acme has. */
export type AcmeDriver = ReturnType<typeof driver>

/** What the adapter is made of, besides its driver. `acmeConfiguration.ts` has another driver. */
export const parts = {
  vendor: "acme",
  options: Options,
  ids: Ids,
  connect: (options: Options) =>
    VendorClient.make({
      ...CoreOptions.clientSettings(options),
      vendor: "acme",
      baseUrl: options.baseUrl ?? "https://api.rudderstack.com",
      classify,
    }),
}

/** The adapter: how a program makes a client or a workspace, and the ref of a sync. */
export const { client, workspace, syncRef } = Adapter.make({ ...parts, native: Execution, driver })
