/**
 * An emulator as `msw` request handlers, for tests that intercept `fetch`. This is the only module that needs `msw`.
 */
import type * as Transport from "@openretl/core/Transport"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type HttpHandler, HttpResponse, http } from "msw"
import type { Emulator } from "./Emulator.ts"

export interface Options {
  /** The clock to live on, where it is not the real one: the context of the Effect that made the emulator. */
  readonly context?: Context.Context<never>
}

/** Handlers for everything at the emulator's own base URL. A lost answer and `unreachable` reject the `fetch`. */
export const handlers = (emulator: Emulator, options: Options = {}): ReadonlyArray<HttpHandler> => {
  const run = Effect.runPromiseExitWith(options.context ?? Context.empty())
  return [
    http.all(`${emulator.baseUrl}/*`, async ({ request }) => {
      const asked = await toRequest(request)
      const exit = await run(emulator.transport.send(asked), { signal: request.signal })
      if (Exit.isFailure(exit)) return HttpResponse.error()
      const { status, headers, body } = exit.value
      const bodiless = status === 204 || status === 304
      return new HttpResponse(bodiless ? null : body.slice().buffer, { status, headers })
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
