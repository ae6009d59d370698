/**
 * An adapter of Harbor, an invented vendor that starts, reads, lists and cancels runs: everything that an adapter of runs
 * needs, in one file. `harborEmulator.ts` emulates the vendor, and `harbor.test.ts` runs the suite.
 */
import * as Adapter from "@openretl/core/driver/Adapter"
import type { Description } from "@openretl/core/driver/Description"
import type { Driver, Snapshot } from "@openretl/core/driver/Driver"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import { VendorId } from "@openretl/core/Ref"
import { isTerminal, type Rows, type Status } from "@openretl/core/Run"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** The options of a workspace: those that all vendors have. Add those that yours needs. */
export const Options = Schema.Struct({ ...CoreOptions.fields, ...CoreOptions.connectionFields })
export interface Options extends Schema.Schema.Type<typeof Options> {}

/** The ids that name a sync. */
export const Ids = Schema.Struct({ sync: VendorId })
export interface Ids extends Schema.Schema.Type<typeof Ids> {}

/** A run in Harbor's answers. Only the id and the status must be there: answers are read leniently. */
export const Run = Schema.Struct({
  id: VendorId,
  status: Schema.String,
  created_at: Wire.text,
  started_at: Wire.text,
  ended_at: Wire.text,
  rows: Wire.object({ delivered: Wire.count, rejected: Wire.count, selected: Wire.count }),
  error: Wire.object({ text: Wire.text, code: Wire.text }),
})
export interface Run extends Schema.Schema.Type<typeof Run> {}

const RunPage = Schema.Struct({ runs: Wire.entries(Run), total: Wire.count })
const Account = Schema.Struct({ name: Wire.text })

/** What Harbor's words for the status of a run mean. A word that is not here is `unknown`: never an error or a success. */
const statusWords = new Map<string, Status>([
  ["waiting", "queued"],
  ["working", "running"],
  ["stopping", "cancelling"],
  ["done", "succeeded"],
  ["failed", "failed"],
  ["stopped", "cancelled"],
  ["skipped", "skipped"],
])

/** Before the end, 0 may stand for "not counted yet", and the rows to deliver are not known. */
const toRows = (rows: Run["rows"], hasEnded: boolean): Rows => {
  const isCounted = (count: number | undefined): count is number => count !== undefined && (hasEnded || count > 0)
  return {
    ...(isCounted(rows?.delivered) && { succeeded: rows.delivered }),
    ...(isCounted(rows?.rejected) && { failed: rows.rejected }),
    // `addsUp`: whether the documents say that the counts are parts of the total.
    ...(hasEnded && rows?.selected !== undefined && { total: rows.selected, addsUp: "yes" }),
  }
}

/** Translates a run. It leaves out what the vendor does not say. */
const toSnapshot = (run: Run): Snapshot<Run> => {
  const status = statusWords.get(run.status) ?? "unknown"
  const hasEnded = isTerminal(status)
  const queuedAt = Wire.time(run.created_at)
  const startedAt = Wire.time(run.started_at)
  const finishedAt = hasEnded ? Wire.endTime(run.ended_at, startedAt ?? queuedAt) : undefined
  const errorText = hasEnded ? Wire.errorText(run.error?.text) : undefined
  const errorCode = hasEnded ? run.error?.code : undefined
  return {
    run: run.id,
    status,
    vendorStatus: run.status,
    rows: toRows(run.rows, hasEnded),
    native: run,
    ...(queuedAt && { queuedAt }),
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
    ...(errorText !== undefined && { errorText }),
    ...(errorCode !== undefined && { errorCode }),
  }
}

const decodeRefusal = Wire.orUndefined(Schema.Struct({ error: Wire.object({ message: Wire.text }) }))

/** Returns what an answer means that is not a success. The only function that reads a vendor's error bodies. */
const classify = (answer: VendorClient.Answer): VendorClient.Classified | undefined => {
  if (answer.status < 300) return undefined
  const message = decodeRefusal(answer.json)?.error?.message
  const text = message ?? Wire.plainLine(answer.text)
  // A refusal in the vendor's own form proves that nothing was started; a gateway's page does not.
  return { reason: reasonOf(answer, text), isVendorsForm: message !== undefined, text }
}

