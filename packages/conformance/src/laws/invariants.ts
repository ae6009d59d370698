/** What holds at the end of every law, whatever it was about. */

import type { Operation } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import type { Setup } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import type { Listener } from "../testbed/listener.ts"
import * as Secrets from "../testbed/secrets.ts"
import { isWrite } from "../testbed/wire.ts"

const always: ReadonlyArray<Operation> = ["start", "cancel"]
const changes: ReadonlyArray<Operation> = ["create", "update", "delete"]

export const check = Effect.fnUntraced(function* (testbed: Testbed, setup: Setup, listener: Listener) {
  const { emulator, wire } = testbed
  const tokens = listener.tokens
  for (const { request } of wire.seen) {
    expect(new URL(request.url).origin, "H1, L4: every request goes to the vendor").toBe(emulator.baseUrl)
    expect(request.maxBytes, "H4: every body is bounded").toBeLessThanOrEqual(64 * 1024 * 1024)
    for (const token of tokens) {
      expect(request.url.includes(token) || request.body?.includes(token), "H2: no token in a URL or a body").not.toBe(
        true,
      )
      const open = Object.entries(request.headers).filter(
        ([, value]) => !Redacted.isRedacted(value) && value.includes(token),
      )
      expect(open, "H2: a header with the token is redacted").toEqual([])
    }
  }

  const calls = yield* emulator.calls
  const writes = calls.filter(({ method }) => method !== "GET")
  const mayWrite = setup.configuration === "changed" ? [...always, ...changes] : always
  const others = writes.filter(({ operation }) => !mayWrite.includes(operation))
  expect(
    others.map(({ method, path }) => `${method} ${path}`),
    `T7, A4: nothing is written but ${mayWrite.join(", ")}`,
  ).toEqual([])
  expect(wire.seen.filter(({ request }) => isWrite(request)).length, "T7").toBeGreaterThanOrEqual(writes.length)

  if (setup.isCrowded !== true) expect(yield* emulator.overLimit, "B1: no limit is broken").toBe(0)

  for (const token of tokens) {
    expect(Secrets.find(token, testbed.ends), "H2: no token in a result or an error").toBe(undefined)
    expect(Secrets.find(token, listener.heard), "H2: no token in a log or a span").toBe(undefined)
  }
})
