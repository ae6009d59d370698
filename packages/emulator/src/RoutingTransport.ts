/**
 * Several emulators behind one transport, for a fleet in memory: each answers for its own origin. A request for another
 * origin is not sent, as where no such host is known.
 */
import type { Service } from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"

/** Two emulators of one origin (two accounts at one vendor, in one region) are a mistake: a defect. */
export const make = (...emulators: ReadonlyArray<Pick<Emulator, "baseUrl" | "transport">>): Service => {
  const byOrigin = new Map(emulators.map(({ baseUrl, transport }) => [baseUrl, transport]))
  if (byOrigin.size < emulators.length) throw new Error("two of these emulators answer for the same origin")
  return {
    send: (request) => {
      const found = byOrigin.get(URL.parse(request.url)?.origin ?? "")
      return found === undefined
        ? Effect.fail(new TransportError({ code: "ENOTFOUND", delivery: "not-sent" }))
        : found.send(request)
    },
  }
}