const reasonOf = ({ operation, status, headers }: VendorClient.Answer, text: string): Reason.Reason => {
  const retryAfter = Wire.retryAfter(headers)
  if (status === 401) return new Reason.Unauthenticated()
  if (status === 403) return new Reason.PermissionDenied()
  if (status === 404) return new Reason.NotFound({ what: "unknown" })
  if (status === 409) return operation === "start" ? new Reason.AlreadyRunning({}) : new Reason.Conflict()
  if (status === 429) return new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter })
  if (status >= 500 || status === 408) return new Reason.Unavailable()
  const [, state] = /the sync is (paused|draft|error)/.exec(text) ?? []
  return state === "paused" || state === "draft" || state === "error"
    ? new Reason.NotTriggerable({ state })
    : new Reason.InvalidRequest({ issues: [{ path: [], message: text || `HTTP ${status}` }] })
}

/** Statements about Harbor, from its documents. */
const description: Description = {
  limits: [{ name: "account", operations: "all", requests: 120, window: "1 minute" }],
  whenBusy: "refuses",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}

/** A cursor is an offset. Core passes back what `list` returned; the bounds are for refs that somebody made up. */
const offsetOf = (cursor = "0") => (/^\d{1,7}$/.test(cursor) ? Number(cursor) : 0)

/** Makes the driver over a client. Each function sends one request. */
export const driver = (http: VendorClient.VendorClient) =>
  ({
    // The edition of the interface that this driver is written for.
    spec: "openretl/2",
    vendor: "harbor",
    baseUrl: http.baseUrl,
    account: http.account,
    redact: http.redact,
    ids: Ids,
    description,
    runs: {
      start: ({ sync }) => {
        const path = ["v1", "syncs", { sync }, "runs"]
        return Effect.map(http.call({ operation: "start", method: "POST", path, answer: Run }), ({ id }) => id)
      },
      get: ({ sync }, run) => {
        const path = ["v1", "syncs", { sync }, "runs", { run }]
        return Effect.map(http.call({ operation: "get", method: "GET", path, answer: Run }), toSnapshot)
      },
      list: ({ sync }, { cursor, size = 50 }) => {
        const path = ["v1", "syncs", { sync }, "runs"]
        const query = { offset: offsetOf(cursor), limit: Math.min(50, size) }
        const read = http.callDated({ operation: "list", method: "GET", path, query, answer: RunPage })
        return Effect.map(read, ({ value: { runs, total }, date }) => {
          const next = query.offset + query.limit
          return {
            runs: runs.map(toSnapshot),
            ...(total !== undefined && { total, ...(next < total && { next: String(next) }) }),
            ...(date && { asOf: date }),
          }
        })
      },
    },
    cancellation: {
      stops: "run",
      cancel: ({ sync }, run) => {
        const path = ["v1", "syncs", { sync }, "runs", { run }, "cancel"]
        const request = Effect.as(http.call({ operation: "cancel", method: "POST", path }), "requested" as const)
        // Harbor answers 409 where the run is over. A 409 of a gateway proves nothing: `refused` is the vendor's own form.
        return Effect.catchIf(
          request,
          ({ reason, delivery }) => reason._tag === "Conflict" && delivery === "refused",
          () => Effect.succeed("finished" as const),
        )
      },
    },
    check: (sync?: Ids) => {
      const path = sync === undefined ? ["v1", "account"] : ["v1", "syncs", { sync: sync.sync }, "runs"]
      const read = http.call({ operation: "check", method: "GET", path, answer: Account })
      return Effect.as(read, { shown: sync === undefined ? "The token is good." : "The token reads the sync's runs." })
    },
  }) satisfies Driver<Ids, Run>

/** The adapter: how a program makes a client, a workspace or a layer, and the ref of a sync. */
export const { client, workspace, layer, layerConfig, syncRef, nativeOf } = Adapter.make({
  vendor: "harbor",
  options: Options,
  ids: Ids,
  native: Run,
  connect: (options: Options) =>
    VendorClient.make({
      ...CoreOptions.clientSettings(options),
      vendor: "harbor",
      baseUrl: options.baseUrl ?? "https://api.harbor.example",
      classify,
    }),
  driver,
})
