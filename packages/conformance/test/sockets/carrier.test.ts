/** Virtual time over sockets waits for what a transport has yet to do with an answer that has left the vendor. */
import { describe, expect, it } from "@effect/vitest"
import * as KyTransport from "@openretl/core/KyTransport"
import type { Request, Response, Service } from "@openretl/core/Transport"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Carrier from "./carrier.ts"
import * as SettledClock from "./settledClock.ts"

const ky = KyTransport.make()

const request: Request = { method: "GET", url: "https://api.example.com/runs", headers: {}, maxBytes: 1_000 }

const answer: Response = { status: 200, headers: {}, body: new TextEncoder().encode("[]") }

/** More turns of the event loop than are quiet before time moves. The rest of a long body can take as many. */
const turns = Effect.callback<void>((resume) => {
  let count = 0
  const turn = () => (++count < 100 ? setImmediate(turn) : resume(Effect.void))
  turn()
})

/**
 * Runs a program with a transport that does this between the answer and its end, on a clock that waits for it. The vendor
 * answers at once.
 */
const over = <A, E>(
  beforeEnd: Effect.Effect<void>,
  program: (transport: Service, carrier: Carrier.Carrier) => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.flatMap(Carrier.make({ ...ky, send: (sent) => Effect.tap(ky.send(sent), beforeEnd) }), (carrier) =>
    Effect.provide(
      program(carrier.to({ send: () => Effect.succeed(answer) }), carrier),
      SettledClock.layer(carrier.isStill),
    ),
  ).pipe(Effect.scoped)

describe("virtual time over sockets", () => {
  it.live("does not pass while a transport still reads an answer that has left the vendor", () =>
    over(turns, (transport) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.timeout(transport.send(request), "1 second"))
        yield* TestClock.adjust("2 seconds")
        const { status, body } = yield* Fiber.join(fiber)
        expect([status, new TextDecoder().decode(body)]).toEqual([200, "[]"])
      }),
    ),
  )

  it.live("does not wait for the socket of a request that was given up after its answer had left", () =>
    Effect.flatMap(Deferred.make<void>(), (received) =>
      over(Effect.andThen(Deferred.succeed(received, undefined), Effect.never), (transport, carrier) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(transport.send(request))
          yield* Effect.andThen(Deferred.await(received), turns)
          yield* Fiber.interrupt(fiber)
          yield* TestClock.adjust("1 second")
          expect(carrier.takeProblems()).toEqual([])
        }),
      ),
    ),
  )
})
