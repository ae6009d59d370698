/** A vendor, or a proxy on the way to it, that redirects requests elsewhere. */
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Attack, law } from "./attack.ts"
import { type AttackedAdapter, reasonTags } from "./attackedAdapter.ts"

export const redirectAttacks = (attacked: AttackedAdapter): ReadonlyArray<Attack> => {
  const { host } = new URL(attacked.origin)
  const locations = ["https://elsewhere.example/", "//elsewhere.example/", "/elsewhere", `https://eu1.${host}/`]
  return [301, 302, 303, 307, 308].map((status) =>
    law(
      "H3",
      `a ${status} is an answer, and no operation follows it`,
      Effect.gen(function* () {
        for (const location of locations) {
          for (const outcome of yield* attacked.outcomes({ status, headers: { location } })) {
            const input = `${outcome.name}, to ${location}`
            expect(
              outcome.requests.map(({ url }) => new URL(url).origin),
              input,
            ).toEqual([attacked.origin])
            expect(reasonTags(outcome), input).toEqual(["UnexpectedResponse"])
          }
        }
      }),
    ),
  )
}
