import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import type { Driver } from "@openretl/core/Driver"
import { RetlError } from "@openretl/core/RetlError"
import { Cause, Effect, Exit, Schema } from "effect"
import * as RudderStack from "../src/RudderStack.ts"
import { type Answer, client, recording, token } from "./recordingTransport.ts"

const everything = (
  driver: Driver,
  connection: string,
  run: string,
): ReadonlyArray<Effect.Effect<unknown, RetlError>> => {
  const sync = { connection }
  return [
    driver.runs.start(sync, { scope: "full" }),
    driver.runs.get(sync, run),
    driver.runs.list(sync, {}),
    driver.runs.ownSchedule?.(sync) ?? Effect.die("no section"),
    driver.cancelling?.cancel(sync, run) ?? Effect.die("no section"),
    driver.check(sync),
    driver.check(),
  ]
}

/** How each operation ended over a transport with this one answer. */
const outcomes = Effect.fnUntraced(function* (answer: Answer, connection = "conn-1", run = "run-1") {
  const transport = recording(answer)
  const driver = RudderStack.driver(yield* client(transport))
  const exits = yield* Effect.forEach(everything(driver, connection, run), Effect.exit)
  return { exits, requests: transport.requests }
})

/** Everything in which a value could show itself. */
const shown = (value: unknown): string =>
  [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
    value instanceof Error ? `${value.stack} ${value.message} ${inspect(value.cause)}` : "",
  ].join("\n")

/** Ends as a value or as a `RetlError`; anything else is a defect. */
const isTyped = (exit: Exit.Exit<unknown, RetlError>): boolean =>
  Exit.isSuccess(exit) ||
  exit.cause.reasons.every((reason) => Cause.isFailReason(reason) && reason.error instanceof RetlError)

const nasty = [
  "../",
  "..",
  ".",
  "a/../../b",
  "?x=1",
  "#",
  "a\nHost: evil",
  "%2e%2e",
  "\\..\\",
  "@evil.example",
  "é😀",
  "\u0000",
  " ",
  "//evil.example",
]
const ids = Schema.Union([Schema.Literals(nasty), Schema.String])

describe("H1: ids", () => {
  it.effect.prop("never change the origin or the path, or are refused unsent", { connection: ids, run: ids }, (given) =>
    Effect.gen(function* () {
      const { requests } = yield* outcomes({ body: {} }, given.connection, given.run)
      const allowed = [
        [given.connection],
        [given.connection, "start"],
        [given.connection, "stop"],
        [given.connection, "syncs"],
        [given.connection, "syncs", given.run],
        [],
      ].map((path) => JSON.stringify(["v2", "retl-connections", ...path]))
      for (const { url } of requests) {
        const { origin, pathname, hash } = new URL(url)
        expect(origin).toBe("https://api.rudderstack.com")
        expect(hash).toBe("")
        expect(allowed).toContain(JSON.stringify(pathname.slice(1).split("/").map(decodeURIComponent)))
      }
    }),
  )

  it.effect.each(["", ".", "..", "\ud800"])("%j cannot stand in a path: refused, and nothing is sent", (id) =>
    Effect.gen(function* () {
      const { exits, requests } = yield* outcomes({ body: {} }, id)
      expect(requests.map(({ url }) => url)).toEqual([
        "https://api.rudderstack.com/v2/retl-connections?page=1&pageSize=1",
      ])
      for (const exit of exits.slice(0, -1)) {
        expect(shown(exit)).toContain("InvalidRequest")
        expect(isTyped(exit)).toBe(true)
      }
    }),
  )
})

const statuses = Schema.Union([
  Schema.Literals([200, 204, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503]),
  Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })),
])

describe("H5: whatever is answered", () => {
  const headers = Schema.Record(Schema.Literals(["retry-after", "date", "x-request-id"]), Schema.String)

  it.effect.prop(
    "any bytes end in a value or a RetlError",
    { status: statuses, headers, body: Schema.Uint8Array },
    (answer) =>
      Effect.gen(function* () {
        const { exits, requests } = yield* outcomes(answer)
        expect(exits.every(isTyped)).toBe(true)
        expect(requests).toHaveLength(exits.length)
      }),
  )

  it.effect.prop("so does any JSON", { status: statuses, body: Schema.Json }, ({ status, body }) =>
    Effect.gen(function* () {
      const { exits } = yield* outcomes({ status, body: JSON.stringify(body) })
      expect(exits.every(isTyped)).toBe(true)
    }),
  )

  it.effect.prop(
    "so does JSON of about the right shape",
    { status: statuses, some: Schema.Json, other: Schema.Json, text: Schema.String },
    ({ status, some, other, text }) =>
      Effect.gen(function* () {
        const body = {
          syncId: some,
          id: other,
          status: text,
          error: some,
          message: other,
          details: { [text]: some, other },
          metrics: some,
          syncs: [{ id: text, status: text, startedAt: some, metrics: { succeeded: some, failed: { total: other } } }],
          data: [{ id: text, schedule: some }],
          paging: { next: some, total: other },
        }
        const { exits } = yield* outcomes({ status, body: JSON.stringify(body) })
        expect(exits.every(isTyped)).toBe(true)
      }),
  )

  it.effect("deeply nested JSON does, too", () =>
    Effect.gen(function* () {
      const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`
      for (const body of [
        nested,
        `{"details":${nested}}`,
        `{"metrics":${nested},"status":"running","syncs":${nested}}`,
      ]) {
        for (const status of [200, 400]) {
          const { exits } = yield* outcomes({ status, body })
          expect(exits.every(isTyped)).toBe(true)
        }
      }
    }),
  )
})

describe("H2: the token", () => {
  const echoes: ReadonlyArray<Answer> = [
    { status: 401, body: { error: `Invalid token ${token}`, code: token, details: { token: [token] } } },
    { status: 400, body: { error: "no", details: { [token]: token, nested: { token } } } },
    { status: 403, body: `Bearer ${token}` },
    { status: 500, body: { message: token } },
    { status: 429, headers: { "retry-after": token, date: token } },
    { status: 302, headers: { location: `https://evil.example/?token=${token}` } },
    { body: { syncId: [token], syncs: token, id: token, status: [token] } },
    { body: `not JSON: ${token}` },
  ]

  it.effect.each(echoes)("is in nothing that comes of %j", (answer) =>
    Effect.gen(function* () {
      const { exits } = yield* outcomes(answer)
      expect(exits.some(Exit.isFailure)).toBe(true)
      for (const exit of exits) {
        expect(shown(exit)).not.toContain(token)
        if (Exit.isFailure(exit)) expect(shown(Cause.squash(exit.cause))).not.toContain(token)
      }
    }),
  )

  it.effect("is in neither the client nor the driver", () =>
    Effect.gen(function* () {
      const made = yield* client(recording())
      expect(shown(made)).not.toContain(token)
      expect(shown(RudderStack.driver(made))).not.toContain(token)
    }),
  )
})

describe("H3: a redirect", () => {
  it.effect.each([301, 302, 303, 307, 308])("%s is an answer that is not followed", (status) =>
    Effect.gen(function* () {
      const { exits, requests } = yield* outcomes({ status, headers: { location: "https://evil.example/" } })
      expect(requests).toHaveLength(exits.length)
      expect(requests.every(({ url }) => url.startsWith("https://api.rudderstack.com/"))).toBe(true)
      for (const exit of exits) expect(shown(exit)).toContain("UnexpectedResponse")
    }),
  )
})
