/**
 * A transport of your own: one that notes method, path, status and duration of every request, and never a header, a query
 * or a body, since those may hold the token or rows of data.
 *
 * Run it with `npm run example custom-transport`. A transport has one method. This one
 * wraps another, `ky` over a real socket here; it could as well be the whole way to the vendor, over `node:http` or
 * through a proxy of yours. It must send one request for one call, follow no redirect, and try nothing again.
 */
import { performance } from "node:perf_hooks"
import * as KyTransport from "@openretl/core/KyTransport"
import { Runs } from "@openretl/core/Runs"
import * as Transport from "@openretl/core/Transport"
import { Fault, ZeotapEmulator } from "@openretl/emulator"
import { serve } from "@openretl/emulator/Server"
import { Zeotap } from "@openretl/zeotap"
import { Effect, Exit, Redacted } from "effect"

const noted = (inner: Transport.Service, note: (line: string) => void): Transport.Service => ({
  send: (request) =>
    Effect.suspend(() => {
      const began = performance.now()
      return inner.send(request).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            const { pathname } = new URL(request.url)
            const ended = Exit.isSuccess(exit) ? String(exit.value.status) : "no answer"
            note(`${request.method.padEnd(4)} ${pathname} ${ended} ${Math.round(performance.now() - began)} ms`)
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
      noted(KyTransport.make(), (line) => console.log(line)),
    ),
  )
  console.log(`${finished.verdict}, in spite of one bad gateway`)
}).pipe(Effect.scoped)

await Effect.runPromise(program)
