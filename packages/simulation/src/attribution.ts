/** Which caller sent which write: the index of a call travels with its fibers, and the transport notes it. */

import type { Service as Transport } from "@openretl/core/Transport"
import type { Emulator } from "@openretl/emulator/Emulator"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"

/** The index of the call that the current fiber works for. */
export const CurrentCall = Context.Reference<number | undefined>("simulation/CurrentCall", {
  defaultValue: () => undefined,
})

/** The emulator's transport. Before each write it calls `note` with the call and the write's place among `emulator.calls`. */
export const attributed = (emulator: Emulator, note: (call: number, place: number) => void): Transport => ({
  send: (request) =>
    request.method === "GET"
      ? emulator.transport.send(request)
      : Effect.gen(function* () {
          const call = yield* CurrentCall
          const place = (yield* emulator.calls).length
          if (call !== undefined) note(call, place)
          return yield* emulator.transport.send(request)
          // No other fiber may come between the count and the request.
        }).pipe(Effect.provideService(Scheduler.MaxOpsBeforeYield, Number.MAX_SAFE_INTEGER)),
})

/** Whether the caller of a request with this status must assume that it was carried out. */
export const mayHaveHappened = (status: number | string | undefined): boolean =>
  status === "lost" || status === "pending" || (typeof status === "number" && (status < 400 || status >= 500))
