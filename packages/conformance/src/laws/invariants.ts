/** What holds at the end of every law, besides what the law itself checks. */
import type { Operation } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import type { Setup } from "../Setup.ts"
import * as Telemetry from "../Telemetry.ts"
import type { Testbed } from "../Testbed.ts"
import { type Listener, plantedRow } from "../testbed/listener.ts"
import * as Secrets from "../testbed/secrets.ts"
import { isWrite } from "../testbed/wire.ts"
import { expectWithinLimits } from "./withinLimits.ts"

const runWrites: ReadonlyArray<Operation> = ["start", "cancel"]
const configurationWrites: ReadonlyArray<Operation> = ["create", "update", "delete"]

/** Dies when the law broke an invariant. */
export const check = Effect.fnUntraced(function* (testbed: Testbed, setup: Setup, listener: Listener) {
  const { emulator, wire } = testbed
  // A short one is a word of a law that is about that.
  const tokens = listener.tokens.filter(({ length }) => length >= 16)
  const requests = wire.sent.map(({ request }) => request)
  const elsewhere = requests.map(({ url }) => url).filter((url) => new URL(url).origin !== emulator.baseUrl)
  expect(elsewhere, "H1, L4: every request goes to the vendor").toEqual([])
  const sizes = requests.map(({ maxBytes }) => maxBytes)
  expect(Math.max(0, ...sizes), "H4: every body has a maximum size").toBeLessThanOrEqual(64 * 1024 * 1024)
  for (const token of tokens) {
    const shown = requests.filter(({ url, body }) => url.includes(token) || body?.includes(token))
    expect(shown.length, "H2: no token in a URL or a body").toBe(0)
    const unredacted = requests.flatMap(({ headers }) =>
      Object.entries(headers).filter(([, value]) => !Redacted.isRedacted(value) && value.includes(token)),
    )
    expect(unredacted.length, "H2: every header with the token is redacted").toBe(0)
  }

  const writes = yield* testbed.writes
  const allowed = setup.configuration === "changed" ? [...runWrites, ...configurationWrites] : runWrites
  const others = writes.filter(({ operation }) => !allowed.includes(operation))
  expect(
    others.map(({ method, path }) => `${method} ${path}`),
    `T7, A4: no write but ${allowed.join(", ")}`,
  ).toEqual([])
  const sentWrites = wire.sent.filter(({ request }) => isWrite(request))
  expect(sentWrites.length, "T7: every write went over the wire").toBeGreaterThanOrEqual(writes.length)

  if (setup.isCrowded !== true) yield* expectWithinLimits(testbed)

  expect(Telemetry.problems(listener.emitted()), "O1: what was emitted is in the contract").toEqual([])

  const { spans, series } = listener.emitted()
  // A law may have deleted the testbed's sync, and its runs with it.
  const runs = yield* Effect.catchDefect(testbed.actualRuns, () => Effect.succeed([]))
  const ids = [...Object.values(testbed.ids), ...runs.map(({ id }) => id)]
  const bounded = [...spans.map(({ name }) => name), ...series.flatMap(({ attributes }) => Object.values(attributes))]
  const shownIds = ids.filter((id) => id.length >= 6 && bounded.some((text) => String(text).includes(id)))
  expect(shownIds, "O1: no id in the name of a span, or in a series").toEqual([])
  const secrets = [...tokens, ...plantedRow.split(/ (?=\+)/)]
  const emitted = [listener.records, series]
  expect(Secrets.find(secrets, emitted), "O1, H2: no token and no row in a log, a span or a metric").toBe(undefined)
  expect(Secrets.find(tokens, testbed.exits), "H2: no token in a result or an error").toBe(undefined)
})
