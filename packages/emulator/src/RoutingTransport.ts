/**
 * Several emulators behind one transport, for a fleet in memory. Each emulator answers for its origin. A request to
 * another origin fails as if its host did not exist: `ENOTFOUND`, not sent.
 */
import type { Service } from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"

/** Creates the transport. Throws when two emulators have one origin: two accounts at one vendor, in one region. */
export const make = (...emulators: ReadonlyArray<Pick<Emulator, "baseUrl" | "transport">>): Service => {
  const byOrigin = new Map(emulators.map(({ baseUrl, transport }) => [baseUrl, transport]))
  if (byOrigin.size < emulators.length) throw new Error("Two of these emulators answer for the same origin")
  return {
    send: (request) => {
      const transport = byOrigin.get(URL.parse(request.url)?.origin ?? "")
      return transport === undefined
        ? Effect.fail(new TransportError({ code: "ENOTFOUND", delivery: "not-sent" }))
        : transport.send(request)
    },
  }
}
