/**
 * Idempotency keys: a vendor recognizes a request that is repeated with the same key, and answers it as before without
 * carrying it out again.
 *
 * The first request with a key fixes the outcome, refusals of the route included. While it is under way (`commitAfter` of a
 * fault), a request with the same key gets `inFlight`. Refusals of the token, the rate limit and the permission are not kept,
 * and neither are requests that a fault keeps from the vendor. `Fault.respond(operation, { status: 500, isKept: true })` is an
 * error of the vendor's that it keeps.
 */
import type * as Duration from "effect/Duration"
import type { IncomingRequest } from "./IncomingRequest.ts"
import type { Reply } from "./Reply.ts"

/** How a vendor treats idempotency keys. */
export interface IdempotencyKeys {
  /** Returns the key of a request; `undefined` where it has none, or where the vendor ignores it. */
  readonly keyOf: (request: IncomingRequest) => string | undefined
  /** How long a key is kept after its first request. After that, the key is a new one. */
  readonly keptFor: Duration.Input
  /** The answer to a key whose first request is still under way, such as a 409. */
  readonly inFlight: () => Reply
  /**
   * The answer to a key that comes with another method, path or body than its first request. It is read at each request;
   * `undefined` answers as before. @default a key is answered as before, whatever comes with it
   */
  readonly otherRequest?: () => Reply | undefined
}
