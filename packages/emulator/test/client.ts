/** A plain client for the tests: it sends one request and reads the body of the answer. */

import type { Method } from "@openretl/core/Transport"
import {
  FivetranActivationsEmulator,
  HightouchEmulator,
  PolytomicEmulator,
  RudderStackEmulator,
  SegmentEmulator,
  ZeotapEmulator,
} from "@openretl/emulator"
import type { Emulator, Ids, Options } from "@openretl/emulator/Emulator"
import { Effect, Redacted } from "effect"

/** An answer with its body as text and, where it is JSON, decoded. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies without checking types
  readonly json: any
}

/** What a request has besides its method and path. `raw` is a body that is sent as it is. */
export interface RequestFields {
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly maxBytes?: number
  readonly token?: string
}

/** The headers of a request that the vendor accepts, and those of `fields`. */
export const headersOf = (emulator: Emulator, fields: RequestFields = {}) => ({
  authorization: Redacted.make(`Bearer ${fields.token ?? emulator.token}`),
  ...(emulator.vendor === "zeotap" && { "x-workspace-id": emulator.workspace.id }),
  ...(emulator.vendor === "polytomic" && { "x-polytomic-version": "2025-09-18" }),
  ...((fields.body !== undefined || fields.raw !== undefined) && { "content-type": "application/json" }),
  ...fields.headers,
})

