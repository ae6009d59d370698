/**
 * The host of the client: it waits for its link, sends writes through core's client of a vendor, each with a deadline, and
 * reports how each ended. Arguments: the transport, and how many writes.
 */
import { once } from "node:events"
import process from "node:process"
import * as VendorClient from "@openretl/core/driver/VendorClient"
import * as KyTransport from "@openretl/core/KyTransport"
import * as Reason from "@openretl/core/Reason"
import { Transport } from "@openretl/core/Transport"
import { Effect, Redacted, Result } from "effect"
import * as NodeTransport from "../../../cli/src/internal/transport/nodeTransport.ts"
import * as UndiciTransport from "../../src/UndiciTransport.ts"
import { addresses, type ClientReport, type End, port } from "./writes.ts"

const [name = "", count = ""] = process.argv.slice(2)

/** Deadlines in milliseconds, in turn: TCP sends what was lost again after 200 ms, and a connection attempt after a second. */
const deadlines = [60, 250, 700, 1_500]

const undici = UndiciTransport.make({ closeWithin: 0 })

const transports: Readonly<Record<string, typeof undici>> = {
  ky: Effect.sync(KyTransport.make),
  undici,
  node: Effect.sync(NodeTransport.make),
}

const program = Effect.gen(function* () {
  const transport = yield* transports[name] ?? Effect.die(new Error(`no transport is called ${name}`))
  const clients = yield* Effect.forEach(deadlines, (writeTimeout) =>
    VendorClient.make({
      ...{ workspace: "prod", vendor: "acme", baseUrl: `http://${addresses.vendor}:${port}`, writeTimeout },
      token: Redacted.make("sk_live_secret_of_this_test"),
      classify: ({ status, text }) =>
        status < 300 ? undefined : { reason: new Reason.Unavailable(), isVendorsForm: true, text },
    }),
  ).pipe(Effect.provideService(Transport, transport))
  const errors: Record<string, number> = {}
  const ends = yield* Effect.forEach(
    Array.from({ length: Number(count) }, (_, id) => id),
    (id) =>
      Effect.gen(function* () {
        const client = clients[id % clients.length]
        if (client === undefined) return "unknown" as const
        const write = client.call({
          operation: "start",
          method: "POST",
          path: ["writes", { id: String(id) }],
          body: {},
        })
        const result = yield* Effect.result(write)
        if (Result.isSuccess(result)) return "answered" as const
        const { reason, delivery } = result.failure
        const key = `${reason._tag === "Network" ? reason.code : reason._tag} ${delivery}`
        errors[key] = (errors[key] ?? 0) + 1
        // Without a route, a write fails at once: the next ones leave time for the link to come back.
        yield* Effect.sleep(100)
        return delivery satisfies End
      }),
    { concurrency: 64 },
  )
  return { ends, errors } satisfies ClientReport
})

process.stdout.write("here\n")
await once(process.stdin, "data")
process.stdout.write(`${JSON.stringify(await Effect.runPromise(Effect.scoped(program)))}\n`)
// What was given up may still arrive: the system sends it again until this host is gone.
await once(process.stdin, "end")
process.exit(0)
