import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import type { Driver } from "@openretl/core/Driver"
import { RetlError } from "@openretl/core/RetlError"
import { Cause, Effect, Exit, Schema } from "effect"
import * as Zeotap from "../src/Zeotap.ts"
import { workspaceId } from "./fixtures.ts"
import { type Answer, client, recording, token } from "./recordingTransport.ts"

const everything = (driver: Driver, id: string, run: string): ReadonlyArray<Effect.Effect<unknown, RetlError>> => {
  const sync = { sync: id }
  return [
    driver.runs.start(sync, {}),
    driver.runs.get(sync, run),
    driver.runs.list(sync, {}),
    driver.runs.list(sync, { cursor: "2~run-1" }),
    driver.runs.ownSchedule?.(sync) ?? Effect.die("no section"),
    driver.check(sync),
    driver.check(),
  ]
}

/** How each operation ended over a transport with this one answer. */
const outcomes = Effect.fnUntraced(function* (answer: Answer, sync = "sync-1", run = "run-1") {
  const transport = recording(answer)
  const driver = Zeotap.driver(yield* client(transport))
  const exits = yield* Effect.forEach(everything(driver, sync, run), Effect.exit)
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
  it.effect.prop("never change the origin or the path, or are refused unsent", { sync: ids, run: ids }, (given) =>
    Effect.gen(function* () {
      const { requests } = yield* outcomes({ body: {} }, given.sync, given.run)
      const allowed = [
        ["syncs", given.sync],
        ["syncs", given.sync, "trigger"],
        ["syncs", given.sync, "runs"],
        ["syncs", given.sync, "runs", given.run],
        [],
      ].map((path) => JSON.stringify(["api", "v1", "workspaces", workspaceId, ...path]))
      for (const { url, headers } of requests) {
        const { origin, pathname, hash } = new URL(url)
        expect(origin).toBe("https://composable.zeotap.com")
        expect(hash).toBe("")
        expect(allowed).toContain(JSON.stringify(pathname.slice(1).split("/").map(decodeURIComponent)))
        expect(headers["x-workspace-id"]).toBe(workspaceId)
      }
    }),
  )

  it.effect.each(["", ".", "..", "\ud800"])("%j cannot stand in a path: refused, and nothing is sent", (id) =>
    Effect.gen(function* () {
      const { exits, requests } = yield* outcomes({ body: {} }, id)
      expect(requests.map(({ url }) => url)).toEqual([`https://composable.zeotap.com/api/v1/workspaces/${workspaceId}`])
      for (const exit of exits.slice(0, -1)) {
        expect(shown(exit)).toContain("InvalidRequest")
        expect(isTyped(exit)).toBe(true)
      }
    }),
  )
})

const statuses = Schema.Union([
  Schema.Literals([200, 201, 204, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503]),
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
        const run = {
          id: text,
          status: text,
          started_at: some,
          completed_at: other,
          rows_synced: some,
          rows_failed: other,
        }
        const sync = { schedule: some, last_run_id: other, name: some }
        const bodies = [
          { ...run, ...sync, error: some, data: [run, other], pagination: { page: some, total: other } },
          { ...run, ...sync, id: "run-1", error: text, data: [run], pagination: some },
          [run, { ...run, id: "run-1" }],
          [run, some],
        ]
        for (const body of bodies) {
          const { exits } = yield* outcomes({ status, body: JSON.stringify(body) })
          expect(exits.every(isTyped)).toBe(true)
        }
      }),
  )

  it.effect("deeply nested JSON does, too", () =>
    Effect.gen(function* () {
      const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`
      for (const body of [nested, `{"error":${nested}}`, `{"data":${nested},"id":"run-1","schedule":${nested}}`]) {
        for (const status of [200, 400]) {
          const { exits } = yield* outcomes({ status, body })
          expect(exits.every(isTyped)).toBe(true)
        }
      }
    }),
  )

  it.effect("a text without end does, in no time", () =>
    Effect.gen(function* () {
      for (const word of ["invalid ", "sync ", "malformed_", "already ", "\n"]) {
        const body = { error: word.repeat(500_000) }
        const { exits } = yield* outcomes({ status: 400, body })
        expect(exits.every(isTyped)).toBe(true)
      }
    }),
  )
})

describe("H2: the token", () => {
  const echoes: ReadonlyArray<Answer> = [
    { status: 401, body: { error: `Invalid token ${token}` } },
    { status: 400, body: { error: token } },
    { status: 403, body: `Bearer ${token}` },
    { status: 500, body: { error: token } },
    { status: 429, headers: { "retry-after": token, date: token } },
    { status: 302, headers: { location: `https://evil.example/?token=${token}` } },
    { body: { id: [token], data: token, status: [token] } },
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
      expect(shown(Zeotap.driver(made))).not.toContain(token)
    }),
  )
})

describe("H3: a redirect", () => {
  it.effect.each([301, 302, 303, 307, 308])("%s is an answer that is not followed", (status) =>
    Effect.gen(function* () {
      const { exits, requests } = yield* outcomes({ status, headers: { location: "https://evil.example/" } })
      expect(requests).toHaveLength(exits.length)
      expect(requests.every(({ url }) => url.startsWith("https://composable.zeotap.com/"))).toBe(true)
      for (const exit of exits) expect(shown(exit)).toContain("UnexpectedResponse")
    }),
  )
})
