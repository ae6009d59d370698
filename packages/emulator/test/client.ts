/** A bare client for the tests: one request in plain words, one answer with its body read. */

import type { Method } from "@openretl/core/Transport"
import { RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import type { Emulator, Ids, Options } from "@openretl/emulator/Emulator"
import { Effect, Redacted } from "effect"

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies freely
  readonly json: any
}

export interface Asked {
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly maxBytes?: number
  readonly token?: string
}

export const headersOf = (emulator: Emulator, asked: Asked = {}) => ({
  authorization: Redacted.make(`Bearer ${asked.token ?? emulator.token}`),
  ...(emulator.vendor === "zeotap" && { "x-workspace-id": emulator.workspace.id }),
  ...((asked.body !== undefined || asked.raw !== undefined) && { "content-type": "application/json" }),
  ...asked.headers,
})

export const ask = (emulator: Emulator, method: Method, path: string, asked: Asked = {}) => {
  const body = asked.raw ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body))
  return Effect.map(
    emulator.transport.send({
      method,
      url: `${emulator.baseUrl}${path}`,
      headers: headersOf(emulator, asked),
      ...(body !== undefined && { body }),
      maxBytes: asked.maxBytes ?? 1_000_000,
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

/** The run operations of one vendor, as requests. */
export interface Paths {
  readonly start: (ids: Ids) => readonly [Method, string, Asked]
  readonly get: (ids: Ids, run: string) => readonly [Method, string, Asked]
  readonly list: (ids: Ids) => readonly [Method, string, Asked]
  readonly startedId: (answer: Answer) => string
  readonly listedIds: (answer: Answer) => ReadonlyArray<string>
  readonly statusOf: (answer: Answer) => string
}

interface Named {
  readonly id?: string
  readonly syncId?: string
}

const idsOf = (rows: ReadonlyArray<Named>) => rows.map((row) => row.id ?? row.syncId ?? "")

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
      }
    },
  },
] as const
