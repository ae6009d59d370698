/**
 * The port to HTTP, in plain data: one request in, one whole answer out.
 *
 * One interruptible effect covers sending *and* reading the body. Redirects are answers and are not followed, no status
 * is an error here, and nothing is retried: what an answer means, and what to do about it, is not the transport's
 * business. Anything with this shape plugs in: the `ky` transport (the default, see `KyTransport`), an emulator in memory,
 * or your own.
 */
import * as Context from "effect/Context"
import type { Service } from "./exchange.ts"
import * as KyTransport from "./KyTransport.ts"

export type { Method, Request, Response, Service } from "./exchange.ts"

/** The transport in use. Defaults to `ky` over the platform's `fetch`; provide another to replace it. */
export const Transport: Context.Reference<Service> = /* @__PURE__ */ Context.Reference<Service>(
  "@openretl/core/Transport",
  { defaultValue: () => KyTransport.make() },
)
