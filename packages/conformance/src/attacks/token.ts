/** A vendor that echoes the token in every part of an answer that can contain it. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { expect } from "vitest"
import { tokenEchoes } from "../hostile/tokenEchoes.ts"
import * as Listener from "../testbed/listener.ts"
import * as Secrets from "../testbed/secrets.ts"
import { type Attack, law } from "./attack.ts"
import type { AttackedAdapter } from "./attackedAdapter.ts"

const statuses = [200, 302, 400, 401, 403, 404, 409, 422, 429, 500]

export const tokenAttacks = (attacked: AttackedAdapter): ReadonlyArray<Attack> => {
  const { token } = attacked
  const headers = Object.fromEntries(
    ["retry-after", "date", "x-request-id", "x-ratelimit-reset", "x-vendor-message"].map((name) => [name, token]),
  )

  /** Expects that no result, log line or span has the token, for these bodies with any status. */
  const expectNoToken = Effect.fnUntraced(function* (bodies: ReadonlyArray<unknown>) {
    const listener = Listener.make()
    for (const status of statuses) {
      for (const body of bodies) {
        const location = `https://elsewhere.example/?token=${token}`
        const answer = { status, body, headers: { ...headers, location } }
        const outcomes = yield* Effect.provide(attacked.outcomes(answer), listener.layer)
        const input = `HTTP ${status}, ${JSON.stringify(body)}`.slice(0, 500)
        if (status >= 300) {
          const hasFailed = outcomes.some(({ exit }) => Exit.isFailure(exit))
          expect(hasFailed, `${input}: an operation fails`).toBe(true)
        }
        for (const { name, exit } of outcomes) {
          expect(Secrets.find(token, exit), `${name}, ${input}: the token is in the result`).toBe(undefined)
        }
        expect(Secrets.find(token, listener.records), `${input}: the token is in a log or a span`).toBe(undefined)
      }
    }
  })

  return [
    law("H2", "a token that the vendor echoes in headers is in no result, log or span", expectNoToken([""])),

    ...tokenEchoes.map(([kind, echo]) =>
      law("H2", `a token that the vendor echoes in ${kind} is in no result, log or span`, expectNoToken([echo(token)])),
    ),

    law(
      "H2",
      "a token that the vendor echoes in its usual bodies is in no result, log or span",
      expectNoToken([
        ...attacked.bodies({ some: token, other: token, text: token }),
        ...attacked.bodies({ some: [token], other: { [token]: token, nested: { token } }, text: `no: ${token}` }),
        ...attacked.bodies({ some: { message: token }, other: [[token]], text: `a.${token}` }),
      ]),
    ),

    law(
      "H2",
      "nothing that can be reached from the client and the driver shows the token",
      Effect.map(attacked.opened, (opened) => expect(Secrets.find(token, opened)).toBe(undefined)),
    ),
  ]
}
