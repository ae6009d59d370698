/** An emulator as request handlers of `msw`, for tests that intercept `fetch`. This is the only module that needs `msw`. */
import type * as Transport from "@openretl/core/Transport"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type HttpHandler, HttpResponse, http } from "msw"
import type { Emulator } from "./Emulator.ts"

/** Options of the handlers. */
export interface Options {
  /**
   * The context of the Effect that made the emulator, for a test on `TestClock`.
   *
   * @default an empty context, with the real clock
   */
  readonly context?: Context.Context<never>
}

/**
 * Returns handlers for every request to the emulator's base URL. A lost answer rejects the `fetch`, and so does
 * `Fault.unreachable`.
 */
export const handlers = (emulator: Emulator, options: Options = {}): ReadonlyArray<HttpHandler> => {
  const run = Effect.runPromiseExitWith(options.context ?? Context.empty())
  return [
    http.all(`${emulator.baseUrl}/*`, async ({ request }) => {
      const exit = await run(emulator.transport.send(await toRequest(request)), { signal: request.signal })
      if (Exit.isFailure(exit)) return HttpResponse.error()
      const { status, headers, body } = exit.value
      const isBodiless = status === 204 || status === 304
      return new HttpResponse(isBodiless ? null : body.slice().buffer, { status, headers })
    }),
  ]
}

const toRequest = async (request: Request): Promise<Transport.Request> => {
  const body = await request.text()
  return {
    method: request.method as Transport.Method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    ...(body !== "" && { body }),
    maxBytes: Number.MAX_SAFE_INTEGER,
  }
}
