/** Ids that are made to change where a request goes. */

import type { Request } from "@openretl/core/Transport"
import * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { expect } from "vitest"
import { hostileIds } from "../hostile/ids.ts"
import { type Attack, forAll, law } from "./attack.ts"
import { type Attacked, expectTyped, expectUnsent, type Ids, type Outcome, reasons } from "./attackedAdapter.ts"

const answer = { body: {} }

export const ids = (attacked: Attacked): ReadonlyArray<Attack> => {
  const names = Object.keys(attacked.ids)
  const plain = attacked.outcomes(answer)
  const all = (id: string): Ids => Object.fromEntries(names.map((name) => [name, id]))

  /** Every operation with these ids sends what it sends for ordinary ones, but for the ids, or nothing. */
  const expectSteady = Effect.fnUntraced(function* (usual: ReadonlyArray<Outcome>, given: Ids) {
    const outcomes = yield* attacked.outcomes(answer, given)
    const filled = filler(attacked.ids, { ...attacked.ids, ...given })
    const what = shown(given)
    for (const [index, outcome] of outcomes.entries()) {
      expectTyped(outcome)
      const [sent, ...more] = outcome.requests
      if (sent === undefined) {
        expectUnsent(outcome, what)
        continue
      }
      expect(more, `${outcome.name}, ${what}: one request`).toEqual([])
      const expected = placed(usual[index]?.requests[0] ?? sent, filled)
      const { query, ...rest } = placed(sent)
      expect({ ...rest, query: expected.query }, `${outcome.name}, ${what}`).toEqual(expected)
      // A part of the query may be left out.
      for (const pair of query) expect(expected.query, `${outcome.name}, ${what}`).toContainEqual(pair)
    }
  })

  return [
    law(
      "H1, H5",
      "with ordinary ids, every operation sends one request, to the vendor, and every id is in one",
      Effect.map(plain, (outcomes) => {
        for (const outcome of outcomes) {
          expectTyped(outcome)
          const origins = outcome.requests.map(({ url }) => new URL(url).origin)
          expect(origins, `${outcome.name}: where its request goes`).toEqual([attacked.origin])
        }
        const sent = outcomes.flatMap(({ requests }) => requests.map((one) => JSON.stringify([placed(one), one.body])))
        const idle = names.filter((name) => !sent.some((text) => text.includes(attacked.ids[name] ?? "")))
        expect(idle, "ids that are in no request").toEqual([])
      }),
    ),

    law(
      "H1",
      "no hostile id changes where a request goes: it is encoded, or refused unsent",
      Effect.gen(function* () {
        const usual = yield* plain
        for (const id of hostileIds) {
          yield* expectSteady(usual, all(id))
          for (const name of names) yield* expectSteady(usual, { [name]: id })
        }
      }),
    ),

    law(
      "H1",
      "nor do any ids",
      Effect.flatMap(plain, (usual) => forAll(anyIds(names), attacked.sampling, (given) => expectSteady(usual, given))),
    ),

    law(
      "H1",
      "an id that cannot stand in a path is refused, and nothing is sent",
      Effect.gen(function* () {
        const usual = yield* plain
        for (const [name, ordinary] of Object.entries(attacked.ids)) {
          for (const bad of ["", ".", "..", "\ud800"]) {
            const given = { [name]: bad }
            const outcomes = yield* attacked.outcomes(answer, given)
            for (const [index, outcome] of outcomes.entries()) {
              const sent = usual[index]?.requests[0]
              // Dots are fine in a body.
              const isRefused =
                sent !== undefined &&
                (placed(sent).path.some((part) => part.includes(ordinary)) ||
                  (!bad.startsWith(".") && sent.body?.includes(ordinary) === true))
              if (!isRefused) continue
              expectUnsent(outcome, shown(given))
              expect(reasons(outcome), `${outcome.name}, ${shown(given)}`).toEqual(["InvalidRequest"])
            }
          }
        }
      }),
    ),
  ]
}

const anyIds = (names: ReadonlyArray<string>): Arbitrary.Arbitrary<Ids> => {
  const id = Arbitrary.schema(Schema.Union([Schema.Literals(hostileIds), Schema.String]))
  return Arbitrary.all(Object.fromEntries(names.map((name) => [name, id])))
}

/** Puts the given ids where the ordinary ones stand. */
const filler = (ordinary: Ids, given: Ids): ((text: string) => string) => {
  const fill = (text: string, [name, ...others]: ReadonlyArray<string>): string =>
    name === undefined
      ? text
      : text
          .split(ordinary[name] ?? "")
          .map((part) => fill(part, others))
          .join(given[name] ?? "")
  return (text) => fill(text, Object.keys(ordinary))
}

/** Where a request goes, and with what, decoded; the text of each part is changed by `filled`. */
const placed = (request: Request, filled: (text: string) => string = (text) => text) => {
  const { method, headers } = RecordingTransport.onTheWire(request)
  const { origin, pathname, searchParams, hash, username, password } = new URL(request.url)
  return {
    method,
    origin,
    user: username + password,
    path: pathname.slice(1).split("/").map(decoded).map(filled),
    query: Array.from(searchParams, ([name, value]) => [name, filled(value)]),
    hash,
    headers: Object.entries(headers).map(([name, value]) => [name, filled(value)]),
  }
}

const decoded = (part: string): string =>
  Result.getOrElse(
    Result.try(() => decodeURIComponent(part)),
    () => part,
  )

const shown = (ids: Ids): string => JSON.stringify(ids).slice(0, 500)
