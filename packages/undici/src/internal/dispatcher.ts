/** What sends the requests: pools of sockets, one for each origin, or those of a proxy. */
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici"

/** How the sockets are opened. */
export interface Settings {
  readonly connections: number
  readonly connectTimeout: Duration.Duration
  readonly proxy: "environment" | "none"
}

/** Returns a variable of the environment, in lower case first, as other programs read it; empty where there is none. */
const variable = (name: string): Effect.Effect<string> =>
  Config.String(name).pipe(
    Config.orElse(() => Config.String(name.toUpperCase())),
    Config.withDefault(""),
    Effect.orElseSucceed(() => ""),
  )

/** Creates the dispatcher. It reads the environment once. */
export const make = ({ connections, connectTimeout, proxy }: Settings): Effect.Effect<Dispatcher> =>
  Effect.gen(function* () {
    // HTTP/2 stays off: over it, a request that the server refuses late is sent a second time. So does pipelining, where
    // the requests behind a failed one are sent again. Core has the deadlines.
    const settings = {
      ...{ allowH2: false, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 },
      connections,
      connect: { timeout: Duration.toMillis(connectTimeout) },
    }
    if (proxy === "none") return new Agent(settings)
    const httpProxy = yield* variable("http_proxy")
    const httpsProxy = yield* variable("https_proxy")
    const noProxy = yield* variable("no_proxy")
    return httpProxy === "" && httpsProxy === ""
      ? new Agent(settings)
      : new EnvHttpProxyAgent({ ...settings, httpProxy, httpsProxy, noProxy })
  })
