/**
 * In place of the default transport in bundles without `ky`, which bundlers make under the condition
 * `openretl-own-transport`: see decisions/0024-a-bundle-without-ky.md.
 */
import * as Effect from "effect/Effect"
import type { Service } from "./exchange.ts"
import { TransportError } from "./TransportError.ts"

/** Creates a transport that sends nothing: each request fails with the code `no-transport`, as `not-sent`. */
export const make = (): Service => ({
  id: "none",
  send: () => Effect.fail(new TransportError({ code: "no-transport", delivery: "not-sent" })),
})
