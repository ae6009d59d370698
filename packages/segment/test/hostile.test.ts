import { describe, expect, it } from "@effect/vitest"
import type { Driver } from "@openretl/core/Driver"
import type { RetlError } from "@openretl/core/RetlError"
import { Cause, Effect, Exit, Schema } from "effect"
import * as Segment from "../src/Segment.ts"
import { id, isTyped, nested, shown } from "./hostile.ts"
import { type Answer, client, recording, token } from "./recordingTransport.ts"

interface Ids {
  readonly source: string
  readonly model: string
  readonly subscription: string
  readonly run: string
  readonly cursor: string
}

const plain: Ids = { source: "src", model: "mod", subscription: "sub", run: "1", cursor: "MA==" }

const everything = (
  driver: Driver,
  { run, cursor, ...sync }: Ids,
): ReadonlyArray<Effect.Effect<unknown, RetlError>> => [
  driver.runs.start(sync, {}),
  driver.runs.get(sync, run),
  driver.runs.list(sync, { cursor }),
  driver.cancelling?.cancel(sync, run) ?? Effect.die("no section"),
  driver.check(sync),
  driver.check(),
]

/** How each operation ended over a transport with this one answer. */
const outcomes = Effect.fnUntraced(function* (answer: Answer, ids: Ids = plain) {
  const transport = recording(answer)
  const driver = Segment.driver(yield* client(transport))
  const exits = yield* Effect.forEach(everything(driver, ids), Effect.exit)
  return { exits, requests: transport.requests }
})

describe("H1: ids", () => {
  it.effect.prop(
    "never change the origin or the path, or are refused unsent",
    { source: id, model: id, subscription: id, run: id, cursor: id },
    (given) =>
      Effect.gen(function* () {
        const { exits, requests } = yield* outcomes({ body: {} }, given)
        expect(exits.every(isTyped)).toBe(true)
        const { model, subscription, run } = given
        const allowed = [
          ["reverse-etl-syncs"],
          ["reverse-etl-models", model, "syncs", run],
          ["reverse-etl-models", model, "subscriptionId", subscription, "syncs"],
          ["reverse-etl-models", model, "syncs", run, "cancel"],
          [""],
        ].map((path) => JSON.stringify(path))
        for (const { url } of requests) {
          const { origin, pathname, hash, searchParams } = new URL(url)
          expect(origin).toBe("https://api.segmentapis.com")
          expect(hash).toBe("")
          expect(allowed).toContain(JSON.stringify(pathname.slice(1).split("/").map(decodeURIComponent)))
          expect([null, given.cursor]).toContain(searchParams.get("cursor"))
          expect([...searchParams.keys()].every((name) => name === "count" || name === "cursor")).toBe(true)
        }
      }),
  )

  it.effect.each(["", ".", "..", "\ud800"])("%j cannot stand in a path: refused, and nothing is sent", (bad) =>
    Effect.gen(function* () {
      const { exits, requests } = yield* outcomes({ body: {} }, { ...plain, model: bad })
      const paths = requests.map(({ url }) => new URL(url).pathname)
      // Dots are fine in a body, where a start has its ids.
      expect(paths).toEqual(bad.startsWith(".") ? ["/reverse-etl-syncs", "/"] : ["/"])
      for (const exit of exits.slice(1, -1)) {
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
  const headers = Schema.Record(
    Schema.Literals(["retry-after", "date", "x-request-id", "x-ratelimit-reset"]),
    Schema.String,
  )

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
          syncStatus: text,
          startedAt: some,
          finishedAt: other,
          error: text,
          errorCode: some,
          extractPhase: { extractCount: some, errorCode: text },
          loadPhase: { deliverSuccessCount: some, deliverFailureCount: other, errorCode: other },
        }
        const body = {
          data: {
            reverseETLManualSync: { syncId: text, startedAt: some },
            reverseETLSyncStatus: run,
            syncStatuses: [{ syncId: text, ...run }],
            pagination: { next: text, totalEntries: other },
            workspace: { id: text, name: some },
            errorCode: text,
            errorMessage: other,
          },
          errors: [some, { type: text, message: text, field: text, data: { msBeforeNext: other } }, other],
        }
        const { exits } = yield* outcomes({ status, body: JSON.stringify(body) })
        expect(exits.every(isTyped)).toBe(true)
      }),
  )

  it.effect("deeply nested JSON does, too", () =>
    Effect.gen(function* () {
      for (const body of [
        nested,
        `{"data":${nested}}`,
        `{"errors":${nested}}`,
        `{"data":{"syncStatuses":${nested},"pagination":${nested},"reverseETLSyncStatus":{"loadPhase":${nested}}}}`,
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
    { status: 401, body: { errors: [{ type: token, message: `Invalid token ${token}`, field: token, data: token }] } },
    { status: 422, body: { errors: [{ type: token, message: token, field: `a.${token}` }] } },
    { status: 403, body: `Bearer ${token}` },
    { status: 500, body: { message: token } },
    { status: 429, headers: { "retry-after": token, date: token, "x-ratelimit-reset": token } },
    { status: 302, headers: { location: `https://evil.example/?token=${token}` } },
    { body: { data: { errorCode: token, errorMessage: token, syncStatuses: token, workspace: [token] } } },
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
      expect(shown(Segment.driver(made))).not.toContain(token)
    }),
  )
})

describe("H3: a redirect", () => {
  it.effect.each([301, 302, 303, 307, 308])("%s is an answer that is not followed", (status) =>
    Effect.gen(function* () {
      // To the other region, where a client of the vendor's own would follow.
      const { exits, requests } = yield* outcomes({ status, headers: { location: "https://eu1.api.segmentapis.com/" } })
      expect(requests).toHaveLength(exits.length)
      expect(requests.every(({ url }) => url.startsWith("https://api.segmentapis.com/"))).toBe(true)
      for (const exit of exits) expect(shown(exit)).toContain("UnexpectedResponse")
    }),
  )
})
