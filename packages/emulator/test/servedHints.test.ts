import { describe, expect, it } from "@effect/vitest"
import { SegmentEmulator } from "@openretl/emulator"
import * as ControlClient from "@openretl/emulator/ControlClient"
import * as ControlServer from "@openretl/emulator/ControlServer"
import { Hint } from "@openretl/emulator/Hint"
import { Effect, Queue, Schema } from "effect"
import { listen } from "../src/internal/http/listener.ts"

/** Listens for hints, and answers as it is given. */
const receiver = Effect.fnUntraced(function* (status: number) {
  const hints = yield* Queue.unbounded<Hint>()
  const url = yield* listen(0, ({ incoming, body, response }) => {
    expect([incoming.method, incoming.url]).toEqual(["POST", "/hooks?from=segment"])
    Queue.offerUnsafe(hints, Schema.decodeUnknownSync(Hint)(JSON.parse(body)))
    response.writeHead(status).end()
  })
  return { url: `${url}/hooks?from=segment`, hints }
})

const setup = Effect.gen(function* () {
  const { url } = yield* ControlServer.serve(
    Effect.tap(SegmentEmulator.make({ plan: { duration: 0 } }), (emulator) => emulator.addSync()),
  )
  const client = yield* ControlClient.make({ url })
  const [sync] = yield* client.syncs
  return { client, ids: sync?.ids ?? {} }
})

describe("hints over HTTP", () => {
  it.live("go to the URL until the next reset, whatever it answers", () =>
    Effect.gen(function* () {
      const { client, ids } = yield* setup
      const { url, hints } = yield* receiver(500)
      yield* client.sendHints(url, { ordered: true })
      for (let count = 0; count < 2; count++) {
        const run = yield* client.triggerAsStranger(ids)
        expect(yield* Queue.take(hints)).toMatchObject({ sync: ids, run, change: "started" })
        expect(yield* Queue.take(hints)).toMatchObject({ sync: ids, run, change: "ended" })
      }
      yield* client.reset
      yield* client.triggerAsStranger(ids)
      const next = yield* receiver(204)
      yield* client.sendHints(next.url, { changes: ["ended"], loss: 0, doubling: 1 })
      const run = yield* client.triggerAsStranger(ids)
      for (let count = 0; count < 2; count++) {
        expect(yield* Queue.take(next.hints)).toMatchObject({ run, change: "ended" })
      }
      expect([yield* Queue.size(hints), yield* Queue.size(next.hints)]).toEqual([0, 0])
    }).pipe(Effect.scoped),
  )
})
