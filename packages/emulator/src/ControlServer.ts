/**
 * Serves an emulator on loopback together with its controls, for tests that run in other processes, and in other
 * languages. `Control` describes the requests, `ControlClient` sends them.
 *
 * Time is real: no request moves a clock. Runs take as long as their plans say.
 */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as EffectScope from "effect/Scope"
import type { Emulator } from "./Emulator.ts"
import { answer, commandNames, isControl } from "./internal/control/answer.ts"
import { type Exchange, listen } from "./internal/http/listener.ts"
import { answerAsVendor } from "./internal/http/vendorAnswer.ts"
import type { Reply } from "./kit/Reply.ts"
import type { Options } from "./Server.ts"

export type { Options } from "./Server.ts"

/** An emulator that is served with its controls. */
export interface Served {
  /** The origin to use as base URL. The control API is below `Control.path`. */
  readonly url: string
  /** The emulator that answers now. A reset makes another one. */
  readonly emulator: Effect.Effect<Emulator>
}

/**
 * Makes an emulator and listens on 127.0.0.1 until the scope closes. Dies when the port is taken. `make` runs again at each
 * reset, and may add syncs: `SegmentEmulator.make().pipe(Effect.tap((segment) => segment.addSync()))`.
 *
 * Faults act as with `Server.serve`. After a reset, a request that is under way is still answered by the emulator that it
 * arrived at.
 */
export const serve = (
  make: Effect.Effect<Emulator>,
  options: Options = {},
): Effect.Effect<Served, never, EffectScope.Scope> =>
  Effect.gen(function* () {
    const context = yield* Effect.context<never>()
    const fibers = yield* FiberSet.make<void>()
    let emulator = yield* make
    const reset = Effect.andThen(
      FiberSet.clear(fibers),
      Effect.map(make, (fresh) => {
        emulator = fresh
      }),
    )
    const background = (work: Effect.Effect<void>) =>
      Effect.asVoid(FiberSet.run(fibers, work, { startImmediately: true }))
    let url = ""
    url = yield* listen(options.port ?? 0, (exchange) => {
      const target = exchange.incoming.url ?? "/"
      if (!isControl(target)) return answerAsVendor(emulator, context, exchange)
      const request = { method: exchange.incoming.method ?? "", target, body: exchange.body }
      const served = { emulator, url, commands: commandNames, background, reset }
      void Effect.runPromiseWith(context)(answer(served, request)).then((reply) => send(exchange, reply))
    })
    return { url, emulator: Effect.sync(() => emulator) }
  })

const send = ({ response }: Exchange, { status, headers, body }: Reply): void => {
  response.writeHead(status, headers)
  response.end(body)
}
