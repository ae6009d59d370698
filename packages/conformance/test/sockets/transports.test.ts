/** The suite over sockets notices transports that do one thing wrong. The transport without it keeps these laws: see `ky.test.ts`. */
import * as Laws from "@openretl/conformance/Laws"
import * as KyTransport from "@openretl/core/KyTransport"
import type { Service } from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import { Effect, Exit, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { harness } from "../../../rudderstack/test/harness.ts"
import * as Carrier from "./carrier.ts"
import { verifyOver } from "./suite.ts"

const ky = KyTransport.make()

/** What a transport does wrong, and the beginning of the title of a law that this breaks. */
const wrong: ReadonlyArray<{ readonly does: string; readonly law: string; readonly change: Partial<Service> }> = [
  {
    does: "sends a write again that broke off",
    law: "a run whose answer is lost (the connection breaks)",
    change: { send: (request) => Effect.catch(ky.send(request), () => ky.send(request)) },
  },
  {
    does: "follows a redirect",
    law: "a 307 to start",
    change: {
      send: (request) =>
        Effect.flatMap(ky.send(request), (answer) =>
          answer.status === 307 ? ky.send(request) : Effect.succeed(answer),
        ),
    },
  },
  {
    does: "says not-sent of every failure",
    law: "a run whose answer is lost (the connection breaks)",
    change: {
      send: (request) =>
        Effect.mapError(ky.send(request), ({ code }) => new TransportError({ code, delivery: "not-sent" })),
    },
  },
  {
    does: "says unknown of every failure",
    law: "a request that provably never left",
    change: {
      send: (request) =>
        Effect.mapError(ky.send(request), ({ code }) => new TransportError({ code, delivery: "unknown" })),
    },
  },
  {
    does: "never says that a request begins to leave, and claims to",
    law: "a run whose answer is lost (no answer at all)",
    change: { tellsStart: true },
  },
  {
    does: "has no bound for bodies",
    law: "a body that is too large",
    change: { send: (request) => ky.send({ ...request, maxBytes: Number.MAX_SAFE_INTEGER }) },
  },
  {
    does: "goes on after an interrupt",
    law: "interrupting a wait stops its requests",
    change: { send: (request) => Effect.flatMap(Effect.forkDetach(ky.send(request)), Fiber.join) },
  },
  {
    does: "gives half of a body",
    law: "contact: each operation that runs syncs",
    change: {
      send: (request) =>
        Effect.map(ky.send(request), (answer) => ({ ...answer, body: answer.body.slice(0, answer.body.length / 2) })),
    },
  },
  {
    does: "sends no body",
    law: "contact: each operation that runs syncs",
    change: { send: ({ body: _, ...request }) => ky.send(request) },
  },
]

describe("the suite over sockets notices each transport that does one thing wrong", () => {
  it.each(wrong)("a transport that $does breaks: $law", async ({ law: title, change }) => {
    const law = Laws.of(harness.switches).find((candidate) => candidate.title.startsWith(title))
    if (law === undefined) throw new Error(`no law begins so: ${title}`)
    const verdict = Effect.flatMap(Carrier.make({ ...ky, ...change }), (carrier) => verifyOver(carrier, harness, law))
    expect(Exit.isFailure(await Effect.runPromiseExit(Effect.scoped(verdict)))).toBe(true)
  })
})
