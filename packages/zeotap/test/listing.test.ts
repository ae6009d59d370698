/**
 * Listings through core, over servers that page in every way that the vendor's documents leave open. A listing has every
 * run that the server offers, however it pages.
 */
import { describe, expect, it } from "@effect/vitest"
import { Runs } from "@openretl/core/Runs"
import { type Request, Transport } from "@openretl/core/Transport"
import { Effect, Fiber, Redacted, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Zeotap from "../src/Zeotap.ts"
import { syncId, workspaceId } from "./fixtures.ts"
import { token } from "./recordingTransport.ts"

interface Paging {
  readonly name: string
  readonly form: "array" | "envelope"
  /** Whether the server heeds `page` and `page_size`; where it ignores `page_size`, a page has 20 entries. */
  readonly heeds: { readonly page: boolean; readonly size: boolean }
  /** How many of the newest runs the server offers where it ignores `page`. @default all */
  readonly holds?: number
}

const both = { page: true, size: true }
const none = { page: false, size: false }

const pagings: ReadonlyArray<Paging> = [
  { name: "an envelope", form: "envelope", heeds: both },
  { name: "an envelope of 20", form: "envelope", heeds: { page: true, size: false } },
  { name: "an array by page and size", form: "array", heeds: both },
  { name: "an array by page, of 20", form: "array", heeds: { page: true, size: false } },
  { name: "an array of all", form: "array", heeds: none },
  { name: "an array of the newest 100", form: "array", heeds: none, holds: 100 },
  { name: "an array of the newest 20", form: "array", heeds: none, holds: 20 },
]

const start = Date.parse("2024-01-15T00:00:00Z")

/** Makes a server with `count` runs, numbered by age, which has `pushed` new ones after its first answer. */
const serve = (paging: Paging, order: "newest-first" | "oldest-first", count: number, pushed = 0) => {
  let total = count
  const queries: Array<string> = []
  const run = (number: number) => ({
    id: `run-${number}`,
    status: "completed",
    started_at: new Date(start + number * 60_000).toISOString(),
    rows_synced: number,
    rows_failed: 0,
  })
  const answer = (query: URLSearchParams): unknown => {
    const newestFirst = Array.from({ length: total }, (_, index) => total - 1 - index)
    const ordered = (numbers: Array<number>) => (order === "newest-first" ? numbers : numbers.toReversed())
    if (!paging.heeds.page) return ordered(newestFirst.slice(0, paging.holds)).map(run)
    const page = Number(query.get("page") ?? 1)
    const page_size = paging.heeds.size ? Number(query.get("page_size") ?? 20) : 20
    const data = ordered(newestFirst)
      .slice((page - 1) * page_size, page * page_size)
      .map(run)
    return paging.form === "array" ? data : { data, pagination: { page, page_size, total } }
  }
  const send = ({ url }: Request) =>
    Effect.sync(() => {
      queries.push(url.slice(url.indexOf("?")))
      const body = new TextEncoder().encode(JSON.stringify(answer(new URL(url).searchParams)))
      if (queries.length === 1) total += pushed
      return { status: 200, headers: {}, body }
    })
  return { queries, service: { send } }
}

/** Returns the listed runs, and whether the listing fails after them because there may be more. */
const listed = (server: ReturnType<typeof serve>, pageSize?: number) =>
  Effect.gen(function* () {
    const runs: Array<string> = []
    const listing = Effect.gen(function* () {
      const sync = yield* Zeotap.syncRef("prod", { sync: syncId })
      const { list } = yield* Runs
      yield* Stream.runForEach(list(sync, pageSize === undefined ? {} : { pageSize }), ({ ref }) =>
        Effect.sync(() => void runs.push(ref.run)),
      )
    }).pipe(
      Effect.provide(Zeotap.layer({ name: "prod", token: Redacted.make(token), workspaceId })),
      Effect.provideService(Transport, server.service),
    )
    const fiber = yield* Effect.forkChild(Effect.delay(listing, "1 millis"))
    yield* TestClock.adjust("1 hour")
    const ended = yield* Effect.result(Fiber.join(fiber))
    if (Result.isFailure(ended)) {
      expect(ended.failure.reason).toMatchObject({ _tag: "UnexpectedResponse", issues: [{ path: ["page"] }] })
    }
    return { runs, isCutOff: Result.isFailure(ended) }
  })

/** Returns the ids of the first runs that the server offers, newest first. */
const handedOut = ({ heeds, holds }: Paging, count: number) =>
  Array.from({ length: count }, (_, index) => `run-${count - 1 - index}`).slice(0, heeds.page ? undefined : holds)

/** Returns whether an array may have been cut off: it is as long as a documented page, and the server ignores `page`. */
const mayBeCutOff = ({ heeds }: Paging, length: number) => !heeds.page && (length === 20 || length === 100)

describe.each(pagings)("$name", (paging) => {
  it.effect.each([0, 1, 19, 20, 21, 40, 99, 100, 101, 200, 250])(
    "L1: lists %s runs, each once and in order, and says where there may be more",
    (count) =>
      Effect.gen(function* () {
        for (const order of ["newest-first", "oldest-first"] as const) {
          const all = handedOut(paging, count)
          expect(yield* listed(serve(paging, order, count))).toEqual({
            runs: order === "newest-first" ? all : all.toReversed(),
            isCutOff: mayBeCutOff(paging, all.length),
          })
        }
      }),
  )

  it.effect.each([
    [5, 1],
    [5, 5],
    [6, 3],
    [40, 20],
    [41, 10],
  ] as const)("L1: lists %s runs, %s a page", ([count, pageSize]) =>
    Effect.gen(function* () {
      const all = handedOut(paging, count)
      const { runs, isCutOff } = yield* listed(serve(paging, "newest-first", count), pageSize)
      expect(runs).toEqual(all)
      expect(isCutOff).toBe(mayBeCutOff(paging, all.length))
    }),
  )

  it.effect.each([
    [20, 100, 1],
    [100, 100, 1],
    [100, 100, 99],
    [250, 100, 1],
    [250, 100, 20],
    [250, 100, 100],
    [250, 100, 101],
    [250, 100, 300],
    [12, 3, 1],
    [12, 3, 3],
    [12, 3, 4],
    [12, 1, 1],
    [12, 1, 2],
  ] as const)(
    "L1: loses none of %s runs, %s a page, when %s arrive after the first answer",
    ([count, pageSize, pushed]) =>
      Effect.gen(function* () {
        for (const order of ["newest-first", "oldest-first"] as const) {
          const { runs, isCutOff } = yield* listed(serve(paging, order, count, pushed), pageSize)
          expect(runs).toEqual([...new Set(runs)])
          const all = handedOut(paging, count)
          expect(all.filter((id) => !runs.includes(id))).toEqual([])
          // A run that the server does not offer is never left out in silence.
          expect(isCutOff || all.length === count).toBe(true)
        }
      }),
  )
})

describe("an array of all runs, of a sync that ran every ten minutes for three months", () => {
  it.effect("L1: is listed whole", () =>
    Effect.gen(function* () {
      const [, , , , all] = pagings
      if (all === undefined) return expect.unreachable()
      const { runs } = yield* listed(serve(all, "newest-first", 12_000))
      expect(runs).toHaveLength(12_000)
    }),
  )
})

describe("the requests of a listing", () => {
  const requests = (paging: Paging | undefined, count: number) =>
    Effect.gen(function* () {
      if (paging === undefined) return yield* Effect.die("no such paging")
      const server = serve(paging, "newest-first", count)
      yield* listed(server)
      return server.queries
    })
  const [, , byPage, , all, newest100] = pagings

  it.effect.each([0, 7, 21, 101, 250])("are one for an array of %s runs, which is not as long as a page", (count) =>
    Effect.gen(function* () {
      expect(yield* requests(all, count)).toEqual(["?page=1&page_size=100"])
    }),
  )

  it.effect("are two for an array as long as a page where the server heeds the page, and three where it does not", () =>
    Effect.gen(function* () {
      expect(yield* requests(byPage, 100)).toEqual(["?page=1&page_size=100", "?page=2&page_size=100"])
      expect(yield* requests(newest100, 100)).toEqual([
        "?page=1&page_size=100",
        "?page=2&page_size=100",
        "?page=1000000&page_size=100",
      ])
    }),
  )
})
