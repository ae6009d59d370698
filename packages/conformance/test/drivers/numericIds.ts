/** A vendor that writes the ids of syncs as numbers, and an adapter that reads them. */
import type { VendorEmulator } from "@openretl/conformance/Harness"
import { type Response, Transport } from "@openretl/core/Transport"
import { Effect } from "effect"

/** Larger than a number of JavaScript can be, so that a rounded id is another one. */
const firstId = 9_007_199_254_740_993n

const mapBody = (answer: Response, change: (body: string) => string): Response => ({
  ...answer,
  body: new TextEncoder().encode(change(new TextDecoder().decode(answer.body))),
})

/** Returns the emulator with numeric ids of syncs, which its answers show as numbers. */
export const withNumbers = (emulator: VendorEmulator): VendorEmulator => {
  let count = 0n
  return {
    ...emulator,
    addSync: (options) =>
      emulator.addSync({ ...options, ids: { ...options?.ids, connection: String(firstId + count++) } }),
    transport: {
      send: (request) =>
        Effect.map(emulator.transport.send(request), (answer) =>
          mapBody(answer, (body) => body.replaceAll(/"id":"(\d+)"/g, '"id":$1')),
        ),
    },
  }
}

/** Opens a workspace whose client reads numeric ids as texts. */
export const readingNumbers = <A, E, R>(workspace: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Transport, (transport) =>
    Effect.provideService(workspace, Transport, {
      send: (request) =>
        Effect.map(transport.send(request), (answer) =>
          mapBody(answer, (body) => body.replaceAll(/"id":(\d+)/g, '"id":"$1"')),
        ),
    }),
  )
