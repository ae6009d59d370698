import * as Refusal from "@openretl/conformance/Refusal"
import * as Reason from "@openretl/core/Reason"
import { Effect, Redacted } from "effect"
import { expect, it } from "vitest"
import * as Acme from "./acme.ts"

const token = "sk-4f9a1c"
const invalidOptions = {
  name: "prod eu",
  token: Redacted.make(token),
  rateLimitShare: 2,
  defaultScope: "full",
} as const

it("a refusal names every wrong field", async () => {
  const { paths, error } = await Effect.runPromise(Refusal.of(Acme.workspace(invalidOptions), token))
  expect(paths).toEqual(["name", "rateLimitShare"])
  expect(error.vendor).toBe("acme")
})

const client = Acme.client({ name: "prod", token: Redacted.make(token), defaultScope: "full" })

it.each<readonly [string, Effect.Effect<unknown, unknown>]>([
  ["the attempt is not refused", client],
  ["the attempt sends no request", Effect.flatMap(client, (http) => Acme.driver(http).check())],
  ["expected a RetlError", Effect.fail("no")],
  ["the error does not show the token", Effect.fail({ token })],
  [
    "the attempt is refused as NotFound",
    Effect.mapError(Acme.client(invalidOptions), (error) =>
      error.with({ reason: new Reason.NotFound({ what: "sync" }) }),
    ),
  ],
])("an attempt that is refused wrongly fails its test: %s", async (message, attempt) => {
  await expect(Effect.runPromise(Refusal.of(attempt, token))).rejects.toThrow(message)
})
