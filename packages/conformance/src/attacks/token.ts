/** A vendor that echoes the token in every part of an answer that can contain it. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { expect } from "vitest"
import { tokenEchoes } from "../hostile/tokenEchoes.ts"
import { tokenForms } from "../hostile/tokenForms.ts"
import * as Listener from "../testbed/listener.ts"
import * as Secrets from "../testbed/secrets.ts"
import { type Attack, law } from "./attack.ts"
import { type AttackedAdapter, errors, type Outcome } from "./attackedAdapter.ts"

const statuses = [200, 302, 400, 401, 403, 404, 409, 422, 429, 500]

export const tokenAttacks = (attacked: AttackedAdapter): ReadonlyArray<Attack> => {
  const { token } = attacked
  const headers = Object.fromEntries(
    ["retry-after", "date", "x-request-id", "x-ratelimit-reset", "x-vendor-message"].map((name) => [name, token]),
  )

  /**
   * Expects that no error, log line or span has the token, for these bodies with any status. `echoes` are the other forms
   * of the token that none may have. What a success returns is as the vendor sent it.
   */
  const expectNoToken = Effect.fnUntraced(function* (
    bodies: ReadonlyArray<unknown>,
    echoes: ReadonlyArray<string> = [],
    someStatuses: ReadonlyArray<number> = statuses,
  ) {
    const secrets = [token, ...echoes]
    const listener = Listener.make()
    for (const status of someStatuses) {
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
          if (Exit.isFailure(exit))
            expect(Secrets.find(secrets, exit), `${name}, ${input}: the token is in the error`).toBe(undefined)
        }
        expect(Secrets.find(secrets, listener.records), `${input}: the token is in a log or a span`).toBe(undefined)
      }
    }
  })

  return [
    law("H2", "a token that the vendor echoes in headers is in no error, log or span", expectNoToken([""])),

    ...tokenEchoes.map(([kind, echo]) =>
      law("H2", `a token that the vendor echoes in ${kind} is in no error, log or span`, expectNoToken([echo(token)])),
    ),

    law(
      "H2",
      "each form of a token that the vendor echoes is in no error, log or span",
      Effect.forEach(Object.values(tokenForms), (form, index) => {
        const echo = form(token)
        const bodies = attacked.bodies({ some: echo, other: { message: `no: ${echo}` }, text: echo })
        return expectNoToken([bodies[index % bodies.length]], [echo], [400, 403])
      }),
    ),

    law("H5", "the token changes nothing that is read and decided, whatever words it has", expectSameReads(attacked)),

    law(
      "H2",
      "a token that the vendor echoes in its usual bodies is in no error, log or span",
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

/** What an operation read and decided: its value, or why it failed. */
const decisionOf = ({ name, exit }: Outcome): unknown => {
  if (Exit.isSuccess(exit)) return [name, exit.value]
  return [
    name,
    ...errors(exit).map(({ reason, delivery, evidence }) => {
      const { _tag, state, what } = { state: undefined, what: undefined, ...reason }
      return [_tag, state, what, delivery, evidence.status]
    }),
  ]
}

/** Expects that every operation ends with a word of the answer as its token as it does with another token. */
const expectSameReads = Effect.fnUntraced(function* (attacked: AttackedAdapter) {
  const parts = { some: "running", other: [{ id: "sync", error: "the sync is disabled" }], text: "sync already test" }
  for (const body of attacked.bodies(parts)) {
    const words = new Set(JSON.stringify(body).match(/[\w"{:]+|[a-z]/gi) ?? [])
    for (const status of [200, 403]) {
      const usual = (yield* attacked.outcomes({ status, body })).map(decisionOf)
      for (const word of words) {
        const outcomes = (yield* attacked.outcomes({ status, body }, {}, word)).map(decisionOf)
        expect(outcomes, `HTTP ${status}, ${JSON.stringify(body)}, with the token ${word}`).toEqual(usual)
      }
    }
  }
})
