/**
 * Compares one call through adapter and core with the same call through other clients, each in a process of its own.
 *
 * All clients take turns in every round, in one order and then in the other, and each is compared with `fetch` in the same
 * round. A machine that slows down thus slows all of them.
 */
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type { Benchmark, Table } from "../report/benchmark.ts"
import { atLeast, atMost } from "../report/budget.ts"
import { median, quantile } from "../report/numbers.ts"
import type { Measurement, Order } from "./caller.ts"
import * as Clients from "./clients.ts"
import * as Sockets from "./sockets.ts"

const rounds = 8

/** What was reached, with room for a busy machine; the README says what was aimed at, and where the rest goes. */
const maxCpu = { client: 0.95, workspace: 1.1, traced: 1.4, byKy: 2 }
const minCalls = { client: 0.8, workspace: 0.7 }

/** A client in its process. */
interface Caller {
  readonly name: string
  readonly send: (order: Order) => Promise<Measurement>
}

export const benchmark: Benchmark = () =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const origin = yield* server
        const names = (yield* Clients.make(origin)).map(({ name }) => name)
        const callers = yield* Effect.forEach(names, (name) => callerOf(name, origin))
        yield* Effect.promise(() => warmUp(callers))
        const oneAtATime = yield* Effect.promise(() => measure(callers, { calls: 400, atOnce: 1 }))
        const manyAtOnce = yield* Effect.promise(() => measure(callers, { calls: 2_000, atOnce: 32 }))
        const lists = yield* Sockets.lists(origin)
        const waits = yield* Sockets.manyWaits(origin)
        return {
          tables: [tableOf("one at a time", oneAtATime), tableOf("32 at once", manyAtOnce, notes), lists, waits],
          budgets: [...budgetsOf("one at a time", oneAtATime), ...budgetsOf("32 at once", manyAtOnce)],
        }
      }),
    ),
  )

const notes = [
  "Per fetch: the median over the rounds; in brackets the quarter and three quarters of them. fetch and undici validate nothing",
  "and have no deadline. ky has its defaults: a deadline of 10 s, and retries. The SDK copies fields into classes without",
  "validation, over the deprecated `request`, without a deadline. OpenRETL has a deadline, a bounded body, decoded fields and",
  "typed errors; runs.get adds the rate limit and the portable run. Traced: with a tracer that creates spans and exports none. Metrics are recorded in each.",
]

const server = Effect.acquireRelease(
  Effect.promise(async () => {
    const child = fork(fileURLToPath(new URL("./server.ts", import.meta.url)), { execArgv: [] })
    const [port] = await once(child, "message")
    return { child, origin: `http://127.0.0.1:${port}` }
  }),
  ({ child }) => Effect.sync(() => child.disconnect()),
).pipe(Effect.map(({ origin }) => origin))

/** Starts a client in a process of its own. */
const callerOf = (name: string, origin: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const child = fork(fileURLToPath(new URL("./caller.ts", import.meta.url)), [name, origin])
      const ended = once(child, "exit").then(() => Promise.reject(new Error(`the process of ${name} has ended`)))
      const next = () => Promise.race([once(child, "message"), ended])
      await next()
      const send = async (order: Order): Promise<Measurement> => {
        const answered = next()
        child.send(order)
        const [measurement]: ReadonlyArray<Measurement> = await answered
        if (measurement === undefined) throw new Error(`${name} measured nothing`)
        return measurement
      }
      return { name, send, child }
    }),
    ({ child }) => Effect.sync(() => child.disconnect()),
  )

/** Calls with every client until its code is compiled, as in a program that has run for a while: that takes some 20,000 calls. */
const warmUp = async (callers: ReadonlyArray<Caller>) => {
  for (const { send } of callers) await send({ calls: 12_000, atOnce: 32 })
}

/** Returns the median of all rounds for each client. */
const measure = async (callers: ReadonlyArray<Caller>, order: Order) => {
  const measurements = new Map(callers.map(({ name }) => [name, [] as Measurement[]]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, send } of round % 2 === 0 ? callers : callers.toReversed()) {
      measurements.get(name)?.push(await send(order))
    }
  }
  const per = (name: string, ofClient: ReadonlyArray<Measurement>, part: keyof Measurement) => {
    const others = measurements.get(name) ?? []
    return ofClient.map((measurement, round) => measurement[part] / (others[round]?.[part] ?? Number.NaN))
  }
  const fetch = "fetch + JSON.parse"
  return new Map(
    Array.from(measurements, ([name, ofClient]) => [
      name,
      {
        rate: median(ofClient.map(({ rate }) => rate)),
        cpu: median(ofClient.map(({ cpu }) => cpu)),
        callsPerFetch: per(fetch, ofClient, "rate"),
        cpuPerFetch: per(fetch, ofClient, "cpu"),
        cpuPerKy: median(per("ky", ofClient, "cpu")),
      },
    ]),
  )
}

type Results = Awaited<ReturnType<typeof measure>>

const budgetsOf = (concurrency: string, results: Results) => {
  const of = (name: string) => {
    const { callsPerFetch = [], cpuPerFetch = [], cpuPerKy = Number.NaN } = results.get(`OpenRETL ${name}`) ?? {}
    return { calls: median(callsPerFetch), cpu: median(cpuPerFetch), cpuPerKy }
  }
  const workspace = of("runs.get, undici")
  return [
    atMost(`CPU of the client by undici per fetch, ${concurrency}`, of("client, undici").cpu, maxCpu.client),
    atLeast(`calls of the client by undici per fetch, ${concurrency}`, of("client, undici").calls, minCalls.client),
    atMost(`CPU of the workspace by undici per fetch, ${concurrency}`, workspace.cpu, maxCpu.workspace),
    atLeast(`calls of the workspace by undici per fetch, ${concurrency}`, workspace.calls, minCalls.workspace),
    atMost(`the same with a tracer, CPU, ${concurrency}`, of("runs.get, undici, traced").cpu, maxCpu.traced),
    atMost(`CPU of the workspace by ky per bare ky, ${concurrency}`, of("runs.get, ky").cpuPerKy, maxCpu.byKy),
  ]
}

const spread = (ratios: ReadonlyArray<number>): string =>
  `${median(ratios).toFixed(2)} (${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)})`

const tableOf = (concurrency: string, results: Results, notes?: ReadonlyArray<string>): Table => ({
  title: `reading one run over loopback, ${concurrency}`,
  rows: Array.from(results, ([name, { rate, cpu, callsPerFetch, cpuPerFetch, cpuPerKy }]) => ({
    client: name,
    "calls/s": Math.round(rate),
    "calls per fetch": spread(callsPerFetch),
    "CPU µs/call": Math.round(cpu),
    "CPU per fetch": spread(cpuPerFetch),
    "CPU per ky": cpuPerKy.toFixed(2),
  })),
  ...(notes && { notes }),
})
