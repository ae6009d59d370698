/**
 * The port to HTTP, in plain data: one request in, one whole answer out.
 *
 * One interruptible effect covers sending and reading the body. A transport follows no redirect, treats no status as an
 * error, and sends nothing again: `VendorClient` decides what an answer means. The default is `KyTransport`; an
 * emulator in memory or another implementation of `Service` can replace it.
 */

import * as Context from "effect/Context"
import * as DefaultTransport from "#default-transport"
import type { Service } from "./exchange.ts"

export { fromCallback, type Method, type Request, type Response, type Service, type Start } from "./exchange.ts"

/**
 * The transport that clients use; provide another to replace it. Under the condition `openretl-own-transport`, a bundle has
 * no `ky`, and the default sends nothing.
 *
 * @default `ky` over the platform's `fetch`
 */
export const Transport: Context.Reference<Service> = /* @__PURE__ */ Context.Reference<Service>(
  "@openretl/core/Transport",
  { defaultValue: () => DefaultTransport.make() },
)
