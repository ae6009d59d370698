/** The points around the request of a trigger, in the default transport. */
import { subscribe } from "node:diagnostics_channel"
import type { Request, Service } from "@openretl/core/Transport"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Point } from "./points.ts"

/** What the current fiber works for. The request of its trigger carries it as `X-Request-Id`. */
export const CurrentKey = Context.Reference<string | undefined>("crash/CurrentKey", { defaultValue: () => undefined })

const isTrigger = ({ method, url }: Pick<Request, "method" | "url">): boolean =>
  method === "POST" && url.endsWith("/start")

interface Published {
  readonly request: { readonly method: string; readonly path: string }
}

const onTrigger = (channel: string, use: () => void): void =>
  subscribe(channel, (message) => {
    const { request } = message as Published
    if (request.method === "POST" && request.path.endsWith("/start")) use()
  })

/**
 * Returns the transport, which calls `reach` around the requests of triggers: before one is sent, when its bytes have gone
 * to the operating system, when the head of its answer has come, and when core has the answer.
 */
export const withPoints = (transport: Service, reach: (point: Point) => void): Service => {
  // The platform's fetch publishes these synchronously.
  onTrigger("undici:request:bodySent", () => reach("after socket"))
  onTrigger("undici:request:headers", () => reach("before answer"))
  return {
    send: (request) =>
      isTrigger(request)
        ? Effect.gen(function* () {
            const key = yield* CurrentKey
            reach("before socket")
            const headers = { ...request.headers, ...(key !== undefined && { "x-request-id": key }) }
            const response = yield* transport.send({ ...request, headers })
            reach("after answer")
            return response
          })
        : transport.send(request),
  }
}
