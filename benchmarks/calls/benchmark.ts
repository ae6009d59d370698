/**
 * Compares one call through adapter and core with the same call through other clients.
 *
 * All clients take turns in every round, and each is compared with `fetch` in the same round. A machine that slows down
 * thus slows all of them.
 */
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type { Benchmark, Table } from "../report/benchmark.ts"
import { atLeast } from "../report/budget.ts"
import { median } from "../report/numbers.ts"
import * as Clients from "./clients.ts"

const rounds = 5

/** About half of the measured ratios: a busy machine stays within it, a change that doubles the cost does not. */
const minRatioToFetch = { client: 0.17, runs: 0.12 }

interface Measurement {
  /** Calls per second. */
  readonly rate: number
  /** Microseconds of CPU per call, in this process alone. */
  readonly cpu: number
}

export const benchmark: Benchmark = () =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const clients = yield* Clients.make(yield* server)
        yield* Effect.promise(() => warmUp(clients))
        const oneAtATime = yield* Effect.promise(() => measure(clients, 200, 1))
        const manyAtOnce = yield* Effect.promise(() => measure(clients, 600, 32))
        const ratioOf = (results: Results, name: string) => results.get(name)?.ratioToFetch ?? 0
        const budgets = [
          { concurrency: "one at a time", results: oneAtATime },
          { concurrency: "32 at once", results: manyAtOnce },
        ].flatMap(({ concurrency, results }) => [
          atLeast(
            `calls of the client per call of fetch, ${concurrency}`,
            ratioOf(results, "OpenRETL client.getSyncStatus"),
            minRatioToFetch.client,
          ),
          atLeast(
            `calls of the workspace per call of fetch, ${concurrency}`,
            ratioOf(results, "OpenRETL runs.get"),
            minRatioToFetch.runs,
          ),
        ])
        return { tables: [tableOf("one at a time", oneAtATime), tableOf("32 at once", manyAtOnce, notes)], budgets }
      }),
    ),
  )

const notes = [
  "fetch validates nothing and has no deadline. ky has its defaults: a deadline of 10 s, and retries. The SDK copies fields",
  "into classes without validation, over the deprecated `request`, without a deadline. OpenRETL has a deadline, a bounded",
  "body, decoded fields and typed errors; runs.get adds the rate limit, the portable run and a span.",
]

const server = Effect.acquireRelease(
  Effect.promise(async () => {
    const child = fork(fileURLToPath(new URL("./server.ts", import.meta.url)), { execArgv: [] })
    const [port] = await once(child, "message")
    return { child, origin: `http://127.0.0.1:${port}` }
  }),
  ({ child }) => Effect.sync(() => child.disconnect()),
).pipe(Effect.map(({ origin }) => origin))

/** Calls every client until its code is compiled, as in a program that has run for a while. */
const warmUp = async (clients: ReadonlyArray<Clients.Client>) => {
  for (let round = 0; round < 4; round++) for (const { run } of clients) await run(2_000, 32)
}

/** Returns the median of all rounds for each client. */
const measure = async (clients: ReadonlyArray<Clients.Client>, calls: number, atOnce: number) => {
  const measurements = new Map(clients.map(({ name }) => [name, [] as Measurement[]]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of clients) measurements.get(name)?.push(await time(() => run(calls, atOnce), calls))
  }
  const ofFetch = measurements.get(clients[0]?.name ?? "") ?? []
  return new Map(
    Array.from(measurements, ([name, ofClient]) => [
      name,
      {
        rate: median(ofClient.map(({ rate }) => rate)),
        cpu: median(ofClient.map(({ cpu }) => cpu)),
        ratioToFetch: median(ofClient.map(({ rate }, round) => rate / (ofFetch[round]?.rate ?? Number.NaN))),
      },
    ]),
  )
}

type Results = Awaited<ReturnType<typeof measure>>

const time = async (work: () => Promise<void>, calls: number): Promise<Measurement> => {
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await work()
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { rate: calls / seconds, cpu: (user + system) / calls }
}

const tableOf = (concurrency: string, results: Results, notes?: ReadonlyArray<string>): Table => ({
  title: `reading one run over loopback, ${concurrency}`,
  rows: Array.from(results, ([name, { rate, cpu, ratioToFetch }]) => ({
    client: name,
    "calls/s": Math.round(rate),
    "per fetch": ratioToFetch.toFixed(2),
    "CPU µs/call": Math.round(cpu),
  })),
  ...(notes && { notes }),
})
