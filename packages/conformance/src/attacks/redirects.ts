/** A vendor, or something on the way to it, that sends requests elsewhere. */
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Attack, law } from "./attack.ts"
import { type Attacked, reasons } from "./attackedAdapter.ts"

export const redirects = (attacked: Attacked): ReadonlyArray<Attack> => {
  const { host } = new URL(attacked.origin)
  const locations = ["https://elsewhere.example/", "//elsewhere.example/", "/elsewhere", `https://eu1.${host}/`]
  return [301, 302, 303, 307, 308].map((status) =>
    law(
      "H3",
      `a ${status} is an answer, never followed`,
      Effect.gen(function* () {
        for (const location of locations) {
          for (const outcome of yield* attacked.outcomes({ status, headers: { location } })) {
            const what = `${outcome.name}, to ${location}`
            expect(
              outcome.requests.map(({ url }) => new URL(url).origin),
              what,
            ).toEqual([attacked.origin])
            expect(reasons(outcome), what).toEqual(["UnexpectedResponse"])
          }
        }
      }),
    ),
  )
}
