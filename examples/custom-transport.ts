/**
 * A custom transport: it logs method, path, status and duration of every request. It logs no header, query or body, since
 * those may contain the token or rows of data.
 *
 * Run it with `npm run example custom-transport`. A transport has one method. This one wraps `KyTransport` over a real
 * socket. A transport may also send requests itself, over `node:http` or through a proxy. It must send one request per
 * call, follow no redirect, and retry nothing.
 */
import { performance } from "node:perf_hooks"
import * as KyTransport from "@openretl/core/KyTransport"
import { Runs } from "@openretl/core/Runs"
import * as Transport from "@openretl/core/Transport"
import { Fault, ZeotapEmulator } from "@openretl/emulator"
import { serve } from "@openretl/emulator/Server"
import { Zeotap } from "@openretl/zeotap"
import { Effect, Exit, Redacted } from "effect"

/** Returns a transport that sends through `inner` and passes one line per request to `log`. */
const withLog = (inner: Transport.Service, log: (line: string) => void): Transport.Service => ({
  send: (request) =>
    Effect.suspend(() => {
      const startedAt = performance.now()
      return inner.send(request).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            const { pathname } = new URL(request.url)
            const status = Exit.isSuccess(exit) ? String(exit.value.status) : "no answer"
            log(`${request.method.padEnd(4)} ${pathname} ${status} ${Math.round(performance.now() - startedAt)} ms`)
          }),
        ),
      )
    }),
})

const program = Effect.gen(function* () {
  const emulator = yield* ZeotapEmulator.make({ speed: 60, latency: "1 second" })
  const { sync } = yield* emulator.addSync()
  yield* emulator.addFaults(Fault.gatewayPage("get"))

  const layer = Zeotap.layer({
    name: "app",
    workspaceId: emulator.workspace.id,
    token: Redacted.make(emulator.token),
    baseUrl: yield* serve(emulator),
  })
  const finished = yield* Effect.gen(function* () {
    const ref = yield* Zeotap.syncRef("app", { sync: sync ?? "" })
    return yield* (yield* Runs).run(ref, { whenRunning: "wait" })
  }).pipe(
    Effect.provide(layer),
    Effect.provideService(
      Transport.Transport,
      withLog(KyTransport.make(), (line) => console.log(line)),
    ),
  )
  console.log(`${finished.verdict}, although one request was answered with 502`)
}).pipe(Effect.scoped)

await Effect.runPromise(program)
