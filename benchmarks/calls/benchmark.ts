/**
 * One call through adapter and core, beside what a caller could have written by hand.
 *
 * All clients take turns in every round and are held against `fetch` in the same round, so that a machine that slows
 * down slows all of them.
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

/** About half of what was measured: a machine under load must not fail it, something that doubles the cost must. */
const leastOfFetch = { client: 0.17, runs: 0.12 }

interface Taken {
  /** Calls in a second. */
  readonly rate: number
  /** Microseconds of CPU for a call, in this process alone. */
  readonly cpu: number
}

export const benchmark: Benchmark = () =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const clients = yield* Clients.make(yield* server)
        yield* Effect.promise(() => warmUp(clients))
        const alone = yield* Effect.promise(() => measure(clients, 200, 1))
        const together = yield* Effect.promise(() => measure(clients, 600, 32))
        const find = (taken: typeof alone, name: string) => taken.get(name)?.ofFetch ?? 0
        const budgets = [
          { what: "one at a time", taken: alone },
          { what: "32 at once", taken: together },
        ].flatMap(({ what, taken }) => [
          atLeast(
            `the client's calls to those of fetch, ${what}`,
            find(taken, "OpenRETL client.getSyncStatus"),
            leastOfFetch.client,
          ),
          atLeast(
            `the workspace's calls to those of fetch, ${what}`,
            find(taken, "OpenRETL runs.get"),
            leastOfFetch.runs,
          ),
        ])
        return { tables: [tableOf("one at a time", alone), tableOf("32 at once", together, notes)], budgets }
      }),
    ),
  )

const notes = [
  "fetch checks nothing and has no deadline. ky: its defaults, a deadline of 10 s and retries. The SDK copies fields into",
  "classes without checking them, over the deprecated `request`; no deadline. OpenRETL: a deadline, a bounded body, every",
  "field decoded, errors typed; runs.get adds the budget, the portable run and a span.",
]

const server = Effect.acquireRelease(
  Effect.promise(async () => {
    const child = fork(fileURLToPath(new URL("./server.ts", import.meta.url)), { execArgv: [] })
    const [port] = await once(child, "message")
    return { child, origin: `http://127.0.0.1:${port}` }
  }),
  ({ child }) => Effect.sync(() => child.disconnect()),
).pipe(Effect.map(({ origin }) => origin))

/** What a program that runs for a while has behind it: code that is called often is compiled. */
const warmUp = async (clients: ReadonlyArray<Clients.Client>) => {
  for (let round = 0; round < 4; round++) for (const { run } of clients) await run(2_000, 32)
}

const measure = async (clients: ReadonlyArray<Clients.Client>, calls: number, atOnce: number) => {
  const taken = new Map(clients.map(({ name }) => [name, [] as Taken[]]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of clients) taken.get(name)?.push(await timed(() => run(calls, atOnce), calls))
  }
  const fetches = taken.get(clients[0]?.name ?? "") ?? []
  return new Map(
    Array.from(taken, ([name, all]) => [
      name,
      {
        rate: median(all.map(({ rate }) => rate)),
        cpu: median(all.map(({ cpu }) => cpu)),
        ofFetch: median(all.map(({ rate }, round) => rate / (fetches[round]?.rate ?? Number.NaN))),
      },
    ]),
  )
}

const timed = async (work: () => Promise<void>, calls: number): Promise<Taken> => {
  const cpu = process.cpuUsage()
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { rate: calls / seconds, cpu: (user + system) / calls }
}

const tableOf = (title: string, taken: Awaited<ReturnType<typeof measure>>, notes?: ReadonlyArray<string>): Table => ({
  title: `reading one run over loopback, ${title}`,
  rows: Array.from(taken, ([name, { rate, cpu, ofFetch }]) => ({
    client: name,
    "calls/s": Math.round(rate),
    "to fetch": ofFetch.toFixed(2),
    "CPU µs/call": Math.round(cpu),
  })),
  ...(notes && { notes }),
})
