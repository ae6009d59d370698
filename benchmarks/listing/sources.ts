/** Two workspaces, each with one sync that has a long history. */
import type { Driver, Snapshot } from "@openretl/core/driver/Driver"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import * as Workspace from "@openretl/core/Workspace"
import * as Segment from "@openretl/segment/Segment"
import type * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as VirtualVendor from "../waiting/virtualVendor.ts"

export interface Source {
  readonly services: Context.Context<Runs>
  readonly sync: SyncRef
}

const pageSize = 100
const newest = Date.UTC(2026, 10, 1)

/** Returns the start of a run in epoch milliseconds. Runs are a minute apart, the newest first. */
const startOf = (index: number): number => newest - index * 60_000

/** A workspace over a driver in memory. */
export const driver = (total: number): Effect.Effect<Source, RetlError, Scope.Scope> => {
  const list: Driver["runs"]["list"] = (_, { cursor }) => {
    const from = Number(cursor ?? 0)
    const to = Math.min(total, from + pageSize)
    const runs = Array.from({ length: to - from }, (_, i) => snapshot(from + i))
    return Effect.succeed({ runs, ...(to < total && { next: String(to) }) })
  }
  const vendor = VirtualVendor.make().driver
  return Effect.gen(function* () {
    const { services } = yield* Workspace.make(
      { name: "bench", closeWithin: 0 },
      { ...vendor, runs: { ...vendor.runs, list } },
    )
    return { services, sync: VirtualVendor.syncRef("bench", "orders") }
  })
}

const snapshot = (index: number): Snapshot => ({
  run: `r${index}`,
  status: "succeeded",
  vendorStatus: "succeeded",
  startedAt: DateTime.makeUnsafe(startOf(index)),
  finishedAt: DateTime.makeUnsafe(startOf(index) + 45_000),
  rows: { succeeded: 1_000, failed: 0 },
  native: undefined,
})

/** A workspace of Segment's adapter over a transport in memory. */
export const segment = (total: number): Effect.Effect<Source, RetlError, Scope.Scope> =>
  Effect.gen(function* () {
    const client = yield* Segment.client({ name: "bench", region: "us", token: Redacted.make("benchmark-token") })
    const driver = Segment.driver(client)
    // Within Segment's limits, so many pages take minutes.
    const { services } = yield* Workspace.make(
      { name: "bench", closeWithin: 0 },
      { ...driver, description: { ...driver.description, limits: [] } },
    )
    const sync = yield* Segment.syncRef("bench", { source: "s1", model: "m1", subscription: "sub1" })
    return { services, sync }
  }).pipe(
    Effect.provideService(Transport, {
      send: ({ url }) =>
        Effect.sync(() => ({
          status: 200,
          headers: { "content-type": "application/json" },
          body: page(Number(new URL(url).searchParams.get("cursor") ?? 0), total),
        })),
    }),
  )

/** Reads the pages of `segment` with `JSON.parse` alone, which validates nothing. Returns how many runs they contain. */
export const parsePages = (total: number): number => {
  let count = 0
  for (let from = 0; from < total; from += pageSize) {
    const { data } = JSON.parse(decoder.decode(page(from, total)))
    count += data.syncStatuses.length
  }
  return count
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const page = (from: number, total: number): Uint8Array => {
  const to = Math.min(total, from + pageSize)
  const syncStatuses = Array.from({ length: to - from }, (_, i) => syncStatus(from + i))
  const pagination = { current: String(from), totalEntries: total, ...(to < total && { next: String(to) }) }
  return encoder.encode(JSON.stringify({ data: { syncStatuses, pagination } }))
}

const syncStatus = (index: number) => {
  const startedAt = new Date(startOf(index)).toISOString()
  const finishedAt = new Date(startOf(index) + 45_000).toISOString()
  return {
    syncId: String(1_000_000 + index),
    modelId: "m1",
    sourceId: "s1",
    syncStatus: "SUCCESS",
    duration: "45s",
    startedAt,
    finishedAt,
    extractPhase: {
      addedCount: "1000",
      updatedCount: "0",
      deletedCount: "0",
      extractCount: "1000",
      startedAt,
      finishedAt,
    },
    loadPhase: { deliverSuccessCount: "1000", deliverFailureCount: "0", startedAt, finishedAt },
    error: "",
    errorCode: "",
  }
}
