import * as Refusal from "@openretl/conformance/Refusal"
import * as Reason from "@openretl/core/Reason"
import { Effect, Redacted } from "effect"
import { expect, it } from "vitest"
import * as Acme from "./acme.ts"

const token = "sk-4f9a1c"
const wrong = { name: "prod eu", token: Redacted.make(token), rateLimitShare: 2 }

it("a refusal tells what is wrong", async () => {
  const { paths, error } = await Effect.runPromise(Refusal.of(Acme.workspace(wrong), token))
  expect(paths).toEqual(["name", "rateLimitShare"])
  expect(error.vendor).toBe("acme")
})

const client = Acme.client({ name: "prod", token: Redacted.make(token) })

it.each<readonly [string, Effect.Effect<unknown, unknown>]>([
  ["it is not refused", client],
  ["nothing is sent", Effect.flatMap(client, (http) => Acme.driver(http).check())],
  ["expected a RetlError", Effect.fail("no")],
  ["the token is not shown", Effect.fail({ token })],
  [
    "refused as NotFound",
    Effect.mapError(Acme.client(wrong), (error) => error.with({ reason: new Reason.NotFound({ what: "sync" }) })),
  ],
])("breaks the test: %s", async (message, attempt) => {
  await expect(Effect.runPromise(Refusal.of(attempt, token))).rejects.toThrow(message)
})