export const sendTo = (emulator: Emulator, method: Method, path: string, fields: RequestFields = {}) => {
  const body = fields.raw ?? (fields.body === undefined ? undefined : JSON.stringify(fields.body))
  return Effect.map(
    emulator.transport.send({
      method,
      url: `${emulator.baseUrl}${path}`,
      headers: headersOf(emulator, fields),
      ...(body !== undefined && { body }),
      maxBytes: fields.maxBytes ?? 1_000_000,
    }),
    (response): Answer => {
      const text = new TextDecoder().decode(response.body)
      return { status: response.status, headers: response.headers, text, json: parse(text) }
    },
  )
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How one vendor writes the requests and answers about runs. */
export interface Paths {
  readonly start: (ids: Ids) => readonly [Method, string, RequestFields]
  readonly get: (ids: Ids, run: string) => readonly [Method, string, RequestFields]
  readonly list: (ids: Ids) => readonly [Method, string, RequestFields]
  readonly startedId: (answer: Answer) => string
  readonly listedIds: (answer: Answer) => ReadonlyArray<string>
  /** Whether a read of a run says that there is none. @default its status is 400 or more */
  readonly isMissing?: (answer: Answer) => boolean
  readonly statusOf: (answer: Answer) => string
  /** The succeeded and the failed rows of a run. */
  readonly rowsOf: (answer: Answer) => readonly [succeeded: number, failed: number]
}

interface Named {
  readonly id?: string
  readonly syncId?: string
}

const idsOf = (rows: ReadonlyArray<Named>) => rows.map((row) => row.id ?? row.syncId ?? "")

/** Whether a read of a run says that there is none. */
export const isMissing = (paths: Paths, answer: Answer): boolean =>
  paths.isMissing === undefined ? answer.status >= 400 : paths.isMissing(answer)

export const vendors = [
  {
    name: "segment",
    make: (options: Options) => SegmentEmulator.make(options),
    paths: (): Paths => ({
      start: (ids) => [
        "POST",
        "/reverse-etl-syncs",
        { body: { sourceId: ids["source"], modelId: ids["model"], subscriptionId: ids["subscription"] } },
      ],
      get: (ids, run) => ["GET", `/reverse-etl-models/${ids["model"]}/syncs/${run}`, {}],
      list: (ids) => ["GET", `/reverse-etl-models/${ids["model"]}/subscriptionId/${ids["subscription"]}/syncs`, {}],
      startedId: ({ json }) => json.data.reverseETLManualSync.syncId,
      listedIds: ({ json }) => idsOf(json.data.syncStatuses),
      statusOf: ({ json }) => json.data.reverseETLSyncStatus.syncStatus,
      rowsOf: ({ json }) => {
        const { deliverSuccessCount, deliverFailureCount } = json.data.reverseETLSyncStatus.loadPhase
        return [Number(deliverSuccessCount), Number(deliverFailureCount)]
      },
    }),
  },
  {
    name: "rudderstack",
    make: (options: Options) => RudderStackEmulator.make(options),
    paths: (): Paths => ({
      start: (ids) => ["POST", `/v2/retl-connections/${ids["connection"]}/start`, { body: { syncType: "full" } }],
      get: (ids, run) => ["GET", `/v2/retl-connections/${ids["connection"]}/syncs/${run}`, {}],
      list: (ids) => ["GET", `/v2/retl-connections/${ids["connection"]}/syncs`, {}],
      startedId: ({ json }) => json.syncId,
      listedIds: ({ json }) => idsOf(json.syncs),
      statusOf: ({ json }) => json.status,
      rowsOf: ({ json }) => [json.metrics.succeeded.total, json.metrics.failed.total],
    }),
  },
  {
    name: "zeotap",
    make: (options: Options) => ZeotapEmulator.make(options),
    paths: (emulator: Emulator): Paths => {
      const root = `/api/v1/workspaces/${emulator.workspace.id}/syncs`
      return {
        start: (ids) => ["POST", `${root}/${ids["sync"]}/trigger`, {}],
        get: (ids, run) => ["GET", `${root}/${ids["sync"]}/runs/${run}`, {}],
        list: (ids) => ["GET", `${root}/${ids["sync"]}/runs`, {}],
        startedId: ({ json }) => json.id,
        listedIds: ({ json }) => idsOf(json),
        statusOf: ({ json }) => json.status,
        rowsOf: ({ json }) => [json.rows_synced, json.rows_failed],
      }
    },
  },
  {
    name: "hightouch",
    make: (options: Options) => HightouchEmulator.make(options),
    paths: (): Paths => ({
      start: (ids) => ["POST", `/api/v1/syncs/${ids["sync"]}/trigger`, { body: { fullResync: true } }],
      get: (ids, run) => ["GET", `/api/v1/syncs/${ids["sync"]}/runs?runId=${run}`, {}],
      list: (ids) => ["GET", `/api/v1/syncs/${ids["sync"]}/runs`, {}],
      startedId: ({ json }) => json.id,
      // Newest first, as the others list them.
      listedIds: ({ json }) => json.data.map(({ id }: { readonly id: number }) => String(id)).reverse(),
      isMissing: ({ json }) => json.data.length === 0,
      statusOf: ({ json }) => json.data[0].status.replace(/^(?:querying|processing|reporting)$/, "running"),
      rowsOf: ({ json }) => [json.data[0].successfulRows.addedCount, json.data[0].failedRows.addedCount],
    }),
  },
  {
    name: "polytomic",
    make: (options: Options) => PolytomicEmulator.make(options),
    paths: (): Paths => ({
      start: (ids) => ["POST", `/api/syncs/${ids["sync"]}/executions`, { body: { resync: true } }],
      get: (ids, run) => ["GET", `/api/syncs/${ids["sync"]}/executions/${run}`, {}],
      list: (ids) => ["GET", `/api/syncs/${ids["sync"]}/executions`, {}],
      startedId: ({ json }) => json.data.id,
      listedIds: ({ json }) => json.data.map(({ id }: { readonly id: string }) => id),
      statusOf: ({ json }) => json.data.status.replace("processing", "running"),
      rowsOf: ({ json }) => [json.data.counts.upserts, json.data.counts.error],
    }),
  },
  {
    name: "fivetran-activations",
    make: (options: Options) => FivetranActivationsEmulator.make(options),
    paths: (): Paths => ({
      start: (ids) => ["POST", `/api/v2/syncs/${ids["sync"]}/trigger?force_full_sync=true`, {}],
      get: (_, run) => ["GET", `/api/v2/sync_runs/${run}`, {}],
      list: (ids) => ["GET", `/api/v2/syncs/${ids["sync"]}/sync_runs`, {}],
      startedId: ({ json }) => String(json.data.sync_run_id),
      listedIds: ({ json }) => json.data.map(({ id }: { readonly id: number }) => String(id)),
      statusOf: ({ json }) => json.data.status.replace(/^(?:preparing|working)$/, "running"),
      rowsOf: ({ json }) => [json.data.records_updated, json.data.records_failed],
    }),
  },
] as const
