/**
 * Lists of 8 MiB, the largest answer that a client reads, through Segment's client. Each is compared with `JSON.parse` of
 * the same body in the same round, so that a slow machine slows both.
 */
import { Transport } from "@openretl/core/Transport"
import * as Segment from "@openretl/segment/Segment"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Table } from "../report/benchmark.ts"
import type { Budget } from "../report/budget.ts"
import { atMost } from "../report/budget.ts"
import { heapAfterCollection } from "../report/heap.ts"
import { median } from "../report/numbers.ts"

const maxBytes = 8 * 1_048_576
const rounds = 5

/** Milliseconds that a client may take in addition to `JSON.parse`. */
const maxMillis = 100

/** Returns a page of Segment's list of runs with as many copies of an entry as fit. */
const pageOf = (entry: string): string => {
  const [head, tail] = ['{"data":{"syncStatuses":[', "]}}"]
  const count = Math.floor((maxBytes - head.length - tail.length + 1) / (entry.length + 1))
  return `${head}${Array.from({ length: count }, () => entry).join()}${tail}`
}

const bodies: Readonly<Record<string, string>> = {
  "small valid entries": pageOf('{"syncId":"1","syncStatus":"SUCCESS"}'),
  "numbers as entries": pageOf("1"),
  "one array of arrays": pageOf(`[${Array.from({ length: 2_796_000 }, () => "[]").join()}]`),
}

/** Returns the table of all bodies, and a budget for each. */
export const measure = Effect.gen(function* () {
  const measurements = yield* Effect.forEach(Object.entries(bodies), ([name, text]) =>
    Effect.map(measureBody(text), (millis) => ({ name, ...millis })),
  )
  const table: Table = {
    title: "lists of 8 MiB",
    rows: measurements.map(({ name, parse, client, more }) => ({
      list: name,
      "JSON.parse": millisText(parse),
      "Segment's client": millisText(client),
      more: millisText(more),
    })),
  }
  const budgets: ReadonlyArray<Budget> = measurements.map(({ name, more }) =>
    atMost(`milliseconds of the client in addition to JSON.parse, ${name}`, more, maxMillis),
  )
  return { table, budgets }
})

/** Returns medians of rounds, in milliseconds. */
const measureBody = Effect.fnUntraced(function* (text: string) {
  const list = yield* listOf(text)
  const measurements: Array<{ readonly parse: number; readonly client: number }> = []
  for (let round = 0; round <= rounds; round++) {
    const parse = yield* millisOf(Effect.sync(() => JSON.parse(text)))
    const client = yield* millisOf(list)
    // The first round compiles the code and is not counted.
    if (round > 0) measurements.push({ parse, client })
  }
  return {
    parse: median(measurements.map(({ parse }) => parse)),
    client: median(measurements.map(({ client }) => client)),
    more: median(measurements.map(({ parse, client }) => client - parse)),
  }
})

/** Returns a call of the client that receives this body. A client that rejects the list has read it as well. */
const listOf = (text: string) => {
  const body = new TextEncoder().encode(text)
  const answer = { status: 200, headers: { "content-type": "application/json" }, body }
  return Segment.client({ name: "bench", region: "us", token: Redacted.make("benchmark-token") }).pipe(
    Effect.map(({ listSyncStatuses }) => Effect.exit(listSyncStatuses("m1", "sub1"))),
    Effect.provideService(Transport, { send: () => Effect.succeed(answer) }),
  )
}

const millisOf = Effect.fnUntraced(function* <A>(work: Effect.Effect<A>) {
  heapAfterCollection()
  const startedAt = performance.now()
  yield* work
  return performance.now() - startedAt
})

const millisText = (millis: number): string => `${Math.round(millis)} ms`
