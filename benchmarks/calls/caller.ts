/**
 * One client, for a separate process, as in a program that uses it and no other: in one process, the clients would make each
 * other's code slower. Gets how many calls to send, and answers with what they took. It ends with its parent process.
 */
import { on } from "node:events"
import * as Effect from "effect/Effect"
import * as Clients from "./clients.ts"

/** What to send: `calls` requests that count, after as many that do not, `atOnce` of them at a time. */
export interface Order {
  readonly calls: number
  readonly atOnce: number
}

/** What an order took. */
export interface Measurement {
  /** Calls per second. */
  readonly rate: number
  /** Microseconds of CPU per call. */
  readonly cpu: number
}

const time = async ({ run }: Clients.Client, { calls, atOnce }: Order): Promise<Measurement> => {
  // While the others take their turns, V8 puts compiled code away.
  await run(calls, atOnce)
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await run(calls, atOnce)
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { rate: calls / seconds, cpu: (user + system) / calls }
}

const serve = (name: string, origin: string) =>
  Effect.gen(function* () {
    const client = (yield* Clients.make(origin)).find((client) => client.name === name)
    if (client === undefined) return yield* Effect.die(new Error(`no client is called ${name}`))
    yield* Effect.promise(async () => {
      const orders: AsyncIterable<ReadonlyArray<Order>> = on(process, "message", { close: ["disconnect"] })
      process.send?.("ready")
      for await (const [order] of orders) if (order !== undefined) process.send?.(await time(client, order))
    })
  })

const [name = "", origin = ""] = process.argv.slice(2)
await Effect.runPromise(Effect.scoped(serve(name, origin)))
