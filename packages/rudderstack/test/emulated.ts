/** The complete client over an emulator. */
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { Effect, Redacted } from "effect"
import * as RudderStackClient from "../src/RudderStackClient.ts"

/** Makes an emulator and the client over it. */
export const emulated = Effect.fnUntraced(function* (options: RudderStackEmulator.Options = {}) {
  const emulator = yield* RudderStackEmulator.make(options)
  const client = yield* RudderStackClient.make({
    workspace: "prod",
    baseUrl: emulator.baseUrl,
    token: Redacted.make(emulator.token),
  }).pipe(Effect.provideService(Transport, emulator.transport))
  /** The requests that arrived, as in `GET /v2/retl-sources 200`. */
  const requests = Effect.map(emulator.calls, (calls) =>
    calls.map(({ method, path, status }) => `${method} ${path} ${status}`),
  )
  return { emulator, client, requests }
})

/** Returns the reason and the delivery of a failure, and the paths of its issues. */
export const failure = <A, R>(effect: Effect.Effect<A, RetlError, R>) =>
  Effect.map(Effect.flip(effect), ({ reason, delivery }) => ({
    reason: reason._tag,
    delivery,
    ...(reason._tag === "InvalidRequest" && { paths: reason.issues.map(({ path }) => path.join(".")).sort() }),
  }))
