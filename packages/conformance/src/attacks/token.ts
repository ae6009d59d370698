/** A vendor that echoes the token, in all the places that it has. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { expect } from "vitest"
import { echoes } from "../hostile/ids.ts"
import * as Listener from "../testbed/listener.ts"
import * as Secrets from "../testbed/secrets.ts"
import { type Attack, law } from "./attack.ts"
import type { Attacked } from "./attackedAdapter.ts"

const statuses = [200, 302, 400, 401, 403, 404, 409, 422, 429, 500]

export const token = (attacked: Attacked): ReadonlyArray<Attack> => {
  const { token } = attacked
  const headers = Object.fromEntries(
    ["retry-after", "date", "x-request-id", "x-ratelimit-reset", "x-vendor-message"].map((name) => [name, token]),
  )

  /** Whatever the status, nothing that comes of these bodies has the token. */
  const expectSilence = Effect.fnUntraced(function* (bodies: ReadonlyArray<unknown>) {
    const listener = Listener.make()
    for (const status of statuses) {
      for (const body of bodies) {
        const location = `https://elsewhere.example/?token=${token}`
        const answer = { status, body, headers: { ...headers, location } }
        const outcomes = yield* Effect.provide(attacked.outcomes(answer), listener.layer)
        const what = `HTTP ${status}, ${JSON.stringify(body)}`.slice(0, 500)
        if (status >= 300)
          expect(
            outcomes.some(({ exit }) => Exit.isFailure(exit)),
            what,
          ).toBe(true)
        for (const { name, exit } of outcomes) expect(Secrets.find(token, exit), `${name}, ${what}`).toBe(undefined)
        expect(Secrets.find(token, listener.heard), `logs and spans, ${what}`).toBe(undefined)
      }
    }
  })

  return [
    law("H2", "the token, echoed in headers alone, is in nothing that comes of it", expectSilence([""])),

    ...echoes.map(([how, echo]) =>
      law("H2", `the token, echoed in ${how}, is in nothing that comes of it`, expectSilence([echo(token)])),
    ),

    law(
      "H2",
      "nor is it where the vendor's own bodies echo it",
      expectSilence([
        ...attacked.bodies({ some: token, other: token, text: token }),
        ...attacked.bodies({ some: [token], other: { [token]: token, nested: { token } }, text: `no: ${token}` }),
        ...attacked.bodies({ some: { message: token }, other: [[token]], text: `a.${token}` }),
      ]),
    ),

    law(
      "H2",
      "the token is in nothing that can be reached from the client and the driver",
      Effect.map(attacked.opened, (opened) => expect(Secrets.find(token, opened)).toBe(undefined)),
    ),
  ]
}
