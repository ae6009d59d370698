/**
 * The transport of the command line, over Node's own HTTP client. It starts soonest: Node's `fetch` and undici take more than 20 ms
 * to load. As `@openretl/undici`, it knows when a request begins to leave, and sends each request once. It uses no proxies.
 */
import type { AgentOptions } from "node:http"
import process from "node:process"
import { fromCallback, type Service } from "@openretl/core/Transport"
import * as Duration from "effect/Duration"
import { type Client, Exchange } from "./exchange.ts"

/** The options of the transport. */
export interface Options {
  /** How long connecting may take; a socket that no request uses is kept as long. @default "10 seconds" */
  readonly connectTimeout?: Duration.Input
}

/** Loads Node's client for a scheme. The one for `https:` takes longer than all else here. */
const load = (protocol: string, options: AgentOptions): Client => {
  if (protocol === "https:") {
    const { Agent, request } = process.getBuiltinModule("node:https")
    return { request, agent: new Agent(options), connected: "secureConnect" }
  }
  const { Agent, request } = process.getBuiltinModule("node:http")
  return { request, agent: new Agent(options), connected: "connect" }
}

/** Creates the transport. A socket that no request uses does not hold the process up. */
export const make = ({ connectTimeout = "10 seconds" }: Options = {}): Service => {
  const timeout = Duration.toMillis(Duration.fromInputUnsafe(connectTimeout))
  const clients = new Map<string, Client>()
  const clientOf = ({ protocol }: URL): Client => {
    const client = clients.get(protocol) ?? load(protocol, { keepAlive: true, timeout })
    clients.set(protocol, client)
    return client
  }
  return {
    id: `node ${timeout}`,
    tellsStart: true,
    send: (request) =>
      fromCallback((report) => {
        // Node calls within its parser: the answer leaves it before anything else runs.
        const exchange = new Exchange(request, (result) => queueMicrotask(() => report(result)))
        try {
          const url = new URL(request.url)
          exchange.send(clientOf(url), url)
        } catch (error) {
          exchange.fail(error)
        }
        return () => exchange.abort()
      }),
  }
}
