/**
 * A transport over `undici`, for servers. It knows when a request begins to leave: a trigger whose deadline or connection
 * ends before that is proven `not-sent`, and core sends it again, where it otherwise has to look for a run. A read
 * over it costs half of the CPU that it costs over the default transport.
 *
 *     Layer.provide(workspace, UndiciTransport.layer())
 *     await RudderStack.open({ ...options, transport: UndiciTransport.make() })
 */
import { fromCallback, type Service, Transport } from "@openretl/core/Transport"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Dispatcher from "./internal/dispatcher.ts"
import { Exchange, optionsOf } from "./internal/exchange.ts"

/** The options of the transport. */
export interface Options {
  /** The most sockets to one origin; further requests wait for one, not sent. @default 256 */
  readonly connections?: number
  /** How long connecting may take, to within a second. @default "10 seconds" */
  readonly connectTimeout?: Duration.Input
  /**
   * Whether requests go through the proxies that the environment names when the transport is made: `http_proxy`,
   * `https_proxy` and `no_proxy`, also in capitals. @default "environment"
   */
  readonly proxy?: "environment" | "none"
  /** How long closing waits for requests that are under way, before it closes their sockets. @default "10 seconds" */
  readonly closeWithin?: Duration.Input
}

const defaults = { connections: 256, proxy: "environment" } as const

const tenSeconds = /* @__PURE__ */ Duration.seconds(10)

/**
 * Creates the transport. With the surrounding `Scope` it closes: it refuses further requests, waits for those under way as
 * `closeWithin` says, and closes all sockets.
 */
export const make = (options: Options = {}): Effect.Effect<Service, never, Scope.Scope> => {
  const { connections, proxy } = { ...defaults, ...options }
  const connectTimeout = Duration.fromInputUnsafe(options.connectTimeout ?? tenSeconds)
  const closeWithin = Duration.fromInputUnsafe(options.closeWithin ?? tenSeconds)
  return Effect.suspend(() => {
    const underWay = new Set<Exchange>()
    return Effect.acquireRelease(Dispatcher.make({ connections, connectTimeout, proxy }), (dispatcher) => {
      const closed = Effect.promise(() => dispatcher.close())
      // An agent that is closing no longer knows its sockets: to destroy it would close none.
      const orElse = () =>
        Effect.sync(() => {
          for (const exchange of underWay) exchange.close()
        })
      return Effect.timeoutOrElse(closed, { duration: closeWithin, orElse })
    }).pipe(
      Effect.map((dispatcher) => ({
        id: `undici ${connections} ${Duration.toMillis(connectTimeout)} ${proxy}`,
        tellsStart: true,
        send: (request) =>
          fromCallback((report) => {
            // undici calls within its parser: the answer leaves it before anything else runs.
            const exchange = new Exchange(request, (result) => {
              underWay.delete(exchange)
              queueMicrotask(() => report(result))
            })
            underWay.add(exchange)
            try {
              dispatcher.dispatch(optionsOf(request), exchange)
            } catch (error) {
              exchange.fail(error)
            }
            return () => {
              underWay.delete(exchange)
              exchange.abort()
            }
          }),
      })),
    )
  })
}

/** Returns the layer that provides the transport to workspaces. It closes as `make` says, after its workspaces. */
export const layer = (options: Options = {}): Layer.Layer<never> => Layer.effect(Transport, make(options))
