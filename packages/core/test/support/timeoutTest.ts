/** The test of a transport's time-outs, which takes a worker of its own. */
import { expect, it, vi } from "@effect/vitest"
import { Effect, Exit, Fiber, type Scope } from "effect"
import * as Undici from "undici"
import type { Service } from "../../src/http/exchange.ts"
import * as Sockets from "./sockets.ts"

/** Lets sockets work until the condition holds, and so many virtual minutes pass in each turn. */
const turnsUntil = (condition: () => boolean, minutes = 0) =>
  Effect.promise(async () => {
    while (!condition()) {
      await new Promise((resolve) => setImmediate(resolve))
      await vi.advanceTimersByTimeAsync(minutes * 60_000)
    }
  })

/**
 * Defines the test that no time-out of a transport cuts off a request. undici keeps one timer for all of its time-outs, so all
 * requests of a worker share one virtual clock.
 */
export const timeoutTest = (make: Effect.Effect<Service, never, Scope.Scope>) =>
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
      const { send } = yield* make
      const fibers = yield* Effect.forEach(servers, ({ origin: url }) =>
        Effect.forkChild(send({ method: "POST", url, body: "{}", headers: {}, maxBytes: 100 })),
      )
      yield* turnsUntil(() => servers.every(({ received }) => received.join("").split("POST /").length === 3))
      yield* Effect.promise(() => vi.advanceTimersByTimeAsync(11 * 60_000))
      yield* turnsUntil(() => ends.length === 2, 1)
      expect(ends.map(Exit.isFailure), "undici's own time-outs would end a request").toEqual([true, true])
      expect(fibers.map((fiber) => fiber.pollUnsafe())).toEqual(fibers.map(() => undefined))
      for (const { accepted, rest } of servers) for (const socket of accepted) if (!socket.destroyed) socket.write(rest)
      const answers = yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      expect(answers.map(({ body }) => new TextDecoder().decode(body))).toEqual(["ok", "ok"])
      vi.useRealTimers()
    }),
  )
