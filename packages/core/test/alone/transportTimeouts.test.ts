import { expect, it, vi } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import * as Undici from "undici"
import * as KyTransport from "../../src/http/KyTransport.ts"
import * as UndiciTransport from "../../src/http/UndiciTransport.ts"
import * as Sockets from "../support/sockets.ts"

/** Lets sockets work until the condition holds, and so many virtual minutes pass in each turn. */
const turnsUntil = (condition: () => boolean, minutes = 0) =>
  Effect.promise(async () => {
    while (!condition()) {
      await new Promise((resolve) => setImmediate(resolve))
      await vi.advanceTimersByTimeAsync(minutes * 60_000)
    }
  })

// undici keeps one timer for all of its time-outs, so all requests of this file share one virtual clock.
it.live("T4: no time-out of a transport cuts off a request, neither before its answer nor within its body", () =>
  Effect.gen(function* () {
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] })
    const parts = [
      ["", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"],
      ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no", "k"],
    ] as const
    const servers = yield* Effect.forEach(parts, ([head, rest]) =>
      Effect.map(
        Sockets.serve({
          onRequest: (socket) => {
            if (head !== "") socket.write(head)
          },
        }),
        (sockets) => ({ ...sockets, rest }),
      ),
    )
    const ends: Array<Exit.Exit<string, unknown>> = []
    for (const { origin } of servers) {
      void Undici.fetch(origin, { method: "POST", dispatcher: new Undici.Agent() })
        .then((response) => response.text())
        .then(Exit.succeed, Exit.fail)
        .then((exit) => ends.push(exit))
    }
    const fibers = yield* Effect.forEach(
      servers.flatMap(({ origin: url }) =>
        [KyTransport.make(), UndiciTransport.make()].map(({ send }) =>
          send({ method: "POST", url, body: "{}", headers: {}, maxBytes: 100 }),
        ),
      ),
      (request) => Effect.forkChild(request),
    )
    yield* turnsUntil(() => servers.every(({ received }) => received.join("").split("POST /").length === 4))
    yield* Effect.promise(() => vi.advanceTimersByTimeAsync(11 * 60_000))
    yield* turnsUntil(() => ends.length === 2, 1)
    expect(ends.map(Exit.isFailure), "undici's own time-outs would end a request").toEqual([true, true])
    expect(fibers.map((fiber) => fiber.pollUnsafe())).toEqual(fibers.map(() => undefined))
    for (const { accepted, rest } of servers) for (const socket of accepted) if (!socket.destroyed) socket.write(rest)
    const answers = yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
    expect(answers.map(({ body }) => new TextDecoder().decode(body))).toEqual(["ok", "ok", "ok", "ok"])
    vi.useRealTimers()
  }),
)
