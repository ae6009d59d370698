/** The transport of the commands that send something: the published bundle has no default. */
import process from "node:process"
import { Transport } from "@openretl/core/Transport"
import * as Effect from "effect/Effect"
import * as NodeTransport from "../transport/nodeTransport.ts"

/** What undici sends its requests with, where a module has chosen it, also for `fetch`. */
const dispatcher = Symbol.for("undici.globalDispatcher.1")

/**
 * Whether the requests have to go through `fetch`: where an option of Node turns the proxies of the environment on, and where a
 * module that it loaded first has chosen what sends them. Where a version of Node follows either, its `fetch` does.
 */
export const needsFetch = ({ env, execArgv }: Pick<NodeJS.Process, "env" | "execArgv">, globals: object): boolean =>
  env["NODE_USE_ENV_PROXY"] !== undefined ||
  [env["NODE_OPTIONS"] ?? "", ...execArgv].some((options) => /--use[-_]env[-_]proxy/.test(options)) ||
  dispatcher in globals

/** Provides the transport to a command. */
export const withTransport = Effect.provideServiceEffect(
  Transport,
  Effect.suspend(() =>
    needsFetch(process, globalThis)
      ? Effect.map(
          // Loaded only here: it starts late.
          Effect.promise(() => import("@openretl/core/KyTransport")),
          (KyTransport) => KyTransport.make(),
        )
      : Effect.succeed(NodeTransport.make()),
  ),
)
