/**
 * Serves an emulator on loopback, for tests and demonstrations over a real socket. A `TestClock` does not work across a
 * socket: give the emulator a `speed` instead. `ControlServer` also serves its controls, for other processes.
 */
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import type { Emulator } from "./Emulator.ts"
import { listen } from "./internal/http/listener.ts"
import { answerAsVendor } from "./internal/http/vendorAnswer.ts"

/** Options of the server. */
export interface Options {
  /** The port to listen on. @default any free port */
  readonly port?: number
}

/**
 * Listens on 127.0.0.1 until the scope closes, and returns the origin to use as base URL. Dies when the port is taken.
 *
 * A lost answer destroys the socket. `Fault.unreachable` does so, too: an open socket cannot be refused any more.
 */
export const serve = (emulator: Emulator, options: Options = {}): Effect.Effect<string, never, EffectScope.Scope> =>
  Effect.flatMap(Effect.context<never>(), (context) =>
    listen(options.port ?? 0, (exchange) => answerAsVendor(emulator, context, exchange)),
  )
