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
import {
  type AttackedAdapter,
  expectTypedEnd,
  expectUnsent,
  type Ids,
  type Outcome,
  reasonTags,
} from "./attackedAdapter.ts"

const answer = { body: {} }

export const idAttacks = (attacked: AttackedAdapter): ReadonlyArray<Attack> => {
  const names = Object.keys(attacked.ids)
  const ordinaryOutcomes = attacked.outcomes(answer)
  const everyName = (id: string): Ids => Object.fromEntries(names.map((name) => [name, id]))

  /** Expects that every operation sends nothing, or the request of the ordinary ids with these ids in their place. */
  const expectSameRequests = Effect.fnUntraced(function* (ordinary: ReadonlyArray<Outcome>, ids: Ids) {
    const outcomes = yield* attacked.outcomes(answer, ids)
    const withIds = replacerOf(attacked.ids, { ...attacked.ids, ...ids })
    const input = shortText(ids)
    for (const [index, outcome] of outcomes.entries()) {
      expectTypedEnd(outcome)
      const [request, ...more] = outcome.requests
      if (request === undefined) {
        expectUnsent(outcome, input)
        continue
      }
      expect(more, `${outcome.name}, ${input}: one request`).toEqual([])
      const expected = partsOf(ordinary[index]?.requests[0] ?? request, withIds)
      const { query, ...parts } = partsOf(request)
      expect({ ...parts, query: expected.query }, `${outcome.name}, ${input}`).toEqual(expected)
      // An operation may leave a part of the query out.
      for (const pair of query) expect(expected.query, `${outcome.name}, ${input}`).toContainEqual(pair)
    }
  })

  return [
    law(
      "H1, H5",
      "every operation sends one request to the vendor for ordinary ids, and every id is in a request",
      Effect.map(ordinaryOutcomes, (outcomes) => {
        for (const outcome of outcomes) {
          expectTypedEnd(outcome)
          const origins = outcome.requests.map(({ url }) => new URL(url).origin)
          expect(origins, `${outcome.name}: the origin of its request`).toEqual([attacked.origin])
        }
        const requests = outcomes.flatMap((outcome) =>
          outcome.requests.map((request) => JSON.stringify([partsOf(request), request.body])),
        )
        const unused = names.filter((name) => !requests.some((text) => text.includes(attacked.ids[name] ?? "")))
        expect(unused, "ids that are in no request").toEqual([])
      }),
    ),

    law(
      "H1",
      "no hostile id changes where a request goes: it is encoded, or refused before a request",
      Effect.gen(function* () {
        const ordinary = yield* ordinaryOutcomes
        for (const id of hostileIds) {
          yield* expectSameRequests(ordinary, everyName(id))
          for (const name of names) yield* expectSameRequests(ordinary, { [name]: id })
        }
      }),
    ),

    law(
      "H1",
      "no random id changes where a request goes",
      Effect.flatMap(ordinaryOutcomes, (ordinary) =>
        forAll(randomIds(names), attacked.sampling, (ids) => expectSameRequests(ordinary, ids)),
      ),
    ),

    law(
      "H1",
      "an id that no path can hold is refused before a request",
      Effect.gen(function* () {
        const ordinary = yield* ordinaryOutcomes
        for (const [name, ordinaryId] of Object.entries(attacked.ids)) {
          for (const id of ["", ".", "..", "\ud800"]) {
            const ids = { [name]: id }
            const outcomes = yield* attacked.outcomes(answer, ids)
            for (const [index, outcome] of outcomes.entries()) {
              const request = ordinary[index]?.requests[0]
              // A body can hold dots.
              const isRefused =
                request !== undefined &&
                (partsOf(request).path.some((part) => part.includes(ordinaryId)) ||
                  (!id.startsWith(".") && request.body?.includes(ordinaryId) === true))
              if (!isRefused) continue
              expectUnsent(outcome, shortText(ids))
              expect(reasonTags(outcome), `${outcome.name}, ${shortText(ids)}`).toEqual(["InvalidRequest"])
            }
          }
        }
      }),
    ),
  ]
}

const randomIds = (names: ReadonlyArray<string>): Arbitrary.Arbitrary<Ids> => {
  const id = Arbitrary.schema(Schema.Union([Schema.Literals(hostileIds), Schema.String]))
  return Arbitrary.all(Object.fromEntries(names.map((name) => [name, id])))
}

/** Returns a function that replaces each ordinary id in a text by the replacement of the same name. */
const replacerOf = (ordinary: Ids, replacements: Ids): ((text: string) => string) => {
  const replace = (text: string, [name, ...others]: ReadonlyArray<string>): string =>
    name === undefined
      ? text
      : text
          .split(ordinary[name] ?? "")
          .map((part) => replace(part, others))
          .join(replacements[name] ?? "")
  return (text) => replace(text, Object.keys(ordinary))
}

/** Returns the parts of a request that say where it goes, decoded. `change` changes the text of each part. */
const partsOf = (request: Request, change: (text: string) => string = (text) => text) => {
  const { method, headers } = RecordingTransport.onTheWire(request)
  const { origin, pathname, searchParams, hash, username, password } = new URL(request.url)
  return {
    method,
    origin,
    user: username + password,
    path: pathname.slice(1).split("/").map(decoded).map(change),
    query: Array.from(searchParams, ([name, value]) => [name, change(value)]),
    hash,
    headers: Object.entries(headers).map(([name, value]) => [name, change(value)]),
  }
}

const decoded = (part: string): string =>
  Result.getOrElse(
    Result.try(() => decodeURIComponent(part)),
    () => part,
  )

const shortText = (ids: Ids): string => JSON.stringify(ids).slice(0, 500)
