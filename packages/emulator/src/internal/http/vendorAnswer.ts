/** Answers a request over a socket as the emulator's transport answers it in memory. */
import type * as Transport from "@openretl/core/Transport"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Emulator } from "../../Emulator.ts"
import type { Exchange } from "./listener.ts"

/** Answers the request. A lost answer destroys the socket. */
export const answerAsVendor = (
  emulator: Emulator,
  context: Context.Context<never>,
  { incoming, body, response }: Exchange,
): void => {
  const request = toRequest(emulator, incoming, body)
  // The client hung up: stop waiting for the answer. What the vendor began to do, it still does.
  const hungUp = new AbortController()
  response.on("close", () => hungUp.abort())
  void Effect.runPromiseExitWith(context)(emulator.transport.send(request), { signal: hungUp.signal }).then((exit) => {
    if (Exit.isFailure(exit)) {
      incoming.socket.destroy()
      return
    }
    const { status, headers, body: bytes } = exit.value
    response.writeHead(status, { ...headers, "content-length": String(bytes.byteLength) })
    response.end(bytes)
  })
}

const toRequest = (emulator: Emulator, incoming: Exchange["incoming"], body: string): Transport.Request => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value
  }
  return {
    method: incoming.method as Transport.Method,
    // A client that believes to talk to a proxy sends the origin too.
    url: `${emulator.baseUrl}${(incoming.url ?? "/").replace(/^https?:\/\/[^/?]*\/?/, "/")}`,
    headers,
    ...(body !== "" && { body }),
    maxBytes: Number.MAX_SAFE_INTEGER,
  }
}
