import { expect, it } from "@effect/vitest"
import { Fault, RudderStackEmulator } from "@openretl/emulator"
import * as ControlClient from "@openretl/emulator/ControlClient"
import * as ControlServer from "@openretl/emulator/ControlServer"
import { Effect } from "effect"

/** Stands for your pipeline, which may run in another process. */
const triggerOrders = async (url: string, token: string, connection: string | undefined) => {
  const response = await fetch(`${url}/v2/retl-connections/${connection}/start`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "x-request-id": "order-1" },
    body: JSON.stringify({ syncType: "incremental" }),
  })
  return response.status
}

it.live("a lost answer still started the run, as another process sees it", () =>
  Effect.gen(function* () {
    // The command `openretl-emulator rudderstack` serves the same, in a process of its own.
    const { url } = yield* ControlServer.serve(RudderStackEmulator.make({ plan: { duration: "2 seconds" } }))

    const emulator = yield* ControlClient.make({ url })
    const orders = yield* emulator.addSync()
    yield* emulator.addFaults(Fault.lost("start", { commits: true }))

    const { token } = yield* emulator.info
    const answer = yield* Effect.exit(Effect.promise(() => triggerOrders(url, token, orders["connection"])))
    expect(answer._tag).toBe("Failure")

    // Which runs exist, and which request started each?
    const { runs } = yield* emulator.truth
    expect(runs).toMatchObject([{ sync: orders, origin: "call", request: { operation: "start", status: "lost" } }])
    expect(runs[0]?.request?.headers["x-request-id"]).toBe("order-1")
  }).pipe(Effect.scoped),
)
