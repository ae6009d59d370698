/** A 403 that is about the token: by what it says, and by what the token could do before. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import type * as VendorClient from "../src/http/VendorClient.ts"
import * as Reason from "../src/model/Reason.ts"
import { answer, authorization, list, make, start } from "./support/acmeClient.ts"

/** A vault that returns another token each time; the last one again and again. */
const vault = (...tokens: ReadonlyArray<string>) => {
  let reads = 0
  return Effect.sync(() => Redacted.make(tokens[Math.min(reads++, tokens.length - 1)] ?? ""))
}

const classify = ({ status, text }: { readonly status: number; readonly text: string }) =>
  status < 300 ? undefined : { reason: new Reason.PermissionDenied(), isVendorsForm: true, text }

const refusals = [
  "Token has expired",
  "The access token was revoked",
  "jwt expired",
  "Your session is no longer valid",
  "expired credentials",
]

describe("a 403 that says that the token is over", () => {
  it.effect.each(refusals)("W3: %s: the token is read again, and the request sent once more", (text) =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(
        (request) =>
          Effect.succeed(authorization(request) === "Bearer new" ? answer(200, '{"id":"r"}') : answer(403, text)),
        { token: vault("old", "new"), classify },
      )
      expect(yield* client.call({ ...start, answer: list.answer })).toEqual({ id: "r" })
      expect(sent.map(authorization)).toEqual(["Bearer old", "Bearer new"])
    }),
  )

  it.effect("W3: it fails with Unauthenticated where no other token helps, after two requests", () =>
    Effect.gen(function* () {
      for (const token of [Redacted.make("old"), vault("old", "older")]) {
        const { client } = yield* make(() => Effect.succeed(answer(403, "Token has expired")), { token, classify })
        const error = yield* Effect.flip(client.call(list))
        expect(error).toMatchObject({ reason: { _tag: "Unauthenticated" }, delivery: "refused" })
        expect(error.attempts).toBe(Redacted.isRedacted(token) ? 1 : 2)
      }
    }),
  )

  it.effect.each(["You may not do that", "Your subscription has expired", "This key has no scope for it", ""])(
    "W3: %j is about a permission",
    (text) =>
      Effect.gen(function* () {
        const { client, sent } = yield* make(() => Effect.succeed(answer(403, text)), {
          token: vault("a", "b"),
          classify,
        })
        expect(yield* Effect.flip(client.call(list))).toMatchObject({
          reason: { _tag: "PermissionDenied" },
          attempts: 1,
        })
        expect(sent).toHaveLength(1)
      }),
  )
})

describe("a 403 of an operation that has succeeded with the token", () => {
  const later = Effect.fnUntraced(function* (
    source: Effect.Effect<Redacted.Redacted>,
    call: VendorClient.Call<unknown>,
  ) {
    let isOver = false
    const { client, sent } = yield* make(
      (request) =>
        Effect.succeed(
          isOver && authorization(request) === "Bearer old" ? answer(403, "Forbidden") : answer(200, '{"id":"r"}'),
        ),
      { token: source, classify },
    )
    yield* client.call(list)
    isOver = true
    return { result: yield* Effect.result(client.call(call)), sent }
  })

  it.effect("W3: the token is read again, and the request sent once more where it differs", () =>
    Effect.gen(function* () {
      const { result, sent } = yield* later(vault("old", "new"), list)
      expect(result._tag).toBe("Success")
      expect(sent.map(authorization)).toEqual(["Bearer old", "Bearer old", "Bearer new"])
    }),
  )

  it.effect("W3: the same token is not sent again, and another operation is about its permission", () =>
    Effect.gen(function* () {
      const same = yield* later(vault("old"), list)
      expect(same.result).toMatchObject({ _tag: "Failure", failure: { reason: { _tag: "PermissionDenied" } } })
      expect(same.sent).toHaveLength(2)
      const other = yield* later(vault("old", "new"), start)
      expect(other.result).toMatchObject({ _tag: "Failure", failure: { reason: { _tag: "PermissionDenied" } } })
      expect(other.sent).toHaveLength(2)
    }),
  )

  it.effect(
    "W3: each operation that has succeeded is remembered, and a refusal for another reason is not about the token",
    () =>
      Effect.gen(function* () {
        let refused = new Set<string>()
        const { client, sent } = yield* make(
          (request) =>
            Effect.succeed(
              refused.has(request.method) && authorization(request) === "Bearer old"
                ? answer(403, "Forbidden")
                : answer(200, '{"id":"r"}'),
            ),
          {
            token: vault("old", "new"),
            classify: (found) =>
              found.status === 403 && found.operation === "start"
                ? { reason: new Reason.Conflict(), isVendorsForm: true }
                : classify(found),
          },
        )
        yield* client.call(list)
        yield* client.call(start)
        refused = new Set(["GET", "POST"])
        expect(yield* Effect.flip(client.call(start))).toMatchObject({ reason: { _tag: "Conflict" }, attempts: 1 })
        expect(yield* client.call(list)).toEqual({ id: "r" })
        expect(sent.map(authorization).slice(2)).toEqual(["Bearer old", "Bearer old", "Bearer new"])
      }),
  )
})
