/** Lists and waits over sockets: rows per second, and what memory and sockets they take. */
import { RunRef } from "@openretl/core/Ref"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import type { Table } from "../report/benchmark.ts"
import { heapAfterCollection, megabyte } from "../report/heap.ts"
import { median } from "../report/numbers.ts"
import * as Clients from "./clients.ts"
import { total } from "./ref.ts"

const rounds = 3
const waits = 1_000

/** Returns how many sockets this process has open. */
const socketsOpen = (): number => process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length

/** Reads the whole list in turns over each transport. */
export const lists = (origin: string) =>
  Effect.gen(function* () {
    const opened = yield* Effect.forEach(Object.entries(yield* Clients.transports), ([name, transport]) =>
      Effect.map(Clients.open(origin, transport), ({ runs, sync }) => ({
        ...{ name, runs, sync },
        ...{ rates: [] as Array<number>, cpus: [] as Array<number>, grown: [] as Array<number> },
      })),
    )
    for (let round = 0; round <= rounds; round++) {
      for (const { runs, sync, rates, cpus, grown } of opened) {
        const before = heapAfterCollection()
        const cpu = process.cpuUsage()
        const startedAt = performance.now()
        const middle = yield* Stream.runFold(
          runs.list(sync),
          () => ({ count: 0, heap: 0 }),
          ({ count, heap }) => ({ count: count + 1, heap: count === total / 2 ? heapAfterCollection() : heap }),
        )
        const millis = performance.now() - startedAt
        const { user, system } = process.cpuUsage(cpu)
        // The first round warms up.
        if (round === 0) continue
        rates.push((total / millis) * 1_000)
        cpus.push((user + system) / total)
        grown.push((middle.heap - before) / megabyte)
      }
    }
    const table: Table = {
      title: `${total.toLocaleString("en-US")} runs in pages of 100, over sockets`,
      rows: opened.map(({ name, rates, cpus, grown }) => ({
        transport: name,
        "runs/s": Math.round(median(rates)),
        "CPU µs/run": median(cpus).toFixed(1),
        "MB in the middle": median(grown).toFixed(2),
      })),
      notes: ["MB: by how much the heap after a collection is larger in the middle of the list than before it."],
    }
    return table
  }).pipe(Effect.scoped)

/** Waits for many runs at once over each transport, until each was looked at. */
export const manyWaits = (origin: string) =>
  Effect.gen(function* () {
    const rows = yield* Effect.forEach(Object.entries(yield* Clients.transports), ([name, transport]) => {
      let answered = 0
      let most = 0
      const counting = {
        ...transport,
        send: (request: Parameters<typeof transport.send>[0]) =>
          Effect.tap(transport.send(request), () =>
            Effect.sync(() => {
              answered++
              most = Math.max(most, socketsOpen())
            }),
          ),
      }
      return Effect.gen(function* () {
        const { runs, sync } = yield* Clients.open(origin, counting)
        const before = heapAfterCollection()
        const refs = Array.from({ length: waits }, (_, index) => new RunRef({ sync, run: String(9_000_000 + index) }))
        const fibers = yield* Effect.forEach(refs, (ref) => Effect.forkChild(runs.wait(ref)))
        yield* Effect.promise(async () => {
          while (answered === 0 || socketsOpen() === 0) await new Promise((resolve) => setTimeout(resolve, 10))
          await new Promise((resolve) => setTimeout(resolve, 3_000))
        })
        const kilobytes = (heapAfterCollection() - before) / waits / 1_024
        yield* Fiber.interruptAll(fibers)
        return {
          transport: name,
          "requests in 3 s": answered,
          "sockets at most": most,
          "kB of heap per wait": kilobytes.toFixed(1),
        }
      }).pipe(Effect.scoped)
    })
    const table: Table = { title: `${waits.toLocaleString("en-US")} waits for runs of one sync at once`, rows }
    return table
  }).pipe(Effect.scoped)
