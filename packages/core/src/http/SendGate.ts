/** The last gate before a request: the caller of a driver can stop a request after its token was read. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * An effect that `VendorClient` runs in the fiber of the call, after the token was read and right before it hands the
 * request to the transport. Where it fails, with the sentence that says why, the request is not sent, and the call fails
 * with the reason `Stopped` and the delivery `not-sent`. It runs again before a request that is sent after a 401. It does
 * not suspend: between it and the request nothing else runs. Defaults to an effect that succeeds.
 */
export const SendGate: Context.Reference<Effect.Effect<void, string>> = /* @__PURE__ */ Context.Reference<
  Effect.Effect<void, string>
>("@openretl/core/SendGate", { defaultValue: () => Effect.void })
